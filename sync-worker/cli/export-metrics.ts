import type { Command } from 'commander';
import { type BudgetLine, formatMicros, rollUp } from '#shared/cost/index.ts';
import { compareText, sumOf, toInstant } from '#shared/kernel/index.ts';
import { type CostBook, nameOf } from '#worker/costs/index.ts';
import { type DocFigures, readDocFigures } from '#worker/sync/index.ts';
import { addCostsOptions } from './costs-options.ts';
import { type MetricFamily, type MetricSample, toOpenMetrics } from './open-metrics.ts';
import { type CostsFlags, withCosts } from './with-costs.ts';

const EXAMPLE = `
Example:
  npm run -s founder-hq -- export metrics > founder_hq.prom

The text format of OpenMetrics, for programs that watch figures over time. Where a figure is not known it has no sample. Nothing is
written, neither to the doc nor to the ledger.`;

/** Adds `export metrics`. */
export function registerExportMetrics(group: Command): void {
  const metrics = group
    .command('metrics')
    .description('write variance, gates, costs and budgets as they stand now, as OpenMetrics text');
  addCostsOptions(metrics).addHelpText('after', EXAMPLE).action(run);
}

async function run(flags: CostsFlags): Promise<void> {
  const text = await withCosts(flags, true, async ({ store, reading, nowMs }) => {
    const { doc, book, settings, budgets } = reading;
    const { timeZone } = settings;
    const asked = { doc, timeZone, nowMs, settings: async () => settings };
    const figures = await readDocFigures(store, asked);
    const { position } = await store.head();
    return toOpenMetrics([
      {
        name: 'founder_hq_as_of_timestamp_seconds',
        type: 'gauge',
        unit: 'seconds',
        help: 'When these figures were computed.',
        samples: [{ value: Date.parse(toInstant(nowMs)) / 1_000 }],
      },
      {
        name: 'founder_hq_ledger_events',
        type: 'counter',
        help: 'Events in the ledger.',
        samples: [{ value: position }],
      },
      ...toVarianceFamilies(figures),
      ...toGateFamilies(figures),
      ...toCostFamilies(book),
      ...toBudgetFamilies(budgets),
    ]);
  });
  process.stdout.write(text);
}

const gauge = (name: string, help: string, samples: readonly MetricSample[]): MetricFamily => ({
  name: `founder_hq_${name}`,
  type: 'gauge',
  ...(name.endsWith('_ratio') ? { unit: 'ratio' } : {}),
  help,
  samples,
});

function toVarianceFamilies({ variance: { rows } }: DocFigures): readonly MetricFamily[] {
  const workflows = rows.filter(({ bucket }) => bucket === 'resolved');
  const each = (valueOf: (row: (typeof rows)[number]) => number | null): MetricSample[] =>
    workflows.flatMap((row) => {
      const value = valueOf(row);
      const labels = { workflow: row.workflow, workflow_id: row.groupId };
      return value === null ? [] : [{ labels, value }];
    });
  return [
    gauge(
      'workflow_finished_tasks',
      'Finished tasks with an estimate.',
      each((row) => row.nTasks),
    ),
    gauge(
      'workflow_typical_variance_ratio',
      'Median of actual over estimate, less 1.',
      each(({ typical }) => typical),
    ),
    gauge(
      'workflow_total_variance_ratio',
      'Sum of actuals over sum of estimates, less 1.',
      each(({ total }) => total),
    ),
    gauge(
      'workflow_drifting',
      '1 where the workflow drifts, 0 where it is stable.',
      each(({ state }) => (state === 'insufficient' ? null : Number(state !== 'stable'))),
    ),
  ];
}

function toGateFamilies({ gates: { runs, openRuns } }: DocFigures): readonly MetricFamily[] {
  const counts = new Map<string, number>();
  for (const { status } of runs.flatMap(({ gates }) => gates)) {
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  const overdue = runs.filter(({ isOverdue }) => isOverdue).length;
  return [
    gauge('open_runs', 'Runs that have not ended.', [{ value: openRuns.length }]),
    gauge('overdue_runs', 'Open runs whose gates are overdue.', [{ value: overdue }]),
    gauge(
      'gates',
      'Gates of the open runs, by status.',
      [...counts]
        .sort(([one], [other]) => compareText(one, other))
        .map(([status, value]) => ({ labels: { status }, value })),
    ),
  ];
}

function toCostFamilies({ leaves, names }: CostBook): readonly MetricFamily[] {
  const rows = rollUp(leaves, ['project']).map((row) => {
    const id = row.key['project'] ?? '';
    return { ...row, labels: { project: nameOf(names, 'project', id), project_id: id } };
  });
  const amounts = (valueOf: (total: (typeof rows)[number]['totals'][number]) => bigint) =>
    rows.flatMap(({ labels, totals }) =>
      totals.map((total) => ({
        labels: { ...labels, currency: total.currency },
        value: formatMicros(valueOf(total)),
      })),
    );
  return [
    gauge(
      'project_cost',
      'All that was spent so far, in its currency.',
      amounts((one) => one.costMicros),
    ),
    gauge(
      'project_billable',
      'All that may be billed so far, in its currency.',
      amounts((one) => one.billableMicros),
    ),
    gauge('unpriced_costs', 'Runs and costs without a rate or price, in no sum.', [
      { value: sumOf(rows.map(({ unpricedCount }) => unpricedCount)) },
    ]),
  ];
}

function toBudgetFamilies(budgets: readonly BudgetLine[]): readonly MetricFamily[] {
  const toAmounts = (valueOf: (line: BudgetLine) => bigint): readonly MetricSample[] =>
    budgets.map((line) => ({
      labels: { ...toBudgetLabels(line), currency: line.currency },
      value: formatMicros(valueOf(line)),
    }));
  const used = budgets.flatMap((line) =>
    line.usedPercent === null
      ? []
      : [{ labels: toBudgetLabels(line), value: line.usedPercent / 100 }],
  );
  return [
    gauge(
      'budget_limit',
      'The limit, in its currency.',
      toAmounts((line) => line.limitMicros),
    ),
    gauge(
      'budget_spent',
      'What is spent, in its currency.',
      toAmounts((line) => line.spentMicros),
    ),
    gauge(
      'budget_reserved',
      'What is set aside for work under way.',
      toAmounts((line) => line.heldMicros),
    ),
    gauge('budget_used_ratio', 'Spent and reserved, of the limit.', used),
  ];
}

const toBudgetLabels = ({ budgetId, scope, name }: BudgetLine): Record<string, string> => ({
  budget_id: budgetId,
  scope: scope.level,
  name,
});
