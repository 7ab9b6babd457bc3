import { findRow, type GatedRun } from '#shared/doc/index.ts';
import { HOLD_MS, type VisibleRow } from '#shared/ledger/index.ts';
import { decideGateCommands } from '#worker/gates/index.ts';
import { createCostSettings, decideCostCommands, observeRates } from '#worker/spending/index.ts';
import { type LeaseMark, type Store, sha256 } from '#worker/store/index.ts';
import { createGatesOf, listOpenRuns } from './act-on-gates.ts';
import { type DecideReport, decideCommands } from './decide-commands.ts';
import type { Books } from './ledger-books.ts';
import { type ObserveReport, observeRuns } from './observe-runs.ts';
import { createIsPublished } from './publish-runs.ts';
import type { Pulled } from './pull.ts';
import type { SyncTarget } from './sync-target.ts';

/** What a pass decides on. */
export interface DecideOptions {
  readonly store: Store;
  readonly target: SyncTarget;
  /** How long a lifecycle command is held for earlier presses. Units: ms. @default HOLD_MS */
  readonly holdMs?: number;
}

/** What a tick has read, and the moment it stands at. */
export interface Look {
  readonly pulled: Pulled;
  readonly ledgerRows: readonly VisibleRow[];
  readonly nowMs: number;
  readonly under: LeaseMark;
}

/** Decides all that was asked, and takes down what people typed and what their hours cost. */
export async function decide(
  { store, target, holdMs = HOLD_MS }: DecideOptions,
  { pulled: { doc }, ledgerRows, nowMs, under }: Look,
): Promise<{ readonly decided: DecideReport; readonly observed: ObserveReport }> {
  const decided = await decideCommands(store, {
    rows: ledgerRows,
    nowMs,
    holdMs,
    sha256,
    under,
    isPublished: createIsPublished(doc),
    gatesOf: createGatesOf(doc),
    knowsTask: (task) => findRow(doc.tasks, task).kind === 'found',
  });
  const runs = listOpenRuns(decided.books);
  const asked = { store, rows: ledgerRows, doc, runs, nowMs, under };
  const ofGates = await decideGateCommands({ ...asked, timeZone: target.timeZone });
  const settings = createCostSettings(target, store);
  const ofCosts = await decideCostCommands({
    ...asked,
    runs: listRuns(decided.books),
    timeZone: async () => (await settings()).timeZone,
  });
  const typed = doc.executionRuns.filter(({ runId = '' }) => !decided.books.runs.has(runId));
  const sum = {
    decided: decided.decided + ofGates.decided + ofCosts.decided,
    waiting: decided.waiting + ofGates.waiting + ofCosts.waiting,
  };
  const observed = await observeRuns(store, { rows: typed, nowMs, under });
  await observeRates(store, { people: doc.people, nowMs, under });
  return { decided: { ...decided, ...sum }, observed };
}

const listRuns = ({ runs }: Books): readonly GatedRun[] =>
  [...runs.values()].map(({ run: { run, task } }) => ({ runId: run.runId, task }));
