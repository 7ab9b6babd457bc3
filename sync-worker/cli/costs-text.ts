import type { HourlyRateRefusal, UnpricedCount } from '#shared/cost/index.ts';
import type {
  CloseOutcome,
  ConvertedCosts,
  CostReading,
  CostReport,
  ReportRow,
  StandingMonth,
} from '#worker/costs/index.ts';
import { RATE_COLUMNS } from '#worker/spending/index.ts';
import { describeStanding } from './closing-text.ts';
import { toMoneyText } from './money-text.ts';
import { toFixedText } from './number-text.ts';

/** What a report is shown with: what was done, and what is missing from it. */
export interface CostsContext {
  readonly outcome: CloseOutcome | undefined;
  readonly reading: Pick<CostReading, 'uncounted' | 'waiting' | 'findings'>;
  /** Of a closed month that was corrected since: what stands now. */
  readonly standing?: StandingMonth | undefined;
  /** The same in one currency, where one was asked for. */
  readonly converted?: ConvertedCosts | undefined;
}

const HEADS = ['hours', 'currency', 'cost', 'billable', 'margin', 'per hour'];
/** How many corrections or names are printed before the rest is only counted. */
const SHOWN_MAX = 20;

/** The costs of a month as people read them on a terminal. */
export function describeCosts(report: CostReport, context: CostsContext): string {
  const { outcome, reading, standing, converted } = context;
  const { rows, total, adjusted, closed } = report;
  const lines = [
    describeHead(report, outcome),
    ...(total === null
      ? ['Nothing cost anything.']
      : toTable(report.by.join(', '), [...rows.map(toNamed), ['total', total]])),
    ...(total === null ? [] : describeMissing(total)),
    ...describeConverted(report, converted),
    ...describeStandingMonth(standing),
    ...describeAdjustments(report),
    ...(adjusted === null ? [] : toTable('', [['with these corrections', adjusted]])),
    // What is open may still come; a closed month is the same for ever.
    ...(closed === null ? describeUncounted(reading) : []),
    ...describeUnreadable(reading),
  ];
  return `${lines.join('\n')}\n`;
}

function describeHead(report: CostReport, outcome: CloseOutcome | undefined): string {
  const { month, timeZone, currency, closed } = report;
  const said =
    outcome === undefined ? '' : `${outcome === 'closed' ? 'Closed' : 'Already closed'}. `;
  const state =
    closed === null
      ? 'as of now'
      : `closed ${closed.closedAt} at event ${closed.head.position} of the ledger`;
  return `${said}Costs of ${month} in ${timeZone}, ${state}; amounts without a currency are ${currency}`;
}

const toNamed = (row: ReportRow): readonly [string, ReportRow] => [row.names.join(' · '), row];

/** One line for each row and currency; hours stand in the first. */
function toTable(head: string, rows: readonly (readonly [string, ReportRow])[]): readonly string[] {
  const cells = rows.flatMap(([name, row]) => {
    const { hours, totals, perHour } = row;
    if (totals.length === 0) return [[name, toFixedText(hours, 2), '–', '–', '–', '–', '–']];
    return totals.map(({ currency, costMicros, billableMicros, marginMicros }, index) => [
      index === 0 ? name : '',
      index === 0 ? toFixedText(hours, 2) : '',
      currency,
      toKnown(costMicros, row.unpriced),
      toKnown(billableMicros, row.unbilled),
      marginMicros === null ? '–' : toMoneyText(marginMicros),
      perHour?.currency === currency ? toMoneyText(perHour.micros) : '–',
    ]);
  });
  const all = [[head, ...HEADS], ...cells];
  const widths = [head, ...HEADS].map((_, column) =>
    Math.max(...all.map((line) => line[column]?.length ?? 0)),
  );
  const pad = (cell: string, column: number): string =>
    column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0);
  return all.map((line) => line.map(pad).join('  ').trimEnd());
}

/** A sum of nothing but unknown amounts is not known either. */
const toKnown = (micros: bigint, unknown: readonly UnpricedCount[]): string =>
  micros === 0n && unknown.length > 0 ? '–' : toMoneyText(micros);

