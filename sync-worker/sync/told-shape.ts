import * as z from 'zod/mini';
import type { ColumnInfo, DocApi, TableInfo } from '#shared/coda/index.ts';
import { type Binding, type BindingSettings, bindTables, readBinding } from '#shared/doc/index.ts';
import { canonicalJson } from '#shared/ledger/index.ts';
import { type LeaseMark, type Store, toJson } from '#worker/store/index.ts';

/** What a doc told of its zone, its tables and their columns: all that a binding is made of. */
export interface ToldShape {
  /** The tables that were looked for, since columns of others were not asked for. */
  readonly looked: readonly string[];
  /** Absent where the doc does not tell. */
  readonly zone?: string;
  /** When it said that it had last changed, just before it told. */
  readonly updatedAt?: string;
  readonly tables: readonly TableInfo[];
  /** By the doc's table ids. */
  readonly columns: Readonly<Record<string, readonly ColumnInfo[]>>;
}

const TOLD: z.ZodMiniType<ToldShape> = z.object({
  looked: z.array(z.string()),
  zone: z.exactOptional(z.string()),
  updatedAt: z.exactOptional(z.string()),
  tables: z.array(z.object({ id: z.string(), name: z.string(), isView: z.boolean() })),
  columns: z.record(
    z.string(),
    z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        isDisplay: z.boolean(),
        isCalculated: z.boolean(),
        format: z.object({
          type: z.string(),
          isArray: z.boolean(),
          tableId: z.exactOptional(z.string()),
        }),
      }),
    ),
  ),
});
const COLLECTION = 'shape';
const LAST = 'told';

/** Asks a doc for its tables and columns. Errors: those of the API. */
export async function readTold(
  api: DocApi,
  docId: string,
  settings: BindingSettings,
): Promise<{ readonly binding: Binding; readonly told: ToldShape }> {
  let tables: readonly TableInfo[] = [];
  const columns: Record<string, readonly ColumnInfo[]> = {};
  const listening: DocApi = {
    ...api,
    listTables: async (id) => {
      tables = await api.listTables(id);
      return tables;
    },
    listColumns: async (id, tableId) => {
      const listed = await api.listColumns(id, tableId);
      columns[tableId] = listed;
      return listed;
    },
  };
  const binding = await readBinding(listening, docId, settings);
  const looked = settings.tables ?? [];
  return { binding, told: { looked, tables: tables.map(toTable), columns: toColumns(columns) } };
}

/** Binds what was told as if it were told anew. */
export const bindTold = ({ tables, columns }: ToldShape, settings: BindingSettings): Binding =>
  bindTables(tables, new Map(Object.entries(columns)), settings);

/** What the doc told last; nothing where that is of no use to this version. */
export async function recallTold(
  store: Store,
  looked: readonly string[],
): Promise<ToldShape | undefined> {
  const told = z.safeParse(TOLD, await store.get(COLLECTION, LAST)).data;
  return told?.looked.join() === looked.join() ? told : undefined;
}

/** Keeps what the doc told where it differs from the last time. */
export async function keepTold(store: Store, told: ToldShape, under: LeaseMark): Promise<void> {
  const before = await recallTold(store, told.looked);
  const isKept = before !== undefined && isSameTold(before, told);
  if (isKept && before.updatedAt === told.updatedAt) return;
  await store.transaction((transaction) => transaction.put(COLLECTION, LAST, toJson(told)), {
    under,
  });
}

/** Whether a doc told the same twice, whenever and in whatever order. */
export const isSameTold = (one: ToldShape, other: ToldShape): boolean =>
  toText(one) === toText(other);

const toText = ({ looked, zone, tables, columns }: ToldShape): string =>
  canonicalJson(
    toJson({
      looked,
      zone,
      tables: Object.fromEntries(tables.map((table) => [table.id, table])),
      columns: Object.fromEntries(
        Object.entries(columns).map(([id, listed]) => [
          id,
          Object.fromEntries(listed.map((column) => [column.id, column])),
        ]),
      ),
    }),
  );

// How many rows a table has changes all the time, and the options of a select may be thousands.
const toTable = ({ id, name, isView }: TableInfo): TableInfo => ({ id, name, isView });

const toColumns = (columns: ToldShape['columns']): ToldShape['columns'] =>
  Object.fromEntries(
    Object.entries(columns).map(([id, listed]) => [
      id,
      listed.map(({ format: { type, isArray, tableId }, ...column }) => ({
        ...column,
        format: { type, isArray, ...(tableId === undefined ? {} : { tableId }) },
      })),
    ]),
  );
