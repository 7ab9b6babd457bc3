export * from './backtest.ts';
export * from './backtest-metrics.ts';
export { BACKTEST_MODELS } from './backtest-models.ts';
export * from './backtest-rows.ts';
export * from './baseline.ts';
export * from './beginning.ts';
export * from './built-in-law.ts';
export { LAST_EDGE_MS, sizeOf } from './built-in-ratios.ts';
export * from './calibration.ts';
export * from './drift.ts';
export type { DriftSide } from './drift-cusum.ts';
export {
  addFinishedTask,
  type DriftHistory,
  EMPTY_HISTORY,
  toDriftHistory,
} from './drift-history.ts';
export type * from './drift-model.ts';
export type { TasksForFactor } from './drift-power.ts';
export type { RankScan } from './drift-scan.ts';
export * from './drift-words.ts';
export * from './earned-value.ts';
export * from './earned-value-of.ts';
export * from './explain.ts';
export * from './forecast/forecast-from.ts';
export * from './forecast/forecast-text.ts';
export * from './forecast/forecaster.ts';
export { learnHistory } from './forecast/learn-history.ts';
export type * from './forecast/model.ts';
export type { GridCounts } from './forecast/recording-grid.ts';
export {
  findExclusion,
  toEstimatedWork,
  varianceByGroup,
  varianceByGroupings,
} from './group-variance.ts';
export * from './headline.ts';
export * from './inspect-sessions.ts';
export * from './model.ts';
export * from './net-effort.ts';
export type { PriorClass, RatioRange } from './prior-classes.ts';
export { quantile } from './quantile.ts';
export * from './records.ts';
export type { EstimatedWork } from './reference-class.ts';
export type { VarianceState } from './sample-variance.ts';
export * from './small-samples.ts';
export { inspectTasks, type TaskFinding, type TaskNode, toTaskTree } from './task-tree.ts';
export * from './variance-of.ts';
export * from './work-report.ts';
export { toPlannedUnits, type UnitsOfWork, type WorkUnit } from './work-unit.ts';
