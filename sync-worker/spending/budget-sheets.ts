import { type ContractDocument, parseContract } from '#shared/contracts/index.ts';
import {
  type Budget,
  type BudgetLine,
  type BudgetMove,
  type BudgetRecords,
  type CostLeaf,
  NO_LINES,
  readBudgetMoves,
  rebuildBudgets,
  toBudgetLine,
} from '#shared/cost/index.ts';
import { type FounderHqDoc, type HeldMoney, namesOf, toDocBudgets } from '#shared/doc/index.ts';
import { DomainError, type Instant } from '#shared/kernel/index.ts';
import type { Store } from '#worker/store/index.ts';
import type { CostSettings } from './closed-month.ts';
import { readEntries } from './read-entries.ts';
import { listHeldReservations } from './read-reservation.ts';

/** All a ledger knows of budgets at one moment. */
export interface BudgetSheets extends BudgetRecords {
  /** What is set aside, by the project of the run it is for. */
  readonly held: readonly HeldMoney[];
}

/** What a doc without a ledger knows of them. */
export const NO_BUDGETS: BudgetSheets = { budgets: [], moves: [], entries: [], held: [] };

/** Reads budgets with all that fills them. Errors: `STORE_CORRUPT`. */
export async function readBudgetSheets(
  store: Pick<Store, 'readStream' | 'listRecords' | 'getRecord'>,
): Promise<BudgetSheets> {
  const budgets = await readBudgets(store);
  const moves: BudgetMove[] = [];
  for (const { budgetId } of budgets) {
    moves.push(...readBudgetMoves(budgetId, await store.readStream(`budget/${budgetId}`)));
  }
  return { budgets, moves, entries: await readEntries(store), held: await readHeld(store) };
}

async function readBudgets(store: Pick<Store, 'listRecords'>): Promise<readonly Budget[]> {
  const records = await store.listRecords('budgets');
  return records.map(({ id, document }) => {
    const budget = parseContract(document, 'budget');
    if (budget.ok) return toBudget(budget.value);
    const text = `The budget \`${id}\` is none (${budget.refusal.path}).`;
    throw new DomainError('STORE_CORRUPT', text);
  });
}

/** In a document, a field that is `null` is absent. */
function toBudget(document: ContractDocument<'budget'>): Budget {
  const { schema: _, metadata: __, limitMicros, endsAt, ...budget } = document;
  return {
    ...budget,
    limitMicros: BigInt(limitMicros),
    ...(endsAt == null ? {} : { endsAt }),
  };
}

async function readHeld(
  store: Pick<Store, 'listRecords' | 'getRecord'>,
): Promise<readonly HeldMoney[]> {
  const held: HeldMoney[] = [];
  for (const { runId, amountMicros: micros, currency } of await listHeldReservations(store)) {
    const projectId = (await store.getRecord('runs', runId))?.document['projectId'];
    if (typeof projectId === 'string') held.push({ projectId, currency, micros });
  }
  return held;
}

/** What the budgets of a doc and of its ledger are shown by. */
export interface BudgetScene {
  readonly sheets: BudgetSheets;
  readonly leaves: readonly CostLeaf[];
  readonly settings: CostSettings;
  readonly at: Instant;
}

/**
 * Every budget at one moment: those of the doc's columns, against all that was spent, and those of the ledger, against its cost entries and
 * reservations in their running period.
 */
export function listBudgets(doc: FounderHqDoc, scene: BudgetScene): readonly BudgetLine[] {
  const { sheets, leaves, settings, at } = scene;
  const ofDoc = toDocBudgets(doc, { leaves, held: sheets.held, at, ...settings });
  return [...ofDoc, ...listLedgerBudgets(sheets, at, namesOf(doc))];
}

/** The budgets of the ledger alone, in their running period; one that `names` does not know is named by its id. */
export function listLedgerBudgets(
  sheets: BudgetSheets,
  at: Instant,
  names: ReadonlyMap<string, string> = new Map(),
): readonly BudgetLine[] {
  const { book, lines } = rebuildBudgets(sheets, at);
  return sheets.budgets.flatMap(({ budgetId, scope }): readonly BudgetLine[] => {
    const account = book.get(budgetId);
    const name = names.get(scope.id) ?? scope.id;
    const told = { scope, name, at, ...(lines.get(budgetId) ?? NO_LINES) };
    return account === undefined ? [] : [toBudgetLine(account, { ...told, origin: 'ledger' })];
  });
}
