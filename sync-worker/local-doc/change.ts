import * as z from 'zod/mini';
import { wireValueSchema } from './wire-value.ts';

const cellsSchema = z.array(
  z.object({
    columnId: z.string(),
    /** `null` clears the cell; it gets here only where null is not refused. */
    value: z.nullable(wireValueSchema),
  }),
);

/** Reads a {@link Change} from the doc's file. */
export const changeSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('upsert'),
    tableId: z.string(),
    /** Empty for a plain insert. */
    keyColumnIds: z.array(z.string()),
    /** `rowId` names the row if it has to be made. */
    rows: z.array(z.object({ rowId: z.string(), cells: cellsSchema })),
    isParsed: z.boolean(),
  }),
  z.object({
    kind: z.literal('update'),
    tableId: z.string(),
    rowId: z.string(),
    cells: cellsSchema,
    isParsed: z.boolean(),
  }),
  z.object({ kind: z.literal('delete'), tableId: z.string(), rowIds: z.array(z.string()) }),
  z.object({
    kind: z.literal('push'),
    tableId: z.string(),
    rowId: z.string(),
    columnId: z.string(),
  }),
]);

/** A change to the rows of one base table, as it waits in the queue. */
export type Change = z.infer<typeof changeSchema>;
/** What a change sets in one row. */
export type CellAssignments = z.infer<typeof cellsSchema>;
