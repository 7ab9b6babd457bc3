import type { BudgetLine, UnpricedCount } from '#shared/cost/index.ts';
import { dayAt, toEpochMs } from '#shared/kernel/index.ts';
import type { ConvertedCosts, ReportRow } from '#worker/costs/index.ts';
import { describeBudgetState, toBudgetPercent } from '../budgets-text.ts';
import { toMoneyText } from '../money-text.ts';
import { toFixedText } from '../number-text.ts';
import { type Html, html } from './html.ts';
import { type PageRow, toPageTable } from './page-table.ts';
import type { ReportPage } from './report-facts.ts';

const NUMBER = { isNumber: true } as const;
const COST_HEADS = ['hours', 'currency', 'cost', 'billable', 'margin', 'per hour'] as const;
const BUDGET_HEADS = ['n', 'currency', 'limit', 'spent', 'reserved'] as const;

/** What it cost, and whether the budgets hold. */
export function toCostsPart(page: ReportPage): Html {
  const { costs, converted, asOf } = page;
  const { month, closed, total, by } = costs;
  const when = closed === null ? `as of ${asOf}` : `as it was closed ${closed.closedAt}`;
  const tables =
    total === null
      ? html`<p>Nothing cost anything in ${month}.</p>`
      : toCostTable(`Costs of ${month}, ${when}`, by.join(', '), [
          ...costs.rows.map(toNamed),
          ['total', total],
        ]);
  return html`<section><h2>What did it cost?</h2>
${tables}${total === null ? html`` : toMissing(total)}${toConverted(converted, page)}</section>
${toBudgets(page)}`;
}

const toNamed = (row: ReportRow): readonly [string, ReportRow] => [row.names.join(' · '), row];

function toCostTable(
  caption: string,
  head: string,
  rows: readonly (readonly [string, ReportRow])[],
): Html {
  return toPageTable({
    caption: `${caption}; n is how many runs and costs a figure rests on`,
    columns: [
      { head },
      { head: 'n', ...NUMBER },
      ...COST_HEADS.map((one) => ({ head: one, ...NUMBER })),
    ],
    rows: rows.flatMap(([name, row], place) => toCostRows(name, row, place === rows.length - 1)),
  });
}

/** One line for each currency; what belongs to all of them stands in the first. */
function toCostRows(name: string, row: ReportRow, isTotal: boolean): readonly PageRow[] {
  const { cells: n, hours, totals, perHour } = row;
  const first = [name, String(n), toFixedText(hours, 2)];
  if (totals.length === 0) return [{ cells: [...first, '–', '–', '–', '–', '–'], isTotal }];
  return totals.map(({ currency, costMicros, billableMicros, marginMicros }, place) => ({
    cells: [
      ...(place === 0 ? first : ['', '', '']),
      currency,
      toKnown(costMicros, row.unpriced),
      toKnown(billableMicros, row.unbilled),
      marginMicros === null ? '–' : toMoneyText(marginMicros),
      perHour?.currency === currency ? toMoneyText(perHour.micros) : '–',
    ],
    isTotal: isTotal && place === 0,
  }));
}

/** A sum of nothing but unknown amounts is not known either. */
const toKnown = (micros: bigint, unknown: readonly UnpricedCount[]): string =>
  micros === 0n && unknown.length > 0 ? '–' : toMoneyText(micros);

const toMissing = ({ unpriced, unbilled }: ReportRow): Html =>
  html`${toNames('Without a cost rate or price', unpriced)}${toNames('Billable without a billable rate', unbilled)}`;

function toNames(what: string, counts: readonly UnpricedCount[]): Html {
  if (counts.length === 0) return html``;
  const names = counts.map(({ name, count }) => `${name} × ${count}`).join(', ');
  return html`<p class="soft">${what}: ${names}.</p>
`;
}

function toConverted(converted: ConvertedCosts | undefined, { costs, asOf }: ReportPage): Html {
  if (converted === undefined || converted.total === null) return html``;
  const { currency, rows, total, missing } = converted;
  const caption = `The same in ${currency}, each amount at the rate of its day, as of ${asOf}`;
  const table = toCostTable(caption, costs.by.join(', '), [...rows.map(toNamed), ['total', total]]);
  return html`${table}${toNames('Without an exchange rate, and in no sum of these', missing)}`;
}

function toBudgets({ budgets, asOf, timeZone }: ReportPage): Html {
  if (budgets.length === 0) return html``;
  const notes = budgets.flatMap(describeBudgetState).map((line) => html`<li>${line.trim()}</li>`);
  const table = toPageTable({
    caption: `Budgets as of ${asOf}; used is spent and reserved, a pace of 1 is on time, n is how many runs and costs it is made of`,
    columns: [
      { head: 'budget' },
      ...BUDGET_HEADS.map((head) => ({ head, ...NUMBER })),
      { head: 'used' },
      { head: 'past', ...NUMBER },
      { head: 'pace', ...NUMBER },
      { head: 'lasts until', ...NUMBER },
    ],
    rows: budgets.map((line) => ({ cells: toBudgetCells(line, timeZone) })),
  });
  return html`<section><h2>Will the budgets hold?</h2>
${table}${notes.length === 0 ? html`` : html`<ul>${notes}</ul>`}</section>
`;
}

function toBudgetCells(line: BudgetLine, timeZone: string): readonly (string | Html)[] {
  const { limitMicros, spentMicros, heldMicros, usedPercent, thresholdPercent, burn } = line;
  return [
    `${line.scope.level} ${line.name}`,
    String(line.counted),
    line.currency,
    ...[limitMicros, spentMicros, heldMicros].map(toMoneyText),
    usedPercent === null ? '–' : toBar(usedPercent),
    thresholdPercent === null ? '–' : toBudgetPercent(thresholdPercent),
    burn.pace === null ? '–' : toFixedText(burn.pace, 2),
    burn.runsOutAt === null ? '–' : dayAt(toEpochMs(burn.runsOutAt), timeZone),
  ];
}

/** The words say the same as the bar. */
function toBar(percent: number): Html {
  const width = Math.max(0, Math.min(100, Math.floor(percent)));
  return html`<span class="bar${percent > 100 ? ' over' : ''}" aria-hidden="true"><i style="width:${width}%"></i></span>${toBudgetPercent(percent)}`;
}
