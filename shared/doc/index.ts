export * from './binding.ts';
export type * from './bound-table.ts';
export * from './cell-codec.ts';
export type { ColumnSpec, ColumnType, Owner, TableSpec } from './column.ts';
export type * from './doc-finding.ts';
export * from './doc-reader.ts';
export * from './founder-hq-tables.ts';
export type * from './model.ts';
export * from './row-parser.ts';
