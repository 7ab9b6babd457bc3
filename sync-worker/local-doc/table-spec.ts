import type { WireValue } from './wire-value.ts';

/** The column types of the API that a local doc can hold. */
export const COLUMN_TYPES = [
  'text',
  'number',
  'percent',
  'currency',
  'checkbox',
  'date',
  'dateTime',
  'time',
  'duration',
  'email',
  'link',
  'person',
  'lookup',
  'select',
  'slider',
  'scale',
  'imageReference',
  'button',
] as const;

/** One of {@link COLUMN_TYPES}. */
export type ColumnType = (typeof COLUMN_TYPES)[number];

/** A column to be made. */
export interface ColumnSpec {
  readonly name: string;
  readonly type: ColumnType;
  /** Whether a cell holds several values: relations, people and selects. @default false */
  readonly isArray?: boolean;
  /** Whether it names its rows. @default the first column of a table that marks none */
  readonly isDisplay?: boolean;
  /** Whether the doc computes it, so that the API cannot write it. @default false */
  readonly isCalculated?: boolean;
  /** Whether the table's own view hides it. @default false */
  readonly isHidden?: boolean;
  /** The options of a select. */
  readonly options?: readonly string[];
  /** The name of the table that a lookup points into. */
  readonly lookupTable?: string;
  /** ISO 4217. @default 'USD' */
  readonly currencyCode?: string;
  /** What pressing a button sets in its row: column name → value. */
  readonly press?: Readonly<Record<string, WireValue>>;
}

/** A base table to be made. */
export interface TableSpec {
  readonly name: string;
  /** Its id, `grid-…`. @default one drawn from the doc's id */
  readonly gridId?: string;
  readonly columns: readonly ColumnSpec[];
}

/** A view to be made: some rows and columns of a base table. */
export interface ViewSpec {
  readonly name: string;
  /** The base table's name. */
  readonly viewOf: string;
  /** Names of the columns it shows. @default all */
  readonly columns?: readonly string[];
  /** Shows only rows whose column has this text. @default all rows */
  readonly filter?: { readonly column: string; readonly text: string };
}
