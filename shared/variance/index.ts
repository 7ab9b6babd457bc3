export { varianceByGroup } from './group-variance.ts';
export * from './headline.ts';
export type * from './model.ts';
export { quantile } from './quantile.ts';
export { MEASURED_FROM } from './sample-variance.ts';
export { inspectTasks, type TaskFinding } from './task-tree.ts';
export * from './variance-of.ts';
