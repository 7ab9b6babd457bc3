export { type HistoryField, historyFields, isHistoryField } from './column-mapping.ts';
export * from './import-history.ts';
export type { LoadReport } from './load-history.ts';
export type * from './load-model.ts';
export type { Delimiter } from './read-csv.ts';
export { readFileBytes } from './read-file-bytes.ts';
export type { RefusedRow } from './read-history.ts';
export { createSentMark } from './sent-mark.ts';
export type { ImportTable } from './wanted-rows.ts';
