import {
  type Budget,
  type BudgetBook,
  type CostEntry,
  costDecider,
  type MoneyMoved,
  openAccount,
  placeReservation,
  priceEntry,
  type Reservation,
  releaseReservation,
  settleReservation,
  toCostStep,
} from '#shared/cost/index.ts';
import type { Result } from '#shared/kernel/index.ts';
import type { Asked } from '#shared/lifecycle/index.ts';
import { idOf } from '../shared/ledger/record/work-scene.ts';
import type { Beside, Foreman } from './foreman.ts';
import { openPrices, toMeasured } from './money.ts';
import { at } from './order.ts';

/** Tokens each task uses; a token costs 15 micros. */
export const TOKENS = [
  ['design', 1_500],
  ['page', 2_001],
  ['form', 333],
  ['launch', 10],
] as const;
const HELD_MICROS = 40_000n;
/** What the run may spend. */
export const BUDGET: Budget = {
  budgetId: idOf('budget'),
  scope: { level: 'run', id: idOf('R') },
  currency: 'EUR',
  limitMicros: 200_000n,
  thresholdsPercent: [50, 100],
  mode: 'halt',
  period: 'none',
  timeZone: 'UTC',
  startsAt: at(0).at,
};

/** What is held and was spent so far, and every line of it. */
export interface Spent {
  book: BudgetBook;
  held: readonly Reservation[];
  readonly entries: CostEntry[];
}

/** A budget nothing was spent of. */
export const openSpending = (): Spent => ({
  book: new Map([[BUDGET.budgetId, openAccount(BUDGET, at(0).at)]]),
  held: [],
  entries: [],
});

/** What the budget has spent and holds. */
export const moneyIn = ({ book }: Spent) => book.get(BUDGET.budgetId);

/** Holds money for every task that is sent off; a budget that has not enough throws. */
export function hold({ runId, minute }: Foreman, taskIds: readonly string[], spent: Spent): Beside {
  const money = { budgetIds: [BUDGET.budgetId], amountMicros: HELD_MICROS, currency: 'EUR' };
  const expiresAt = at(minute + 30).at;
  const moved = taskIds.map((taskId) => {
    const birth = {
      ...money,
      reservationId: idOf(`money for ${taskId}`),
      runId,
      taskId,
      expiresAt,
    };
    return take(placeReservation(spent.book, birth, at(minute)), spent);
  });
  spent.held = moved.map(({ reservation }) => reservation);
  return toBeside(moved);
}

/** Settles what was held by the true cost. */
export function settle(spent: Spent, asked: Asked): Beside {
  const prices = openPrices();
  const moved = spent.held.map((before) => {
    const [task, quantity] = TOKENS.find(([name]) => idOf(name) === before.taskId) ?? ['', 0];
    const name = `cost of ${task}`;
    const used = { name, run: 'R', workstream: 'W', task, resourceName: 'editor', quantity, asked };
    const entries = [priceEntry(toMeasured(used), prices)];
    spent.entries.push(...entries);
    return take(settleReservation(spent.book, before, { ...asked, entries }), spent);
  });
  return toBeside(moved);
}

/** Frees what was held for tasks that were given up. */
export function release(taskIds: readonly string[], spent: Spent, asked: Asked): Beside {
  const moved = spent.held
    .filter(({ taskId }) => taskIds.includes(taskId))
    .map((before) =>
      take(releaseReservation(spent.book, before, { ...asked, type: 'release' }), spent),
    );
  return toBeside(moved);
}

function take(moved: Result<MoneyMoved, { readonly code: string }>, spent: Spent): MoneyMoved {
  if (!moved.ok) throw new Error(moved.refusal.code);
  spent.book = moved.value.book;
  return moved.value;
}

const toBeside = (moved: readonly MoneyMoved[]): Beside => ({
  documents: moved.flatMap(({ documents }) => documents),
  notices: moved.flatMap(({ notices }) => notices),
});

/** A second bill for the form that is taken back, and a use nobody has a price for. */
export async function correctCosts(foreman: Foreman, entries: readonly CostEntry[]) {
  const asked = at(foreman.minute + 4);
  const used = { run: 'R', workstream: 'W', task: 'form', quantity: 333, asked };
  const twice = priceEntry(
    toMeasured({ ...used, name: 'form again', resourceName: 'editor' }),
    openPrices(),
  );
  const unpriced = priceEntry(
    toMeasured({ ...used, name: 'renderer', resourceName: 'renderer' }),
    openPrices(),
  );
  const line = [{ ...asked, type: 'cost_recorded', entry: twice } as const].reduce(
    costDecider.evolve,
    costDecider.initial,
  );
  const back = { entryId: idOf('form back'), idempotencyKey: 'form back' };
  const reversed = costDecider.decide({ ...asked, type: 'reverse', ...back }, line);
  if (!reversed.ok) throw new Error(reversed.refusal.code);
  const added = [twice, unpriced, ...reversed.value.map(({ entry }) => entry)];
  await foreman.do('corrections', [], {
    documents: added.map((entry) => toCostStep(entry, asked.by)),
  });
  return [...entries, ...added];
}
