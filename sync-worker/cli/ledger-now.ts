import { isDomainError, toInstant } from '#shared/kernel/index.ts';
import type { ViewRun } from '#shared/ledger/index.ts';
import { type RunGateReport, reportGates } from '#worker/gates/index.ts';
import { NO_SPENDING, readSpending, type Spending } from '#worker/spending/index.ts';
import type { Store } from '#worker/store/index.ts';
import { readBooks, readKeptGates, toViewRuns } from '#worker/sync/index.ts';
import { openKeptStore } from './open-store.ts';
import type { StoreOptions } from './store-option.ts';

/** What a doc's ledger says at one moment. */
export interface LedgerNow {
  /** Every run that buttons have made. */
  readonly runs: readonly ViewRun[];
  /** How the open runs stand to their gates, as the last pass saw them and as time has gone on since. */
  readonly gates: readonly RunGateReport[];
  readonly spending: Spending;
}

/** What the ledger of a doc says, for commands that can do without: nothing where there is none. Writes nothing. Errors: as {@link openIfKept}. */
export async function readKeptLedger(
  docId: string,
  options: StoreOptions,
  nowMs: number,
): Promise<LedgerNow> {
  const store = await openIfKept(docId, options);
  if (store === undefined) return { runs: [], gates: [], spending: NO_SPENDING };
  try {
    const kept = await readKeptGates(store);
    return {
      runs: toViewRuns(await readBooks(store), nowMs),
      gates: await reportGates(store, kept?.runs ?? [], toInstant(nowMs)),
      spending: await readSpending(store),
    };
  } finally {
    await store.close();
  }
}

/**
 * Opens the ledger a doc already has, if it has one.
 * Errors: those of the store; `STORE_MISSING` where a server was named that has none.
 */
export async function openIfKept(docId: string, options: StoreOptions): Promise<Store | undefined> {
  try {
    return await openKeptStore(docId, options);
  } catch (error) {
    const isNamed = (options.store ?? '') !== '';
    if (!isNamed && isDomainError(error) && error.code === 'STORE_MISSING') return undefined;
    throw error;
  }
}

/**
 * The runs of doc and ledger, each once. What is pressed and not decided is in the doc alone; what has ended or left the doc's Ledger
 * table the ledger knows, even where the doc shows its state of some minutes ago.
 */
export function joinRuns(
  inDoc: readonly ViewRun[],
  inLedger: readonly ViewRun[],
): readonly ViewRun[] {
  const runs = new Map(inLedger.map((run) => [run.runId, run]));
  for (const run of inDoc) {
    const known = runs.get(run.runId);
    if (known === undefined || run.isPending || !isOver(known)) runs.set(run.runId, run);
  }
  return [...runs.values()];
}

const isOver = ({ endedAtMs, state }: ViewRun): boolean =>
  endedAtMs !== undefined || state === 'validating';
