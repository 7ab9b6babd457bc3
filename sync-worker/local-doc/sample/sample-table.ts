import type { FounderHqTable } from '#shared/doc/index.ts';

/** One row by column name. A relation holds the display name of its target, unique in its table; a blank cell is absent. */
export type SampleRow = Readonly<Record<string, string | number | boolean>>;

/** Rows of one table, in the order they may be written. */
export interface SampleTable {
  readonly table: FounderHqTable;
  /** The column that tells rows apart, for keyed upserts. */
  readonly key: string;
  readonly rows: readonly SampleRow[];
}

/** An id of a sample row: `T-007`. */
export const toSampleId = (prefix: string, index: number): string =>
  `${prefix}-${String(index + 1).padStart(3, '0')}`;
