import type { CodaApi } from '#shared/coda/index.ts';
import { type VarianceReport, workflowVariance } from '#shared/doc/index.ts';
import { toInstant } from '#shared/kernel/index.ts';
import { VISIBLE_AFTER_MS, type VisibleRow } from '#shared/ledger/index.ts';
import {
  listResurfaced,
  type OpenRun,
  type Resurfaced,
  type RunGateReport,
  reportGates,
  seeGates,
} from '#worker/gates/index.ts';
import { createCostSettings } from '#worker/spending/index.ts';
import type { Store } from '#worker/store/index.ts';
import { type GateFacts, listOpenRuns, toGateSight } from './act-on-gates.ts';
import { readBooks, toViewRuns } from './ledger-books.ts';
import { peek } from './pull.ts';
import { openTarget } from './sync-target.ts';

/** How gates stand at one moment. */
export interface GatesNow {
  /** The open runs that ask for gates: statuses as the ledger has them, conditions as the doc says now. */
  readonly runs: readonly RunGateReport[];
  /** Every run that has not ended, whether or not it asks for gates. */
  readonly openRuns: readonly OpenRun[];
  /** Runs that are done under waivers which have ended since. */
  readonly resurfaced: readonly Resurfaced[];
  /** Presses in the doc that no pass has decided yet; what they change is in none of this. */
  readonly presses: number;
}

/** How gates stand now. Writes nothing. Errors: those of the API; `DOC_NOT_READY`. */
export async function readOpenGates(
  store: Store,
  { api, docId, nowMs }: { readonly api: CodaApi; readonly docId: string; readonly nowMs: number },
): Promise<GatesNow> {
  const target = await openTarget(api, docId);
  const { doc, ledgerRows } = await peek({ store, target, nowMs, lagMs: VISIBLE_AFTER_MS });
  const { timeZone } = target;
  const settings = createCostSettings({ api, docId }, store);
  const { gates } = await readDocFigures(store, { doc, timeZone, settings, nowMs });
  return { ...gates, presses: await countUndecided(store, ledgerRows) };
}

/** What rests on a doc that was read and on its ledger. */
export interface DocFigures {
  readonly variance: VarianceReport;
  /** Without what is pressed and not decided yet. */
  readonly gates: Omit<GatesNow, 'presses'>;
}

/** The variance of every workflow and how the gates stand, of a doc that was read. Writes nothing. Errors: those of the store. */
export async function readDocFigures(
  store: Store,
  facts: Omit<GateFacts, 'books' | 'groups'>,
): Promise<DocFigures> {
  const { doc, timeZone, nowMs } = facts;
  const books = await readBooks(store);
  const variance = workflowVariance(doc, { runs: toViewRuns(books, nowMs), timeZone });
  const sight = await toGateSight(store, { ...facts, books, groups: variance.groups });
  const at = toInstant(nowMs);
  return {
    variance,
    gates: {
      runs: await reportGates(store, seeGates(sight), at),
      openRuns: listOpenRuns(books),
      resurfaced: await listResurfaced(store, at),
    },
  };
}

async function countUndecided(store: Store, rows: readonly VisibleRow[]): Promise<number> {
  const keys = new Set(rows.flatMap(({ kind, key }) => (kind === 'command' ? key : [])));
  let undecided = 0;
  for (const key of keys) if ((await store.findByKey(key)) === undefined) undecided += 1;
  return undecided;
}
