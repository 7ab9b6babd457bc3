import * as coda from '../sdk.ts';

const percent = (description: string) =>
  ({
    type: coda.ValueType.Number,
    codaType: coda.ValueHintType.Percent,
    precision: 1,
    description,
  }) as const;
const ratio = (description: string) =>
  ({ type: coda.ValueType.Number, precision: 2, description }) as const;

/** The figures of one set of finished tasks, as `VarianceOf` answers them. */
export const VarianceSummarySchema = coda.makeObjectSchema({
  properties: {
    typical: percent('Median of actual ÷ estimate, less 1: what happens to one task.'),
    total: percent('Σ actual ÷ Σ estimate, less 1: what happens to the budget.'),
    n: { type: coda.ValueType.Number, precision: 0, description: 'Tasks with estimate and time.' },
    low: ratio('P10 of actual ÷ estimate; 1 = as estimated.'),
    high: ratio('P90 of actual ÷ estimate; 1 = as estimated.'),
    state: {
      type: coda.ValueType.String,
      description: 'insufficient (fewer than 20 tasks) or measured.',
    },
    needed: {
      type: coda.ValueType.Number,
      precision: 0,
      description: 'Tasks still missing until measured.',
    },
  },
  displayProperty: 'state',
});
