import * as z from 'zod/mini';
import type { Json } from '#shared/ledger/index.ts';
import type { SentMark } from '#worker/import/index.ts';
import type { Store } from '#worker/store/index.ts';
import type { RunCells } from './run-cells.ts';
import type { KnownRun } from './run-identity.ts';

/** What is remembered of a run that came of an entry. */
export interface RememberedRun extends KnownRun {
  readonly source: string;
  /** What its row is to hold. */
  readonly cells: RunCells;
  /** What it held before, as long as a crash could have left either in the doc. */
  readonly earlier?: RunCells | undefined;
  /** Whether the doc was seen to have it: where it then has not, a person has deleted it. */
  readonly isLanded: boolean;
}

/** Runs of entries by their id. */
const IMPORTED = 'imported_run';
const LOADS = 'loads';
const TIME = 'time';

const text = z.nullable(z.string());
const cellsSchema = z.record(z.string(), z.union([z.string(), z.number()]));
const rememberedSchema = z.object({
  source: z.string(),
  facts: z.object({
    sourceId: text,
    day: z.string(),
    clock: text,
    endClock: text,
    person: text,
    client: text,
    project: text,
    task: text,
    note: text,
    netMs: z.number(),
  }),
  cells: cellsSchema,
  earlier: z.optional(cellsSchema),
  isLanded: z.boolean(),
});

/** All that is remembered of one tool's entries. */
export async function readRemembered(
  store: Store,
  source: string,
): Promise<ReadonlyMap<string, RememberedRun>> {
  const runs = new Map<string, RememberedRun>();
  for (const [runId, body] of await store.list(IMPORTED)) {
    const run = rememberedSchema.parse(body);
    if (run.source === source) runs.set(runId, { runId, ...run });
  }
  return runs;
}

/** Remembers runs; what was remembered of them before is forgotten. */
export async function keepRemembered(store: Store, runs: readonly RememberedRun[]): Promise<void> {
  if (runs.length === 0) return;
  await store.transaction(async (transaction) => {
    for (const { runId, ...body } of runs) await transaction.put(IMPORTED, runId, toJson(body));
  });
}

/** When runs were last sent, kept with the ledger, so that the next import knows which rows may not show yet. */
export const createTimeMark = (store: Store): SentMark => ({
  lastSentAt: async () => {
    const sentAt = await store.get(LOADS, TIME);
    return typeof sentAt === 'number' ? sentAt : undefined;
  },
  noteSent: (atMs) => store.transaction((transaction) => transaction.put(LOADS, TIME, atMs)),
});

/** As JSON has it: what is `undefined` is left out. */
const toJson = (body: object): Json => JSON.parse(JSON.stringify(body));
