import * as coda from '../sdk.ts';
import { count, decimal, percent } from './number-property.ts';

/** The figures of one set of finished tasks, as `VarianceOf` answers them. */
export const VarianceSummarySchema = coda.makeObjectSchema({
  properties: {
    typical: percent('Median of actual ÷ estimate, less 1: what happens to one task.'),
    total: percent('Σ actual ÷ Σ estimate, less 1: what happens to the budget.'),
    n: count('Tasks with estimate and time.'),
    low: decimal('P10 of actual ÷ estimate; 1 = as estimated.'),
    high: decimal('P90 of actual ÷ estimate; 1 = as estimated.'),
    state: {
      type: coda.ValueType.String,
      description: 'insufficient (fewer than 20 tasks) or measured.',
    },
    needed: count('Tasks still missing until measured.'),
  },
  displayProperty: 'state',
});
