import type { Adjustment, BudgetLine, CostEntry } from '#shared/cost/index.ts';
import {
  type DocFinding,
  type DocSource,
  type FounderHqDoc,
  namesOf,
  READABLE_TABLES,
  readFounderHq,
} from '#shared/doc/index.ts';
import { type Clock, toInstant } from '#shared/kernel/index.ts';
import type { Json } from '#shared/ledger/index.ts';
import {
  type CostSettings,
  keepAdjustments,
  listBudgets,
  observeRates,
  priceDoc,
  readClosedBooks,
  readSpending,
  settleCosts,
  type Uncounted,
} from '#worker/spending/index.ts';
import type { LeaseMark, Store } from '#worker/store/index.ts';
import { type Books, observeRuns, readBooks, toViewRuns } from '#worker/sync/index.ts';
import { type CostBook, findAdjustments, type Origin } from './cost-book.ts';

/** How costs are read. */
export interface ReadCostsOptions {
  readonly clock: Clock;
  /** What the caller set; what is closed must have been closed under the same. */
  readonly given: Partial<CostSettings>;
  /** What new rates, typed runs and corrections are recorded under; without it nothing is written. */
  readonly under?: LeaseMark;
}

/** Costs as doc and ledger tell them at one moment. */
export interface CostReading {
  readonly doc: FounderHqDoc;
  readonly book: CostBook;
  readonly settings: CostSettings;
  /** As they stand now, whatever month is asked for. */
  readonly budgets: readonly BudgetLine[];
  readonly uncounted: Uncounted;
  /** Presses of buttons that no pass has decided yet: their hours are missing. */
  readonly waiting: number;
  /** Corrections of closed months that were found now, and recorded unless nothing is written. */
  readonly found: readonly Adjustment[];
  readonly findings: readonly DocFinding[];
}

/**
 * Reads doc and ledger. What is new since is recorded first, so that the ledger holds all the figures rest on.
 * Errors: those of the API and the store, and `SETTINGS_CLOSED` where a month was closed in another zone or currency.
 */
export async function readCosts(
  target: DocSource,
  store: Store,
  { clock, given, under }: ReadCostsOptions,
): Promise<CostReading> {
  const { doc, findings } = await readFounderHq(target, READABLE_TABLES);
  const nowMs = clock();
  const books = await readBooks(store);
  const before = await readClosedBooks(store);
  const settings = await settleCosts(target, before, given);
  if (under !== undefined) {
    const rows = doc.executionRuns.filter(({ runId = '' }) => !books.runs.has(runId));
    await observeRuns(store, { rows, nowMs, under });
    await observeRates(store, { people: doc.people, nowMs, under });
  }
  const spending = await readSpending(store);
  const { timeZone } = settings;
  const { entries } = spending;
  const costs = priceDoc(doc, { spending, runs: toViewRuns(books, nowMs), settings, nowMs });
  const now = toInstant(nowMs);
  const known: CostBook = { leaves: costs.leaves, closed: before, names: namesOf(doc) };
  const originOf = createOrigin(store, { doc, books, entries });
  const found = await findAdjustments(known, { now, timeZone, originOf });
  if (under !== undefined) await keepAdjustments(store, found, { at: now, under });
  const adjustments = [...before.adjustments, ...found];
  return {
    doc,
    book: { ...known, closed: { ...before, adjustments } },
    settings,
    budgets: listBudgets(doc, { sheets: spending, leaves: costs.leaves, settings, at: now }),
    uncounted: costs.uncounted,
    waiting: books.inbox.size,
    found,
    findings: [...target.binding.findings, ...findings, ...costs.findings],
  };
}

/** A cost entry was recorded at its moment; a run as its stream says, whether a button or a person's row made it. */
function createOrigin(
  store: Pick<Store, 'readStream'>,
  facts: {
    readonly doc: FounderHqDoc;
    readonly books: Books;
    readonly entries: readonly CostEntry[];
  },
): Origin {
  const { doc, books, entries } = facts;
  const recordedAt = new Map(entries.map((one) => [`cost/${one.entryId}`, one.recordedAt]));
  const rowIdOf = new Map(doc.executionRuns.map(({ runId, rowId }) => [runId ?? rowId, rowId]));
  return async (leafId) => {
    const at = recordedAt.get(leafId);
    if (at !== undefined) return { at };
    const runId = leafId.replace(/^run\//, '');
    const stream = books.runs.has(runId) ? `run/${runId}` : `row/${rowIdOf.get(runId) ?? runId}`;
    const last = (await store.readStream(stream)).at(-1);
    if (last === undefined) return {};
    const reason = reasonOf(last.payload);
    return { at: last.at, ...(reason === undefined ? {} : { reason }) };
  };
}

function reasonOf(payload: Json): string | undefined {
  const isRecord = typeof payload === 'object' && payload !== null && 'reason' in payload;
  const reason: unknown = isRecord ? payload['reason'] : undefined;
  return typeof reason === 'string' && reason !== '' ? reason : undefined;
}
