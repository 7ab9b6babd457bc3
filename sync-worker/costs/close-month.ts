import { microsToText, rollUp } from '#shared/cost/index.ts';
import { addDays, DomainError, type Instant, startOfDay, toEpochMs } from '#shared/kernel/index.ts';
import { keepClosedMonth } from '#worker/spending/index.ts';
import type { LeaseMark, Store } from '#worker/store/index.ts';
import { monthCosts } from './cost-book.ts';
import type { CostReading } from './read-costs.ts';

/** What came of closing a month. */
export type CloseOutcome = 'closed' | 'already closed';

/**
 * Freezes the figures of a month that is over. A month that is closed stays as it is. There is no way to close one that is not over: its
 * remaining days would all become corrections.
 * Errors: `MONTH_OPEN` before its end in the owner's zone, `NOT_SETTLED` while presses of buttons wait to be decided.
 */
export async function closeMonth(
  store: Pick<Store, 'transaction' | 'head'>,
  { book, settings, waiting }: CostReading,
  {
    month,
    now,
    under,
  }: { readonly month: string; readonly now: Instant; readonly under: LeaseMark },
): Promise<CloseOutcome> {
  if (book.closed.months.has(month)) return 'already closed';
  checkClosing({ settings, waiting }, { month, now });
  const { leaves } = monthCosts(book, month);
  const values = new Set(leaves.flatMap(({ dimensions }) => Object.values(dimensions)));
  const names = Object.fromEntries([...book.names].filter(([id]) => values.has(id)));
  const closed = { month, closedAt: now, ...settings, head: await store.head(), leaves, names };
  const figures = microsToText(rollUp(leaves, []));
  await keepClosedMonth(store, closed, { figures, under });
  return 'closed';
}

/** Refuses a month that is not over, and one whose presses wait, as {@link closeMonth} does. */
export function checkClosing(
  { settings: { timeZone }, waiting }: Pick<CostReading, 'settings' | 'waiting'>,
  { month, now }: { readonly month: string; readonly now: Instant },
): void {
  const next = `${addDays(`${month}-01`, 31).slice(0, 7)}-01`;
  if (toEpochMs(now) < startOfDay(next, timeZone)) {
    const text = `${month} is not over in ${timeZone}: close it from ${next} on.`;
    throw new DomainError('MONTH_OPEN', text);
  }
  if (waiting > 0) {
    const text = `${waiting} presses of buttons wait to be decided, and their hours would be missing: run \`founder-hq sync\` first.`;
    throw new DomainError('NOT_SETTLED', text, { retryable: true });
  }
}
