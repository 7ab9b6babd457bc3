import { drawCostBars } from '#shared/chart/index.ts';
import { failure } from '../failures.ts';
import { PICTURE, PICTURE_EXAMPLE, toPicture } from '../picture.ts';
import * as coda from '../sdk.ts';

/** Adds `CostChart`: what cost most. */
export function addCostChart(pack: coda.PackDefinitionBuilder): void {
  pack.addFormula({
    ...PICTURE,
    name: 'CostChart',
    description:
      'Bars of what things cost, the dearest first, with their sum; from the thirteenth on they are one bar. Give two columns of the same rows, such as those of CostRollups, in one currency: amounts of two currencies have no sum.',
    parameters: [
      coda.makeParameter({
        type: coda.ParameterType.SparseStringArray,
        name: 'names',
        description: 'What was paid for: projects, workflows, months.',
        suggestedValue: ['Acme Website', 'Audit Beta'],
      }),
      coda.makeParameter({
        type: coda.ParameterType.SparseNumberArray,
        name: 'amounts',
        description: 'What each cost, in the same order; a blank one is left out.',
        suggestedValue: [1200, 450],
      }),
      coda.makeParameter({
        type: coda.ParameterType.String,
        name: 'currency',
        description: 'Its three letters, shown beside the sum.',
        optional: true,
      }),
    ],
    examples: [
      { params: [['Acme Website', 'Audit Beta'], [1200, 450], 'EUR'], result: PICTURE_EXAMPLE },
      { params: [[], []], result: PICTURE_EXAMPLE },
    ],
    execute: async ([names, amounts, currency = '']) => {
      const rows = [names.length, amounts.length];
      if (names.length !== amounts.length) throw failure('ROWS_DIFFER', { rows });
      const bars = names.flatMap((name, row) => {
        const amount = amounts[row];
        return Number.isFinite(amount) ? [{ name: name ?? '', amount: Number(amount) }] : [];
      });
      return toPicture(drawCostBars(bars, { currency: currency.trim() }));
    },
  });
}
