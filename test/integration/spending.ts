import {
  type Budget,
  type BudgetBook,
  type BudgetNotice,
  type CostEntry,
  costDecider,
  openAccount,
  priceEntry,
  type Reservation,
  reserve,
  spend,
} from '#shared/cost/index.ts';
import type { ScheduleEntry } from '#shared/planning/index.ts';
import { idOf } from '../shared/ledger/record/work-scene.ts';
import type { Foreman } from './foreman.ts';
import { moveReservation, openPrices, toCostStep, toMeasured } from './money.ts';
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

/** What was spent so far, what the budget said to it, and every line of it. */
export interface Spent {
  book: BudgetBook;
  readonly notices: BudgetNotice[];
  readonly entries: CostEntry[];
}

/** A budget nothing was spent of. */
export const openSpending = (): Spent => ({
  book: new Map([[BUDGET.budgetId, openAccount(BUDGET, at(0).at)]]),
  notices: [],
  entries: [],
});

/** Holds money for every task that is sent off; a budget that has not enough throws. */
export async function hold(foreman: Foreman, sent: readonly ScheduleEntry[], spent: Spent) {
  const asked = at(foreman.minute);
  const budgetIds = [BUDGET.budgetId];
  const money = { budgetIds, amountMicros: HELD_MICROS, currency: 'EUR' };
  const moved = sent.map(({ taskId }) => {
    const change = reserve(spent.book, { ...money, at: asked.at });
    if (!change.ok) throw new Error(change.refusal.code);
    spent.book = change.value.book;
    spent.notices.push(...change.value.notices);
    const reservationId = idOf(`money for ${taskId}`);
    const birth = {
      reservationId,
      runId: idOf('R'),
      taskId,
      expiresAt: at(foreman.minute + 30).at,
    };
    return moveReservation({ ...asked, type: 'create', ...money, ...birth });
  });
  await foreman.do(
    `hold/${foreman.minute}`,
    [],
    moved.map(({ step }) => step),
  );
  return moved.map(({ reservation }) => reservation);
}

/** Settles what was held by the true cost. */
export async function settle(
  foreman: Foreman,
  held: readonly Reservation[],
  spent: Spent,
): Promise<void> {
  const asked = at(foreman.minute);
  const prices = openPrices();
  const steps = held.flatMap((before) => {
    const [task, quantity] = TOKENS.find(([name]) => idOf(name) === before.taskId) ?? ['', 0];
    const name = `cost of ${task}`;
    const used = { name, run: 'R', workstream: 'W', task, resourceName: 'editor', quantity, asked };
    const { reservationId, budgetIds, currency } = before;
    const entry = { ...priceEntry(toMeasured(used), prices), reservationId };
    const { amountMicros: costMicros = 0n } = entry;
    const bill = { at: asked.at, budgetIds, costMicros, currency, heldMicros: HELD_MICROS };
    spent.book = spend(spent.book, bill).book;
    spent.entries.push(entry);
    const { step } = moveReservation({ ...asked, type: 'settle', costMicros }, before);
    return [step, toCostStep(entry, asked)];
  });
  await foreman.do(`settle/${foreman.minute}`, [], steps);
}

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
  await foreman.do(
    'corrections',
    [],
    added.map((entry) => toCostStep(entry, asked)),
  );
  return [...entries, ...added];
}
