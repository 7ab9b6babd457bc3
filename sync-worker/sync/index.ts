export { openTarget, type SyncTarget } from './pull.ts';
export * from './tick.ts';
