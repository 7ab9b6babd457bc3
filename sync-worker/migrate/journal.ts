import * as z from 'zod/mini';
import type { CellValue } from '#shared/coda/index.ts';
import {
  changeId,
  MADE_TABLES,
  type MadeTable,
  MIGRATION_RULES,
  MIGRATION_TABLES,
  type MigrationBaseline,
  type MigrationChange,
  type MigrationRule,
  type MigrationTable,
  toText,
} from '#shared/doc/index.ts';
import { assert, type Day } from '#shared/kernel/index.ts';
import type { Json } from '#shared/ledger/index.ts';
import type { SentMark } from '#worker/import/index.ts';
import type { Store } from '#worker/store/index.ts';

const ENTRIES = 'migration';
const STATES = 'migration_state';
const STATE = 'state';
const LOADS = 'loads';
const MIGRATE = 'migrate';

const TABLE_NAMES: ReadonlySet<unknown> = new Set(MIGRATION_TABLES.map(({ name }) => name));
const tableSchema = z.custom<MigrationTable>((name) => TABLE_NAMES.has(name));
const madeSchema = z.custom<MadeTable>((name) => typeof name === 'string' && name in MADE_TABLES);
const ruleSchema = z.custom<MigrationRule>(
  (name) => typeof name === 'string' && name in MIGRATION_RULES,
);
const beforeSchema = z.union([
  z.object({ kind: z.literal('blank') }),
  z.object({ kind: z.literal('text'), text: z.string() }),
]);
const plannedSchema = z.union([
  z.object({ kind: z.literal('text'), text: z.string() }),
  z.object({ kind: z.literal('day'), day: z.custom<Day>((day) => typeof day === 'string') }),
  z.object({
    kind: z.literal('row'),
    table: tableSchema,
    rowId: z.string(),
    name: z.string(),
    key: z.exactOptional(z.string()),
  }),
]);
const cellSchema = z.object({
  kind: z.literal('cell'),
  table: tableSchema,
  rowId: z.string(),
  name: z.string(),
  column: z.string(),
  before: beforeSchema,
  after: plannedSchema,
  rule: ruleSchema,
  seen: z.boolean(),
});
const rowSchema = z.object({
  kind: z.literal('row'),
  table: madeSchema,
  key: z.string(),
  name: z.string(),
  cells: z.record(z.string(), plannedSchema),
  rule: ruleSchema,
  because: z.string(),
  seen: z.boolean(),
  rowId: z.exactOptional(z.string()),
  print: z.exactOptional(z.string()),
});
const entrySchema = z.union([cellSchema, rowSchema]);
const stateSchema = z.object({
  phase: z.enum(['applying', 'undoing']),
  baseline: z.object({
    rowIds: z.record(z.string(), z.array(z.string())),
    sprintOf: z.record(z.string(), z.string()),
  }),
  decisions: z.record(z.string(), z.string()),
});

/** What a cell held or was to hold. */
export type KeptValue = z.infer<typeof beforeSchema> | z.infer<typeof plannedSchema>;
/** A cell that was written: what stood there before, what was written, and whether the doc was seen to hold it. */
export type CellEntry = z.infer<typeof cellSchema>;
/** A row that was made. `print` stands for all that a person could have typed into it when it was first seen; "" where that is not known. */
export type RowEntry = z.infer<typeof rowSchema>;
/** One thing a migration wrote, or was about to. */
export type JournalEntry = CellEntry | RowEntry;

/** How far a migration has come, what the doc was before it, and what was decided by {@link questionId}. */
export interface MigrationState {
  readonly phase: 'applying' | 'undoing';
  readonly baseline: MigrationBaseline;
  readonly decisions: Readonly<Record<string, string>>;
}

/** What a migration keeps with the ledger, where no crash reaches it. */
export interface Journal {
  /** By the id of the change. */
  readonly entries: ReadonlyMap<string, JournalEntry>;
  /** Absent before anything was written, and after all was undone. */
  readonly state: MigrationState | undefined;
}