function describeConverted(
  { by }: CostReport,
  converted: ConvertedCosts | undefined,
): readonly string[] {
  if (converted === undefined || converted.total === null) return [];
  const { currency, rows, total, missing } = converted;
  return [
    `The same in ${currency}, each amount at the rate of its day:`,
    ...toTable(by.join(', '), [...rows.map(toNamed), ['total', total]]),
    ...describeNames('without an exchange rate, and in no sum of these', missing),
  ];
}

function describeStandingMonth(standing: StandingMonth | undefined): readonly string[] {
  if (standing === undefined) return [];
  const { total } = standing;
  if (total === null) return [describeStanding(standing), '  nothing cost anything'];
  return [
    describeStanding(standing),
    ...toTable('', [['with all corrections', total]]),
    ...describeMissing(total),
  ];
}

/** What a cell of a rate holds that nobody can read, which would else look like a rate that is missing. */
const describeUnreadable = ({ findings }: CostsContext['reading']): readonly string[] =>
  findings.flatMap(({ table, column = '', code, severity, message, fix }) =>
    code === 'CELL_UNREADABLE' && table === 'people' && RATE_COLUMNS.includes(column)
      ? [`${severity}: ${plain(`${message} ${fix}`)}`]
      : [],
  );

function describeMissing({ unpriced, unbilled, whyNoRate }: ReportRow): readonly string[] {
  return [
    ...describeNames('without a cost rate or price', unpriced),
    ...describeNames('billable without a billable rate', unbilled),
    ...(unpriced.length + unbilled.length === 0 ? [] : ['  so no margin is known']),
    ...(whyNoRate === undefined ? [] : [`  no effective hourly rate: ${WHY[whyNoRate.code]}`]),
  ];
}

const WHY: Readonly<Record<HourlyRateRefusal['code'], string>> = {
  NO_HOURS: 'there are no hours',
  UNBILLED: 'some billable work has no billable rate',
  SEVERAL_CURRENCIES: 'hours cannot be told apart by currency',
};

function describeNames(what: string, counts: readonly UnpricedCount[]): readonly string[] {
  if (counts.length === 0) return [];
  const shown = counts.slice(0, SHOWN_MAX).map(({ name, count }) => `${plain(name)} × ${count}`);
  const rest = counts.length > SHOWN_MAX ? `, and ${counts.length - SHOWN_MAX} more` : '';
  return [`  ${what}: ${shown.join(', ')}${rest}`];
}

function describeAdjustments({
  adjustments,
  adjustmentRows,
  by,
}: Pick<CostReport, 'adjustments' | 'adjustmentRows' | 'by'>): readonly string[] {
  if (adjustments.length === 0) return [];
  const shown = adjustments.slice(0, SHOWN_MAX).map((one) => {
    const { closedMonth, name, leafId, reason, recordedAt, hours, totals } = one;
    const sums = totals.map(
      ({ currency, costMicros, billableMicros }) =>
        `cost ${toSigned(costMicros)} ${currency}, billable ${toSigned(billableMicros)} ${currency}`,
    );
    const change = [`${hours >= 0 ? '+' : ''}${hours} h`, ...sums].join(', ');
    return `  ${closedMonth} ${plain(name)} (${leafId}), ${recordedAt}: ${plain(reason)}: ${change}`;
  });
  const rest = adjustments.length - shown.length;
  return [
    'Corrections of closed months recorded in this one:',
    ...shown,
    ...(rest > 0 ? [`  and ${rest} more; --json gives all`] : []),
    ...(by.length === 0 ? [] : toTable(`these by ${by.join(', ')}`, adjustmentRows.map(toNamed))),
  ];
}

const toSigned = (micros: bigint): string => `${micros < 0n ? '' : '+'}${toMoneyText(micros)}`;

function describeUncounted({ uncounted, waiting }: CostsContext['reading']): readonly string[] {
  const { open, suspect, invalid } = uncounted;
  const parts = [
    ...(open > 0 ? [`${open} still open`] : []),
    ...(suspect > 0 ? [`${suspect} like forgotten timers`] : []),
    ...(invalid > 0 ? [`${invalid} with hours that make no sense`] : []),
    ...(waiting > 0 ? [`${waiting} presses the next \`sync\` will decide`] : []),
  ];
  return parts.length === 0 ? [] : [`Runs in no sum, of any month: ${parts.join(', ')}.`];
}

/** A name on one line: what would move the cursor of a terminal is left out. */
const plain = (name: string): string => name.replaceAll(/\p{Cc}/gu, ' ').slice(0, 200);
