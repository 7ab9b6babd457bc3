import * as z from 'zod/mini';
import { type Instant, isInstant, toInstant } from '#shared/kernel/index.ts';
import { canonicalJson, type Json } from '#shared/ledger/index.ts';
import { describeFault, parseRequiredGates } from '#shared/lifecycle/index.ts';
import { CONDITION, type SeenGate, type SeenRun, toGateOfRun } from '#worker/gates/index.ts';
import { type LeaseMark, type Store, toJson } from '#worker/store/index.ts';
import { decodeBook } from './book-codecs.ts';

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
      timeZone: z.prefault(TEXT, 'UTC'),
      faults: z.array(TEXT),
      gates: z.array(z.object({ gate: TEXT, projectId: TEXT, reading: READING })),
    }),
  ),
});

/** Keeps what was seen where it differs from what was seen last; all of it was seen anew, so what nobody can read is written over. */
export async function keepGates(
  store: Store,
  seen: readonly SeenRun[],
  { nowMs, under }: { readonly nowMs: number; readonly under: LeaseMark },
): Promise<void> {
  const runs = toJson(seen.map((run) => ({ ...run, gates: run.gates.map(encode) })));
  const kept = await store.get(COLLECTION, LATEST);
  if (kept === undefined && seen.length === 0) return;
  const last = z.safeParse(KEPT, kept).data;
  if (last !== undefined && canonicalJson(toJson(last.runs)) === canonicalJson(runs)) return;
  await store.transaction(
    (transaction) => transaction.put(COLLECTION, LATEST, { asOf: toInstant(nowMs), runs }),
    { under },
  );
}

/** What was seen last; nothing before any run asked for a gate. Errors: `STORE_CORRUPT`. */
export async function readKeptGates(store: Store): Promise<KeptGates | undefined> {
  const kept = await store.get(COLLECTION, LATEST);
  if (kept === undefined) return undefined;
  const { asOf, runs } = decodeBook(CODEC, LATEST, kept);
  return { asOf, runs: runs.map(toSeenRun) };
}

const CODEC = {
  collection: COLLECTION,
  decode: (body: Json) => z.safeParse(KEPT, body).data,
};

/** A gate whose words nobody can read any more asks for something still, as one in the doc would. */
function toSeenRun(run: z.infer<typeof KEPT>['runs'][number]): SeenRun {
  const gates: SeenGate[] = [];
  const faults = [...run.faults];
  for (const { gate, projectId, reading } of run.gates) {
    const read = parseRequiredGates(gate);
    if (read.ok) {
      gates.push(
        ...read.value.map((one) => ({ mine: toGateOfRun(run.runId, one, projectId), reading })),
      );
    } else faults.push(...read.refusal.map((fault) => `a gate of it, ${describeFault(fault)}`));
  }
  return { ...run, gates, faults };
}

const encode = ({ mine, reading }: SeenGate): object => ({
  gate: mine.required.text,
  projectId: mine.projectId,
  reading,
});
