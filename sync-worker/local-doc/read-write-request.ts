import * as z from 'zod/mini';
import { accept, type Result, refuse } from '#shared/kernel/index.ts';
import type { Behaviour } from './behaviour.ts';
import type { CellAssignments } from './change.ts';
import { type DocTable, findNamed } from './doc-schema.ts';
import type { ApiRefusal } from './request.ts';
import { countBytes, wireValueSchema } from './wire-value.ts';

const rowSchema = z.object({
  cells: z.array(z.object({ column: z.string(), value: z.optional(z.unknown()) })),
});
const upsertSchema = z.object({
  rows: z.array(rowSchema),
  keyColumns: z.optional(z.array(z.string())),
  rowIds: z.optional(z.unknown()),
});
const updateSchema = z.object({ row: rowSchema });
const deleteSchema = z.object({ rowIds: z.array(z.string()) });

type RowBody = z.infer<typeof rowSchema>;

/** The rows and the key columns of an upsert, by column id. */
export interface UpsertRequest {
  readonly rows: readonly CellAssignments[];
  readonly keyColumnIds: readonly string[];
}

/** Reads the body of POST rows. Refusals: 400, which names no row, and then nothing of the body applies. */
export function readUpsert(
  body: unknown,
  table: DocTable,
  behaviour: Behaviour,
): Result<UpsertRequest, ApiRefusal> {
  const parsed = z.safeParse(upsertSchema, body);
  if (!parsed.success) return bad('`rows` must be a list of rows, each a list of `cells`.');
  const { rows, keyColumns = [], rowIds } = parsed.data;
  if (rowIds !== undefined && behaviour.upsertRowIds === 'refused') {
    return bad('`rowIds` is not supported.');
  }
  const keyColumnIds: string[] = [];
  for (const key of keyColumns) {
    const column = findNamed(table.columns, key);
    if (column === undefined) return bad('`keyColumns` names no column of this table.');
    if (column.isCalculated) return bad('A calculated column cannot be a key.');
    keyColumnIds.push(column.id);
  }
  const assignments: CellAssignments[] = [];
  for (const row of rows) {
    const cells = readRow(row, table, behaviour);
    if (!cells.ok) return cells;
    assignments.push(cells.value);
  }
  return accept({ rows: assignments, keyColumnIds });
}

/** Reads the body of PUT row. Refusals: 400. */
export function readUpdate(
  body: unknown,
  table: DocTable,
  behaviour: Behaviour,
): Result<CellAssignments, ApiRefusal> {
  const parsed = z.safeParse(updateSchema, body);
  if (!parsed.success) return bad('`row` must be an object with a list of `cells`.');
  return readRow(parsed.data.row, table, behaviour);
}

/** Reads the body of DELETE rows. Refusals: 400. */
export function readDelete(body: unknown): Result<readonly string[], ApiRefusal> {
  const parsed = z.safeParse(deleteSchema, body);
  return parsed.success ? accept(parsed.data.rowIds) : bad('`rowIds` must be a list of row ids.');
}

function readRow(
  row: RowBody,
  table: DocTable,
  behaviour: Behaviour,
): Result<CellAssignments, ApiRefusal> {
  const assignments: CellAssignments = [];
  let bytes = 0;
  for (const { column: idOrName, value } of row.cells) {
    const column = findNamed(table.columns, idOrName);
    if (column === undefined) {
      if (behaviour.unknownColumn === 'refused')
        return bad('A cell names no column of this table.');
      continue;
    }
    const parsed = z.safeParse(wireValueSchema, value);
    if (!parsed.success && behaviour.nullCell === 'refused') {
      return bad('A cell must hold a string, a number, a boolean or a list of these.');
    }
    if (parsed.success) bytes += countBytes(parsed.data);
    assignments.push({ columnId: column.id, value: parsed.success ? parsed.data : null });
  }
  if (bytes > behaviour.rowBytesMax) return bad('Row is too large to be edited.');
  return accept(assignments);
}

const bad = (message: string): Result<never, ApiRefusal> => refuse({ status: 400, message });
