import { describeVarianceStrip, drawVarianceStrip, type StripRow } from '#shared/chart/index.ts';
import { type VarianceReport, workflowNames } from '#shared/doc/index.ts';
import {
  describeState,
  type GroupVariance,
  headline,
  toWholePercent,
} from '#shared/variance/index.ts';
import { Html, html } from './html.ts';
import { toPageTable } from './page-table.ts';
import type { ReportPage } from './report-facts.ts';

const COLUMNS = [
  { head: 'workflow' },
  { head: 'n tasks', isNumber: true },
  { head: 'n runs', isNumber: true },
  { head: 'estimate', isNumber: true },
  { head: 'actual', isNumber: true },
  { head: 'typical', isNumber: true },
  { head: 'total', isNumber: true },
  { head: 'P10–P90', isNumber: true },
  { head: 'state' },
] as const;

/** Whether the estimates of each workflow hold: the sentence that matters most, a strip for each, and the figures. */
export function toVariancePart({ variance, doc, asOf }: ReportPage): Html {
  const names = workflowNames(doc);
  const strips = variance.groups
    .filter(({ bucket, nTasks }) => bucket === 'resolved' && nTasks > 0)
    .map((group) => toStripRow(group, names));
  return html`<section><h2>Do our estimates hold?</h2>
<p class="lead">${headline(variance.groups, names)}</p>
<figure class="chart">${new Html(drawVarianceStrip(strips))}<figcaption class="soft">As of ${asOf}. ${strips.length === 0 ? describeVarianceStrip(strips) : 'The bar holds 8 of 10 tasks, the dot is what is typical, the diamond the total.'}</figcaption></figure>
${toTable(variance, asOf)}</section>
`;
}

/** One group as a line of the chart. */
export function toStripRow(group: GroupVariance, names: ReadonlyMap<string, string>): StripRow {
  const { nTasks: n, typical, total, p10, p90, drift } = group;
  const name = names.get(group.group) ?? group.group;
  const side = SIDES[drift.state];
  return {
    name,
    n,
    typical,
    total,
    p10,
    p90,
    ...(side === undefined || drift.sinceDate === null
      ? {}
      : { drift: { side, since: drift.sinceDate } }),
  };
}

const SIDES: { readonly [State in GroupVariance['drift']['state']]?: 'over' | 'under' } = {
  drifting_over: 'over',
  drifting_under: 'under',
};

function toTable({ rows }: VarianceReport, asOf: string): Html {
  const shown = rows.filter(({ bucket, allHours }) => bucket === 'resolved' || allHours > 0);
  return toPageTable({
    caption: `Variance by workflow, as of ${asOf}; n is how many finished tasks and runs a figure rests on`,
    columns: COLUMNS,
    rows: shown.map((row) => ({
      cells: [
        row.bucket === 'resolved' ? row.workflow : NOWHERE[row.bucket],
        String(row.nTasks),
        String(row.nRuns),
        toHours(row.estimateHours),
        toHours(row.actualHours),
        toPercent(row.typical),
        toPercent(row.total),
        row.nTasks === 0 ? '–' : `${row.p10.toFixed(1)}–${row.p90.toFixed(1)}`,
        row.bucket === 'resolved' ? describeState(row.state, row) : toHours(row.allHours),
      ],
    })),
  });
}

const NOWHERE = {
  conflict: 'leads to several workflows, in no figure',
  unresolved: 'leads to no workflow, in no figure',
} as const;

const toHours = (hours: number): string => `${hours.toFixed(1)} h`;

function toPercent(variance: number | null): string {
  if (variance === null) return '–';
  const percent = toWholePercent(variance);
  return `${percent > 0 ? '+' : ''}${percent} %`;
}
