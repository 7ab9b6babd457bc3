import type {
  CostReport,
  ReportAdjustment,
  ReportRow,
  StandingMonth,
} from '#worker/costs/index.ts';

/** What is shown of closing a month: what it comes to as it stands, and whether it is the first. */
export interface Closing {
  readonly report: Pick<CostReport, 'month' | 'timeZone' | 'currency' | 'total'>;
  readonly isFirst: boolean;
}

/** What closing a month fixes, and for how long. */
export function describeClosing({ report, isFirst }: Closing): readonly string[] {
  const { month, timeZone, currency, total } = report;
  const terms = `the zone ${timeZone}, and ${currency} where an amount says no currency`;
  return [
    `Closing ${month} fixes its ${total?.cells ?? 0} runs and costs as they stand, for good; what is corrected later stands in other months.`,
    ...(isFirst ? [`The first closing fixes for every month of this doc: ${terms}.`] : []),
    ...describeUnknown(total),
  ];
}

/** Whether anything of it has no rate or price. */
export const isIncomplete = (total: ReportRow | null): boolean =>
  total !== null && total.unpriced.length + total.unbilled.length > 0;

function describeUnknown(total: ReportRow | null): readonly string[] {
  if (total === null || !isIncomplete(total)) return [];
  const unbilled = total.unbilled.reduce((sum, { count }) => sum + count, 0);
  return [
    `Of these, ${total.unpricedCount} have no cost rate or price and ${unbilled} are billable without a billable rate: fill in people.cost_rate and people.billable_rate first.`,
  ];
}

/** What was found of corrections while reading. */
export function describeFound(
  found: readonly { readonly closedMonth: string; readonly month: string }[],
  isRecorded: boolean,
): readonly string[] {
  if (found.length === 0) return [];
  const [closed, places] = [
    found.map(({ closedMonth }) => closedMonth),
    found.map(({ month }) => month),
  ].map((months) => [...new Set(months)].sort().join(', '));
  const verb = isRecorded
    ? 'Recorded in the ledger just now'
    : 'Found and, in a dry run, not recorded';
  return [
    `${verb}: corrections of ${closed}, ${found.length} in all; they stand in the report of ${places}.`,
  ];
}

/** Where the corrections of a closed month stand. */
export const describeStanding = ({ corrections, correctedIn }: StandingMonth): string =>
  `Corrected since, ${count(corrections)}, in the report of ${correctedIn.join(', ')}; what stands now:`;

const count = ({ length }: readonly ReportAdjustment[]): string =>
  length === 1 ? 'once' : `${length} times`;
