import * as z from 'zod/mini';

/** A link to a row, a person, a calendar day `YYYY-MM-DD`, or a moment as UTC ISO text. */
export type TaggedCell =
  | { readonly kind: 'link'; readonly rowId: string }
  | { readonly kind: 'person'; readonly name: string; readonly email: string }
  | { readonly kind: 'day'; readonly day: string }
  | { readonly kind: 'moment'; readonly at: string };

/** One part of what a cell holds. Text may stand in a cell of any column, as in a live doc. */
export type CellPart = string | number | boolean | TaggedCell;

/** What a cell holds; a blank cell is absent. Durations are numbers of days. */
export type Cell = CellPart | readonly CellPart[];

/** The cells of a row by column id. */
export type Cells = Readonly<Record<string, Cell>>;

const part = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('link'), rowId: z.string() }),
    z.object({ kind: z.literal('person'), name: z.string(), email: z.string() }),
    z.object({ kind: z.literal('day'), day: z.string() }),
    z.object({ kind: z.literal('moment'), at: z.string() }),
  ]),
]);

/** A row as the doc keeps it. */
export interface StoredRow {
  readonly rowId: string;
  /** Place in the order of creation. */
  readonly ordinal: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** The log's place of the last change that sync tokens see. */
  readonly changedSeq: number;
  readonly cells: Cells;
}

/** Reads a {@link StoredRow} from the doc's file. */
export const storedRowSchema = z.object({
  rowId: z.string(),
  ordinal: z.number(),
  createdAtMs: z.number(),
  updatedAtMs: z.number(),
  changedSeq: z.number(),
  cells: z.record(z.string(), z.union([part, z.array(part)])),
});

/** The text by which two cells are the same; blank is "". */
export const toCellKey = (cell: Cell | undefined): string =>
  typeof cell === 'object' ? JSON.stringify(cell) : String(cell ?? '');
