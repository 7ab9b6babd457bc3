import type { ColumnSpec, TableSpec } from './column.ts';
import type { DocFinding } from './doc-finding.ts';
import type { FounderHqTable } from './founder-hq-tables.ts';

/** A column of the core found in a doc. From here on it is spoken of by id, so a rename breaks nothing. */
export interface BoundColumn {
  readonly columnId: string;
  readonly spec: ColumnSpec;
  /** What people call it now. */
  readonly docName: string;
  /** The API's word for what it holds. */
  readonly format: string;
  /** Whether a write reaches it: Coda ignores writes to calculated columns without a word. */
  readonly isWritable: boolean;
}

/** A table of the core found in a doc. */
export interface BoundTable {
  readonly tableId: string;
  readonly spec: TableSpec<FounderHqTable>;
  /** What people call it now. */
  readonly docName: string;
  /** By the core's name of the column; one that was not found is not here. */
  readonly columns: ReadonlyMap<string, BoundColumn>;
}

/** Where the core's tables and columns are in one doc, and what is odd about it. */
export interface Binding {
  /** By the core's name of the table; one that was not found is not here. */
  readonly tables: ReadonlyMap<FounderHqTable, BoundTable>;
  readonly findings: readonly DocFinding[];
}
