import * as z from 'zod/mini';
import type { Binding, BindingSettings, BoundTable } from '#shared/doc/index.ts';
import { DomainError } from '#shared/kernel/index.ts';
import { canonicalJson, type Json } from '#shared/ledger/index.ts';
import { type LeaseMark, type Store, toJson } from '#worker/store/index.ts';
import { decodeBook } from './book-codecs.ts';

/** Where a doc's tables and columns were, and what the columns held. Shape: by the core's names. */
export type Shape = Readonly<Record<string, ShapeOfTable>>;

interface ShapeOfTable {
  readonly tableId: string;
  readonly columns: Readonly<
    Record<string, { readonly columnId: string; readonly format: string }>
  >;
}

const SHAPE = z.record(
  z.string(),
  z.object({
    tableId: z.string(),
    columns: z.record(z.string(), z.object({ columnId: z.string(), format: z.string() })),
  }),
);
const SHAPES = { collection: 'shape', decode: (body: Json) => z.safeParse(SHAPE, body).data };
const KNOWN = 'known';

/** The shape of a doc as it was bound. */
export function toShape({ tables }: Binding): Shape {
  return Object.fromEntries(
    [...tables].map(([name, { tableId, columns }]) => [
      name,
      {
        tableId,
        columns: Object.fromEntries(
          [...columns].map(([column, { columnId, format }]) => [column, { columnId, format }]),
        ),
      },
    ]),
  );
}

/** The shape the last tick worked with, or nothing before the first. Errors: `STORE_CORRUPT`. */
export async function readShape(store: Store): Promise<Shape | undefined> {
  const body = await store.get(SHAPES.collection, KNOWN);
  return body === undefined ? undefined : decodeBook(SHAPES, KNOWN, body);
}

/** The ids to find a doc's tables and columns by, so that no rename misleads the next tick. Errors: `STORE_CORRUPT`. */
export async function readKnownIds(store: Store): Promise<BindingSettings> {
  const tables = Object.entries((await readShape(store)) ?? {});
  return {
    tableIds: Object.fromEntries(tables.map(([name, { tableId }]) => [name, tableId])),
    columnIds: Object.fromEntries(
      tables.map(([name, { columns }]) => [
        name,
        Object.fromEntries(
          Object.entries(columns).map(([column, { columnId }]) => [column, columnId]),
        ),
      ]),
    ),
  };
}

/** Remembers a shape that a tick worked with. */
export async function keepShape(store: Store, shape: Shape, under: LeaseMark): Promise<void> {
  const before = await readShape(store);
  if (before !== undefined && isSameShape(before, shape)) return;
  const keep = { under };
  await store.transaction(
    (transaction) => transaction.put(SHAPES.collection, KNOWN, toJson(shape)),
    keep,
  );
}

const isSameShape = (one: Shape, other: Shape): boolean =>
  canonicalJson(toJson(one)) === canonicalJson(toJson(other));

/**
 * Refuses to go on with a doc that lost what it had: a cell that is not there reads as blank, and figures of blanks would be
 * written over good ones. What is new, and what only has another name, is no loss. Errors: `SHAPE_CHANGED` with each change.
 */
export function refuseLoss(known: Shape, now: Binding): void {
  const losses = Object.entries(known).flatMap(([name, table]) => {
    const found = [...now.tables.values()].find(({ spec }) => spec.name === name);
    if (found === undefined) return [`Table \`${name}\` is not there any more.`];
    if (found.tableId !== table.tableId)
      return [`Table \`${name}\` is another one now (${found.tableId}, before ${table.tableId}).`];
    return listLosses(table, found, now);
  });
  if (losses.length === 0) return;
  const lines = losses.map((loss) => `  ${loss}`).join('\n');
  throw new DomainError(
    'SHAPE_CHANGED',
    `The doc's columns are not what they were; nothing was decided and nothing was written:\n${lines}`,
  );
}

function listLosses(
  { columns }: ShapeOfTable,
  found: BoundTable,
  { findings }: Binding,
): readonly string[] {
  const { name } = found.spec;
  return Object.entries(columns).flatMap(([column, { columnId, format }]) => {
    const where = `\`${name}.${column}\``;
    const bound = found.columns.get(column);
    if (bound === undefined) return [`Column ${where} (${columnId}) is not found any more.`];
    if (bound.columnId !== columnId)
      return [`Column ${where} is another one now (${bound.columnId}, before ${columnId}).`];
    const isUnfit = findings.some(
      (one) => one.code === 'COLUMN_TYPE' && one.table === name && one.column === column,
    );
    return bound.format !== format && isUnfit
      ? [`Column ${where} held ${format} and holds ${bound.format} now.`]
      : [];
  });
}
