import type { Codec } from './cell-decoder.ts';

/** Who writes a column. One owner each, so that nothing has to be merged. */
export type Owner =
  /** People type it; the core never writes it but by an import they asked for. */
  | 'doc'
  /** Telemetry of runs the ledger made. */
  | 'ledger'
  /** Computed by the core from doc and ledger. */
  | 'derived'
  /** Filled by the doc itself. */
  | 'auto';

/** The API's name of a column's format. */
export type ColumnType =
  | 'text'
  | 'number'
  | 'percent'
  | 'currency'
  | 'date'
  | 'dateTime'
  | 'checkbox'
  | 'select'
  | 'lookup'
  | 'person';

/** One column of a Founder HQ table: enough to find it, to read and write it, and to make it. */
export interface ColumnSpec {
  readonly name: string;
  /** Other words it goes by. Case, spaces and underscores never matter, so they are not listed. */
  readonly aliases: readonly string[];
  /** How a cell is read and written. */
  readonly codec: Codec;
  readonly type: ColumnType;
  /** What a stored number counts. */
  readonly unit?:
    | 'h'
    | 'min'
    | 'weeks'
    | 'count'
    | 'ratio'
    | 'fraction'
    | 'currency/h'
    | 'currency';
  readonly owner: Owner;
  /** Used when present, not missed when absent. */
  readonly isOptional: boolean;
  /** Whether the column's text names the row. */
  readonly isDisplay?: true;
  /** Whether rows are found and upserted by it. */
  readonly isKey?: true;
  /** Whether the doc computes it, so that no write reaches it. */
  readonly isCalculated?: true;
  /** The table a relation points to. */
  readonly lookupTable?: string;
  /** The words of a select list. */
  readonly options?: readonly string[];
}

/** One table of a Founder HQ doc. */
export interface TableSpec<Name extends string = string> {
  readonly name: Name;
  /** The table's id in the doc these patterns come from; copies keep it, other docs have their own. */
  readonly gridId?: string;
  readonly aliases: readonly string[];
  /** Whether a doc without it still answers something. */
  readonly isOptional: boolean;
  readonly columns: readonly ColumnSpec[];
}

type Details = Partial<Omit<ColumnSpec, 'name' | 'codec' | 'type'>>;

const column =
  (codec: Codec, type: ColumnType, unit?: ColumnSpec['unit']) =>
  (name: string, details: Details = {}): ColumnSpec => ({
    name,
    aliases: [],
    codec,
    type,
    ...(unit === undefined ? {} : { unit }),
    owner: 'doc',
    isOptional: false,
    ...details,
  });

/** Details of a column that is used when present. */
export const OPTIONAL = { isOptional: true } as const;
/** Details of a column the core computes where a founder has made room for it. */
export const DERIVED = { isOptional: true, owner: 'derived' } as const;
/** Details of a column the doc computes and the core at most reads. */
export const COMPUTED = { isOptional: true, owner: 'auto', isCalculated: true } as const;

/** A column of plain text. */
export const text = column('text', 'text');
/** A column of hours with two decimals. */
export const hours = column('hours', 'number', 'h');
/** A column of minutes. */
export const minutes = column('minutes', 'number', 'min');
/** A column of weeks. */
export const weeks = column('number', 'number', 'weeks');
/** A column of whole numbers. */
export const count = column('number', 'number', 'count');
/** A column of ratios, 1 = as estimated. */
export const ratio = column('number', 'number', 'ratio');
/** A column of percents, stored as fractions: 0.15 shows as 15 %. */
export const percent = column('fraction', 'percent', 'fraction');
/** A column of amounts in one currency. */
export const money = column('money', 'currency', 'currency');
/** A column of calendar days. */
export const day = column('day', 'date');
/** A column of moments. */
export const instant = column('instant', 'dateTime');
/** A column of ticks. */
export const checkbox = column('checkbox', 'checkbox');
/** A column of people's accounts. */
export const person = column('person', 'person');
/** A column with one of a list of words. */
export const select = (name: string, options: readonly string[], details?: Details): ColumnSpec =>
  column('text', 'select')(name, { ...details, options });
/** A relation to any number of rows of another table. */
export const relations = (name: string, lookupTable: string, details?: Details): ColumnSpec =>
  column('links', 'lookup')(name, { ...details, lookupTable });
/** A relation to at most one row of another table. */
export const relation = (name: string, lookupTable: string, details?: Details): ColumnSpec =>
  column('link', 'lookup')(name, { ...details, lookupTable });
