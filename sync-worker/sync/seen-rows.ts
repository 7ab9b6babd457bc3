import * as z from 'zod/mini';
import type { ApiRow, CellValue } from '#shared/coda/index.ts';
import type { FounderHqTable } from '#shared/doc/index.ts';
import { canonicalJson, type Json } from '#shared/ledger/index.ts';
import { type Store, type StoreTransaction, toJson } from '#worker/store/index.ts';
import { decodeBook } from './book-codecs.ts';

/** How far a table has been read. */
export interface TableMark {
  /** A table made anew under the old name is another one. */
  readonly tableId: string;
  /** The columns its rows were read with, since rows that did not change are not read again for one that is new. */
  readonly columns: string;
  /** When it was last listed whole. Units: ms since 1970. */
  readonly wholeAtMs: number;
  /** From where changes are to be listed; absent where the service gave none. */
  readonly syncToken?: string;
  /** Since when its listings have been shorter than the doc says it is; absent while they are not. Units: ms since 1970. */
  readonly shortSinceMs?: number;
}

/** A table as the last look left it. */
export interface SeenTable {
  readonly rows: ReadonlyMap<string, ApiRow>;
  /** Nothing before the first look. */
  readonly mark: TableMark | undefined;
}

const MARKS = 'seen';
const MARK = z.object({
  tableId: z.string(),
  columns: z.string(),
  syncToken: z.exactOptional(z.string()),
  wholeAtMs: z.number(),
  shortSinceMs: z.exactOptional(z.number()),
});
const TEXT = z.string();
const CELL: z.ZodMiniType<CellValue> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('blank') }),
  z.object({ kind: z.literal('text'), text: TEXT }),
  z.object({ kind: z.literal('number'), number: z.number() }),
  z.object({ kind: z.literal('checkbox'), checked: z.boolean() }),
  z.object({ kind: z.literal('money'), amount: TEXT, currency: TEXT }),
  z.object({ kind: z.literal('link'), rowId: TEXT, name: TEXT, tableId: TEXT }),
  z.object({ kind: z.literal('person'), name: TEXT, email: TEXT }),
  z.object({ kind: z.literal('url'), url: TEXT }),
  z.object({ kind: z.literal('list'), items: z.array(z.lazy((): typeof CELL => CELL)) }),
]);
const ROW = z.object({
  id: TEXT,
  name: TEXT,
  createdAt: TEXT,
  updatedAt: TEXT,
  values: z.record(TEXT, CELL),
});

/** How far a table has been read; nothing before the first look. Errors: `STORE_CORRUPT`. */
export async function readMark(
  store: Store,
  table: FounderHqTable,
): Promise<TableMark | undefined> {
  const mark = await store.get(MARKS, table);
  return mark === undefined
    ? undefined
    : decodeBook({ collection: MARKS, decode: toMark }, table, mark);
}

/** What the last look saw of a table. Errors: `STORE_CORRUPT`. */
export async function readSeen(store: Store, table: FounderHqTable): Promise<SeenTable> {
  const mark = await readMark(store, table);
  if (mark === undefined) return { rows: new Map(), mark };
  const bodies = await store.list(rowsOf(table));
  const rows = { collection: rowsOf(table), decode: toRow };
  return {
    mark,
    rows: new Map([...bodies].map(([id, body]) => [id, decodeBook(rows, id, body)])),
  };
}

/** Whether a row, or a mark, looks as it did. */
export const isSame = (one: ApiRow | TableMark, other: ApiRow | TableMark): boolean =>
  canonicalJson(toJson(one)) === canonicalJson(toJson(other));

/** What a look brought that the one before had not. */
export interface SeenChange {
  readonly table: FounderHqTable;
  readonly changed: readonly ApiRow[];
  readonly goneIds: readonly string[];
  readonly mark: TableMark;
}

/** Keeps what a look saw. */
export async function keepSeen(
  transaction: StoreTransaction,
  { table, changed, goneIds, mark }: SeenChange,
): Promise<void> {
  for (const row of changed) await transaction.put(rowsOf(table), row.id, toJson(row));
  for (const id of goneIds) await transaction.remove(rowsOf(table), id);
  await transaction.put(MARKS, table, toJson(mark));
}

const toMark = (body: Json): TableMark | undefined => z.safeParse(MARK, body).data;
const toRow = (body: Json): ApiRow | undefined => z.safeParse(ROW, body).data;

const rowsOf = (table: FounderHqTable): string => `seen/${table}`;
