import { createGateScenes, type DriftReading, type FounderHqDoc } from '#shared/doc/index.ts';
import type { DeskFacts } from '#shared/ledger/index.ts';
import { type GroupVariance, toStateWords } from '#shared/variance/index.ts';
import { type GateSight, lookAtGates, type RunGateReport, seeGates } from '#worker/gates/index.ts';
import {
  type CostSettings,
  expireReservations,
  readProjectBudgets,
} from '#worker/spending/index.ts';
import type { LeaseMark, Store } from '#worker/store/index.ts';
import { tellWaiverEnds } from './expire-waivers.ts';
import { finishValidated } from './finish-validated.ts';
import { keepGates } from './kept-gates.ts';
import { type Books, readBooks, toViewRuns } from './ledger-books.ts';

/** What acting on gates goes by. */
export interface GateFacts {
  readonly books: Books;
  readonly doc: FounderHqDoc;
  readonly groups: readonly GroupVariance[];
  /** The doc's zone, whose days count. */
  readonly timeZone: string;
  /** How costs are counted; asked for where a gate asks for a budget. */
  readonly settings: () => Promise<CostSettings>;
  readonly nowMs: number;
}

/** The gates a run must pass by what the doc says now, for the desk that decides its end. */
export function createGatesOf(doc: FounderHqDoc): NonNullable<DeskFacts['gatesOf']> {
  let sceneOf: ReturnType<typeof createGateScenes> | undefined;
  return (run) => {
    // Most ticks decide no end, and preparing a doc costs as much as the doc is large.
    sceneOf ??= createGateScenes(doc);
    const { gates, faults } = sceneOf(run);
    const listed = gates.map(({ gateKey }) => gateKey);
    return faults.length === 0 ? listed : [...listed, UNREADABLE];
  };
}

/** A list nobody can read asks for something, though nobody knows what. */
const UNREADABLE = 'required_gates';

/**
 * Frees what reservations held whose time is over, evaluates the gates of the open runs, ends those that waited for the last of them, and tells of waivers that ran out. Returns how
 * they stood, and the books after it.
 */
export async function actOnGates(
  store: Store,
  facts: GateFacts,
  under: LeaseMark,
): Promise<{ readonly gates: readonly RunGateReport[]; readonly books: Books }> {
  const { nowMs } = facts;
  await expireReservations(store, { nowMs, under });
  const seen = seeGates(await toGateSight(store, facts));
  const gates = await lookAtGates({ store, seen, nowMs }, under);
  const validated = listValidated(facts.books, gates);
  await finishValidated(store, validated, { ...facts, under });
  const books = validated.length === 0 ? facts.books : await readBooks(store);
  const open = new Set(listOpenRuns(books).map(({ runId }) => runId));
  const left = seen.filter(({ runId }) => open.has(runId));
  await keepGates(store, left, { nowMs, under });
  await tellWaiverEnds(store, { books, nowMs, under });
  return { gates, books };
}

/** What gates of the open runs are seen by. Writes nothing. */
export async function toGateSight(store: Store, facts: GateFacts): Promise<GateSight> {
  const { books, doc, groups, timeZone, settings, nowMs } = facts;
  const drifts = new Map(groups.map(({ group, drift }) => [group, toDriftReading(drift)]));
  const runs = listOpenRuns(books);
  const asked = { doc, runs: toViewRuns(books, nowMs), settings, nowMs };
  return {
    doc,
    timeZone,
    runs,
    driftOf: (workflowId) => drifts.get(workflowId),
    budgetsOf: runs.length === 0 ? () => [] : await readProjectBudgets(store, asked),
  };
}

/** Runs that have not ended, in the order they began. */
export const listOpenRuns = ({ runs }: Books): GateSight['runs'] =>
  [...runs.values()]
    .filter(({ run: { run, day } }) => run.endedAt === undefined && day === undefined)
    .sort((one, other) => compareText(one.run.run.startedAt, other.run.run.startedAt))
    .map(({ run: { run, task } }) => {
      const { runId, state, pausedAt } = run;
      const isFinished = state === 'validating' && pausedAt !== undefined;
      return { runId, task, state, ...(isFinished ? { finishedAt: pausedAt } : {}) };
    });

const compareText = (one = '', other = ''): number => (one < other ? -1 : Number(one > other));

/** Every open run has been looked at: one without a report has neither gate nor fault, so its list has become empty meanwhile. */
function listValidated(
  books: Books,
  gates: readonly RunGateReport[],
): Parameters<typeof finishValidated>[1] {
  const reports = new Map(gates.map((report) => [report.runId, report]));
  return listOpenRuns(books).flatMap(({ runId, state }) => {
    if (state !== 'validating') return [];
    const { isOpen = true, gates: mine = [] } = reports.get(runId) ?? {};
    const waivedGates = mine.flatMap((gate) => (gate.status === 'WAIVED' ? gate.gateId : []));
    return isOpen ? [{ runId, waivedGates }] : [];
  });
}

const toDriftReading = ({ state, n, needed }: GroupVariance['drift']): DriftReading => ({
  state: toStateWords(state),
  n,
  needed,
});
