import * as z from 'zod/mini';
import { type Instant, isInstant, toInstant } from '#shared/kernel/index.ts';
import { canonicalJson } from '#shared/ledger/index.ts';
import { parseRequiredGates } from '#shared/lifecycle/index.ts';
import { CONDITION, type SeenGate, type SeenRun, toGateOfRun } from '#worker/gates/index.ts';
import { type LeaseMark, type Store, toJson } from '#worker/store/index.ts';

/** What a pass saw of the gates of the open runs, for those who ask the ledger and not the doc. */
export interface KeptGates {
  /** When it was seen first; a pass that sees the same leaves it. */
  readonly asOf: Instant;
  readonly runs: readonly SeenRun[];
}

const COLLECTION = 'gates';
const LATEST = 'latest';
const TEXT = z.string();
const READING = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('measured'), conditions: z.array(CONDITION) }),
  z.object({ kind: z.literal('unreadable'), reason: TEXT }),
  z.object({ kind: z.literal('awaited'), reason: TEXT }),
]);
const KEPT = z.object({
  asOf: z.custom<Instant>((value) => typeof value === 'string' && isInstant(value)),
  runs: z.array(
    z.object({
      runId: TEXT,
      task: TEXT,
      state: TEXT,
      taskRowId: z.exactOptional(TEXT),
      dueDate: z.exactOptional(TEXT),
      faults: z.array(TEXT),
      gates: z.array(z.object({ gate: TEXT, projectId: TEXT, reading: READING })),
    }),
  ),
});

/** Keeps what was seen where it differs from what was seen last. */
export async function keepGates(
  store: Store,
  seen: readonly SeenRun[],
  { nowMs, under }: { readonly nowMs: number; readonly under: LeaseMark },
): Promise<void> {
  const runs = toJson(seen.map((run) => ({ ...run, gates: run.gates.map(encode) })));
  const last = await readLatest(store);
  if (last === undefined && seen.length === 0) return;
  if (last !== undefined && canonicalJson(toJson(last.runs)) === canonicalJson(runs)) return;
  await store.transaction(
    (transaction) => transaction.put(COLLECTION, LATEST, { asOf: toInstant(nowMs), runs }),
    { under },
  );
}

/** What was seen last; nothing before any run asked for a gate. */
export async function readKeptGates(store: Store): Promise<KeptGates | undefined> {
  const last = await readLatest(store);
  if (last === undefined) return undefined;
  const runs = last.runs.map((run) => ({
    ...run,
    gates: run.gates.flatMap(({ gate, projectId, reading }): readonly SeenGate[] => {
      const read = parseRequiredGates(gate);
      const required = read.ok ? read.value : [];
      return required.map((one) => ({ mine: toGateOfRun(run.runId, one, projectId), reading }));
    }),
  }));
  return { asOf: last.asOf, runs };
}

const encode = ({ mine, reading }: SeenGate): object => ({
  gate: mine.required.text,
  projectId: mine.projectId,
  reading,
});

async function readLatest(store: Store): Promise<z.infer<typeof KEPT> | undefined> {
  const last = await store.get(COLLECTION, LATEST);
  return last === undefined ? undefined : z.safeParse(KEPT, last).data;
}
