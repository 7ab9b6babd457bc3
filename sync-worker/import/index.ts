export {
  BACKTEST_FIELDS,
  type BacktestField,
  type BacktestRead,
  readBacktestFile,
} from './backtest-file.ts';
export * from './bring-tables.ts';
export * from './column-mapping.ts';
export { evenBlanks } from './even-blanks.ts';
export { HOURS_MAX } from './field-reader.ts';
export * from './forecast-file.ts';
export { HISTORY_FIELDS, type HistoryField } from './history-fields.ts';
export * from './import-history.ts';
export { judgeCell, type RowIdOf } from './judge-cell.ts';
export type { LoadReport } from './load-history.ts';
export type * from './load-model.ts';
export { throwIfStopped } from './load-model.ts';
export * from './project-file.ts';
export { type CsvRecord, type Delimiter, openCsv } from './read-csv.ts';
export { readFileBytes } from './read-file-bytes.ts';
export type { RefusedRow } from './read-history.ts';
export { readTable } from './read-table.ts';
export * from './read-work.ts';
export { createSentMark } from './sent-mark.ts';
export { SESSION_FIELDS } from './session-file.ts';
export { type LoadSession, TableLoad } from './table-load.ts';
export * from './target-tables.ts';
export { TASK_FIELDS } from './task-file.ts';
export {
  type ImportTable,
  type LoadTable,
  toWantedRow,
  type WantedRow,
  type WantedValue,
} from './wanted-rows.ts';
