import type { BudgetLine } from '#shared/cost/index.ts';
import { dayAt, type Instant, toEpochMs } from '#shared/kernel/index.ts';
import { toMoneyText } from './money-text.ts';
import { toFixedText } from './number-text.ts';
import { shortenName, toTable } from './text-table.ts';

const HEADS = ['currency', 'limit', 'spent', 'reserved', 'used', 'past', 'pace', 'lasts until'];

/** How budgets stand, as people read it on a terminal; nothing where there are none. */
export function describeBudgets(
  budgets: readonly BudgetLine[],
  { asOf, timeZone }: { readonly asOf: Instant; readonly timeZone: string },
): readonly string[] {
  if (budgets.length === 0) return [];
  const rows = budgets.map((line) => [
    shortenName(`${line.scope.level} ${toPlain(line.name)}`),
    line.currency,
    ...[line.limitMicros, line.spentMicros, line.heldMicros].map(toMoneyText),
    line.usedPercent === null ? '–' : toBudgetPercent(line.usedPercent),
    line.thresholdPercent === null ? '–' : toBudgetPercent(line.thresholdPercent),
    line.burn.pace === null ? '–' : toFixedText(line.burn.pace, 2),
    line.burn.runsOutAt === null ? '–' : dayAt(toEpochMs(line.burn.runsOutAt), timeZone),
  ]);
  return [
    `Budgets as of ${asOf}; used is spent and reserved, a pace of 1 is on time:`,
    ...toTable([['', ...HEADS], ...rows], [0, 1]),
    ...budgets.flatMap(describeBudgetState),
  ];
}

/** What asks for attention in a budget, a line each. */
export function describeBudgetState(line: BudgetLine): readonly string[] {
  const { availableMicros, currency, uncounted, isStopped, state } = line;
  const name = `  ${line.scope.level} ${toPlain(line.name)}`;
  const over = `${toMoneyText(-availableMicros)} ${currency} over its limit`;
  return [
    ...(state === 'exceeded' ? [`${name}: ${over}`] : []),
    ...(state === 'exhausted' ? [`${name}: used up, to the limit`] : []),
    ...(isStopped ? [`${name}: hard stop, it gives no more`] : []),
    ...(uncounted > 0
      ? [`${name}: ${uncounted} without a price or in another currency, in no sum of it`]
      : []),
  ];
}

/** Cut to a tenth, so that nothing below a limit reads 100. */
export const toBudgetPercent = (percent: number): string => `${Math.floor(percent * 10) / 10} %`;

const toPlain = (name: string): string => name.replaceAll(/\p{Cc}/gu, ' ');