/** What was written so far. */
export async function readJournal(store: Store): Promise<Journal> {
  const kept = await store.list(ENTRIES);
  const entries = [...kept].map(([id, body]) => [id, z.parse(entrySchema, body)] as const);
  const state = await store.get(STATES, STATE);
  return {
    entries: new Map(entries),
    state: state === undefined ? undefined : z.parse(stateSchema, state),
  };
}

/**
 * Notes what is about to be written, with what stands there now, in one step and before anything is sent. What an earlier run meant to write
 * and never did, and nobody means any more, is forgotten.
 */
export async function noteIntentions(
  store: Store,
  { entries }: Journal,
  { changes, state }: { changes: readonly MigrationChange[]; state: MigrationState },
): Promise<void> {
  const wanted = new Map(changes.map((change) => [changeId(change), change]));
  const stale = [...entries].filter(([id, { seen }]) => !seen && !wanted.has(id));
  await store.transaction(async (transaction) => {
    await transaction.put(STATES, STATE, toJson(state));
    for (const [id, change] of wanted) await transaction.put(ENTRIES, id, toJson(toEntry(change)));
    for (const [id] of stale) await transaction.remove(ENTRIES, id);
  });
}

/** Keeps entries again, with what has been seen of them. */
export const keepEntries = (
  store: Store,
  entries: ReadonlyMap<string, JournalEntry>,
): Promise<void> =>
  store.transaction(async (transaction) => {
    for (const [id, entry] of entries) await transaction.put(ENTRIES, id, toJson(entry));
  });

/** From here on the way leads back. */
export const beginUndo = (store: Store, { state }: Journal): Promise<void> =>
  store.transaction(async (transaction) => {
    assert(state !== undefined, 'what was never begun cannot be undone');
    await transaction.put(STATES, STATE, toJson({ ...state, phase: 'undoing' }));
  });

/** Forgets everything: the doc is as it was, or what is otherwise is somebody's. */
export const endUndo = (store: Store, { entries }: Journal): Promise<void> =>
  store.transaction(async (transaction) => {
    for (const id of entries.keys()) await transaction.remove(ENTRIES, id);
    await transaction.remove(STATES, STATE);
  });

/** When a migration last sent something, so that the next run knows which listings to believe. */
export const createMigrationMark = (store: Store): SentMark => ({
  lastSentAt: async () => {
    const sentAt = await store.get(LOADS, MIGRATE);
    return typeof sentAt === 'number' ? sentAt : undefined;
  },
  noteSent: (atMs) => store.transaction((transaction) => transaction.put(LOADS, MIGRATE, atMs)),
});

function toEntry(change: MigrationChange): JournalEntry {
  if (change.kind === 'row') {
    return { ...change, cells: Object.fromEntries(change.cells), seen: false };
  }
  return { ...change, before: toKept(change.before), seen: false };
}

/** A cell that is overwritten holds words, if anything: those are put back as they were typed. */
function toKept(cell: CellValue): CellEntry['before'] {
  return cell.kind === 'blank' ? cell : { kind: 'text', text: toText(cell) };
}

/** What was meant to be written and was not seen in the doc, rows before what may point to them. */
export function listBegun({ entries }: Journal): readonly MigrationChange[] {
  const open = [...entries.values()].filter(({ seen }) => !seen);
  const order = Object.keys(MADE_TABLES);
  return open
    .map(toChange)
    .sort((one, other) => order.indexOf(one.table) - order.indexOf(other.table));
}

function toChange(entry: JournalEntry): MigrationChange {
  const { seen: _, ...change } = entry;
  if (change.kind === 'cell') return change;
  const { kind, table, key, name, rule, because, cells } = change;
  return { kind, table, key, name, rule, because, cells: new Map(Object.entries(cells)) };
}

/** By value, and without what is not there. */
const toJson = (value: object): Json => JSON.parse(JSON.stringify(value));
