import { drawVarianceStrip, type StripRow } from '#shared/chart/index.ts';
import { failure } from '../failures.ts';
import { toLocalDay } from '../local-day.ts';
import { PICTURE, PICTURE_EXAMPLE, toPicture } from '../picture.ts';
import * as coda from '../sdk.ts';

const numbers = <Name extends string>(name: Name, description: string, suggestedValue: number[]) =>
  coda.makeParameter({
    type: coda.ParameterType.SparseNumberArray,
    name,
    description,
    suggestedValue,
  });

const FIGURES = [
  numbers('typicals', 'What happens to one task: 0.25 is 25 % over.', [0.25, -0.1]),
  numbers('totals', 'What happens to the sum.', [0.15, -0.05]),
  numbers('lows', 'P10 of actual ÷ estimate.', [0.6, 0.7]),
  numbers('highs', 'P90 of actual ÷ estimate.', [1.9, 1.2]),
  numbers('counts', 'Finished tasks behind each.', [34, 41]),
] as const;

const STATES = coda.makeParameter({
  type: coda.ParameterType.SparseStringArray,
  name: 'states',
  description: 'stable, drifting over, drifting under …; only a drift is drawn.',
  optional: true,
});
const SINCES = coda.makeParameter({
  type: coda.ParameterType.SparseDateArray,
  name: 'sinces',
  description: 'Since when each drifts.',
  optional: true,
});

/** Adds `VarianceChart`: how far groups of tasks end from their estimates, at a glance. */
export function addVarianceChart(pack: coda.PackDefinitionBuilder): void {
  pack.addFormula({
    ...PICTURE,
    name: 'VarianceChart',
    description:
      'A line for each group of tasks on one scale of actual ÷ estimate: the range that holds 8 of 10 tasks, what is typical, the total, how many tasks, and where it drifts since when. Give it the columns of the table Variance: Group, Typical, Total, P10, P90, NTasks, State and Since. The first 14 rows are drawn.',
    parameters: [
      coda.makeParameter({
        type: coda.ParameterType.SparseStringArray,
        name: 'names',
        description: 'Workflows, or whatever the tasks are grouped by.',
        suggestedValue: ['Marketing Audit', 'Website Build'],
      }),
      ...FIGURES,
      STATES,
      SINCES,
    ],
    examples: [
      {
        params: [
          ['Audit', 'Build'],
          [0.25, -0.1],
          [0.15, -0.05],
          [0.6, 0.7],
          [1.9, 1.2],
          [34, 41],
        ],
        result: PICTURE_EXAMPLE,
      },
      {
        params: [['Audit'], [0.25], [0.15], [0.6], [1.9], [34], ['drifting over'], ['2026-03-02']],
        result: PICTURE_EXAMPLE,
      },
    ],
    execute: async ([names, typicals, totals, lows, highs, counts, ...rest], { timezone }) => {
      const [states = names.map(() => ''), sinces = names.map((): Date | undefined => undefined)] =
        rest;
      const columns = [names, typicals, totals, lows, highs, counts, states, sinces];
      const rows = columns.map(({ length }) => length);
      if (new Set(rows).size > 1) throw failure('ROWS_DIFFER', { rows });
      const strips = names.flatMap((name, row): StripRow[] => {
        const [p10, p90] = [lows[row] ?? 0, highs[row] ?? 0];
        if (!(p10 > 0 && p90 >= p10 && Number.isFinite(p90))) return [];
        const moment: Date | null | undefined = sinces[row];
        const since = moment ? toLocalDay({ parameter: 'sinces', moment }, timezone) : '?';
        return [
          {
            name: name ?? '',
            n: counts[row] ?? 0,
            typical: toVariance(typicals[row]),
            total: toVariance(totals[row]),
            p10,
            p90,
            drift: toDrift(states[row] ?? '', since),
          },
        ];
      });
      return toPicture(drawVarianceStrip(strips));
    },
  });
}

const toVariance = (value: number | null | undefined): number | null =>
  typeof value === 'number' && value >= -1 && Number.isFinite(value) ? value : null;

function toDrift(state: string, since: string): StripRow['drift'] {
  const side = (['over', 'under'] as const).find((word) => state === `drifting ${word}`);
  return side === undefined ? undefined : { side, since };
}
