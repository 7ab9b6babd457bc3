export * from './await-mutations.ts';
export * from './http-transport.ts';
export * from './paced-transport.ts';
export { classifyRequest } from './request-class.ts';
export { countTaken, createSharedTurns, type SharedTurns } from './shared-turns.ts';
export * from './wait.ts';
