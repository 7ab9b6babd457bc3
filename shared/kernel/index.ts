export * from './assert.ts';
export type * from './decider.ts';
export * from './duration.ts';
export * from './errors.ts';
export * from './ids.ts';
export * from './instant.ts';
export * from './machine.ts';
export type * from './ports.ts';
export * from './result.ts';
