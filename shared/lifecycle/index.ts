export * from './run/run-decider.ts';
export * from './run/run-lifecycle.ts';
export type * from './run/run-messages.ts';
export * from './run/run-projection.ts';
