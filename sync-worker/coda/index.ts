export { createAccountBudget, WORKER_LIMITS } from './account-budget.ts';
export * from './await-mutations.ts';
export * from './budget-use.ts';
export * from './http-transport.ts';
export * from './paced-transport.ts';
export { classifyRequest } from './request-class.ts';
export * from './wait.ts';
