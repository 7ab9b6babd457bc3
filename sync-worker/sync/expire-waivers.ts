import { assert, type Instant, isInstant, toInstant } from '#shared/kernel/index.ts';
import { toGateEvent } from '#shared/ledger/index.ts';
import {
  expireWaivers,
  type GateNews,
  isGateOpen,
  type Run,
  type RunEvent,
  runDecider,
  tellGate,
} from '#shared/lifecycle/index.ts';
import { findWaiverEnds, isUnderWaiver, type WaiverEnd } from '#worker/gates/index.ts';
import { type LeaseMark, type Store, toJson } from '#worker/store/index.ts';
import type { BookedRun } from './book-codecs.ts';
import { type Books, keepRun } from './ledger-books.ts';

const SYSTEM = 'system';
const COLLECTION = 'waivers';
const TOLD_UNTIL = 'told-until';

/**
 * Tells of waivers that came to their end since the last time: the status they covered shows again, and a run that had succeeded
 * under one gains a note and stays succeeded. One transaction each; where none has ended nothing is written.
 */
export async function tellWaiverEnds(
  store: Store,
  {
    books,
    nowMs,
    under,
  }: { readonly books: Books; readonly nowMs: number; readonly under: LeaseMark },
): Promise<void> {
  const at = toInstant(nowMs);
  const ends = await findWaiverEnds(store, { since: await readToldUntil(store), at });
  if (ends.length === 0) return;
  // One run may have several ends to note, and each note begins where the last one left it.
  const runs = new Map(books.runs);
  // Those of open runs were told when their gates were looked at.
  for (const end of ends.filter(({ isTold }) => !isTold)) {
    const noted = await tell(store, end, { at, booked: runs.get(end.runId), under });
    if (noted !== undefined) runs.set(end.runId, noted);
  }
  await store.transaction((transaction) => transaction.put(COLLECTION, TOLD_UNTIL, at), { under });
}

async function readToldUntil(store: Store): Promise<Instant> {
  const told = await store.get(COLLECTION, TOLD_UNTIL);
  return typeof told === 'string' && isInstant(told) ? told : toInstant(0);
}

interface Telling {
  readonly at: Instant;
  readonly booked: BookedRun | undefined;
  readonly under: LeaseMark;
}

/** Returns the run with its notes; nothing where it gains none. */
async function tell(
  store: Store,
  end: WaiverEnd,
  { at, booked, under }: Telling,
): Promise<BookedRun | undefined> {
  const { waiver, runId, gate, evaluation, told } = end;
  const isDue =
    booked !== undefined &&
    end.isLast &&
    !isGateOpen(evaluation.status) &&
    isUnderWaiver(await store.readStream(`run/${runId}`), gate);
  const notes = isDue ? decideNotes(booked.run.run, end, at) : [];
  const news = [
    { at, type: 'waiver_expired' as const, waiverId: waiver.waiverId, status: evaluation.status },
    ...tellGate({ ...evaluation, status: told }, evaluation, at),
  ].map((event): GateNews => ({ gateId: gate.gateId, event }));
  return await store.transaction(
    async (transaction) => {
      for (const { stream, event } of news.map((one) => toGateEvent(one, SYSTEM))) {
        await transaction.append(stream, [event], { expectedVersion: 'any' });
      }
      if (booked === undefined || notes.length === 0) return undefined;
      const events = notes.map(({ type, at: when, ...payload }) => {
        return { type, at: when, actor: SYSTEM, payload: toJson(payload) };
      });
      await transaction.append(`run/${runId}`, events, { expectedVersion: 'any' });
      const run = notes.reduce(runDecider.evolve, booked.run.run);
      const noted = { ...booked, run: { ...booked.run, run } };
      await keepRun(transaction, noted);
      return noted;
    },
    { under },
  );
}

/** What the rule on waivers makes of a run without any plan: a note, since nothing depends on its gates. */
function decideNotes(
  run: Run,
  { waiver, gate, evaluation }: WaiverEnd,
  at: Instant,
): readonly RunEvent[] {
  const guarding = { ...evaluation, scope: gate.scope, guards: [] };
  const watch = { waivers: [waiver], since: waiver.grantedAt, at, by: SYSTEM };
  return expireWaivers({ ...NO_PLAN, run }, [guarding], watch).steps.flatMap((step) => {
    if (step.entity !== 'run') return [];
    const decided = runDecider.decide(step.command, run);
    assert(decided.ok, `run \`${run.runId}\` refused a note`);
    return decided.value;
  });
}

const NO_PLAN = {
  onFailure: 'fail_fast',
  phases: [],
  workstreams: [],
  tasks: [],
  steps: [],
  dependencies: [],
  workers: [],
  checks: [],
  patches: [],
  decisions: [],
} as const;
