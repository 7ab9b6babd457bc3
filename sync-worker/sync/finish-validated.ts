import { assert, toInstant } from '#shared/kernel/index.ts';
import { evolveRun } from '#shared/ledger/index.ts';
import { runDecider } from '#shared/lifecycle/index.ts';
import { type LeaseMark, type Store, toJson } from '#worker/store/index.ts';
import { type Books, keepDesk, keepRun } from './ledger-books.ts';

/** A run all of whose gates are open, and those that are so by a waiver only. */
export interface ValidatedRun {
  readonly runId: string;
  readonly waivedGates: readonly string[];
}

/** Ends runs that waited for their gates. One transaction each: a run that is done stays done whatever becomes of the next. */
export async function finishValidated(
  store: Store,
  runs: readonly ValidatedRun[],
  {
    books,
    nowMs,
    under,
  }: { readonly books: Books; readonly nowMs: number; readonly under: LeaseMark },
): Promise<void> {
  const desks = new Map(books.desks);
  for (const { runId, waivedGates } of runs) {
    const booked = books.runs.get(runId);
    const desk = desks.get(booked?.deskId ?? '');
    const before = desk?.runs.find(({ run }) => run.runId === runId);
    // Without its desk nobody could show the end; a desk keeps every run that is open.
    if (desk === undefined || before === undefined) continue;
    const command = { ...SUCCEED, at: toInstant(nowMs), by: 'system', waivedGates };
    const decided = runDecider.decide(command, before.run);
    assert(decided.ok, `run \`${runId}\` refused to succeed after its gates had opened`);
    const events = decided.value.map((event) => ({ runId, event }));
    const moved = events.reduce(evolveRun, desk);
    const after = await store.transaction(
      async (transaction) => {
        const result = await transaction.append(
          `run/${runId}`,
          decided.value.map(({ type, at, ...payload }) => ({
            type,
            at,
            actor: 'system',
            payload: toJson(payload),
          })),
          { expectedVersion: 'any', idempotencyKey: `gates-open/${runId}` },
        );
        assert(result.kind === 'appended', `run \`${runId}\` had succeeded before`);
        const shown = { ...moved, seq: result.position };
        await keepDesk(transaction, shown);
        for (const run of shown.runs) {
          if (run.run.runId === runId) await keepRun(transaction, { deskId: desk.deskId, run });
        }
        return shown;
      },
      { under },
    );
    desks.set(after.deskId, after);
  }
}

const SUCCEED = {
  type: 'succeed',
  openGates: [],
  openWorkstreams: 0,
  openPatches: 0,
  hasAcceptance: true,
  failedWorkstreams: 0,
  tasksCompleted: 1,
} as const;
