export type {
  Account,
  ApiRow,
  ColumnFormat,
  ColumnInfo,
  DocInfo,
  MutationStatus,
  Queued,
  QueuedRows,
  RowPage,
  TableInfo,
} from './answers.ts';
export type * from './cell-value.ts';
export { parseCellValue } from './cell-value.ts';
export type * from './coda-api.ts';
export { createCodaApi, createDocApi } from './coda-api.ts';
export type * from './coda-error.ts';
export { createCodaError, toCodaError } from './coda-error.ts';
export { toDecimalText } from './decimal-text.ts';
export * from './doc-address.ts';
export * from './request-size.ts';
export type { ListRowsOptions, UpsertRequest } from './requests.ts';
export { DEFAULT_ROW_LIMIT } from './requests.ts';
export type * from './transport.ts';
export type * from './wire-value.ts';
export { toWireValue } from './wire-value.ts';
