import { varianceOf } from '#shared/variance/index.ts';
import { failure } from '../failures.ts';
import { VarianceSummarySchema } from '../schemas/variance-summary.ts';
import * as coda from '../sdk.ts';

/** Adds `VarianceOf`: the figures of a set of finished tasks, straight from two columns. */
export function addVarianceOf(pack: coda.PackDefinitionBuilder): void {
  pack.addFormula({
    name: 'VarianceOf',
    description:
      'Variance of a set of finished tasks from two columns of hours: typical (median), total (sums), how many tasks, the P10–P90 range of actual ÷ estimate, and whether that is enough to trust. Filter to finished leaf tasks first; rows with a blank or zero in either column are left out. It recalculates at once and needs no account.',
    connectionRequirement: coda.ConnectionRequirement.None,
    cacheTtlSecs: 86_400,
    parameters: [
      coda.makeParameter({
        type: coda.ParameterType.SparseNumberArray,
        name: 'estimates',
        description: 'Hours foreseen, one per task: Tasks.estimated_hours.',
        suggestedValue: [4, 4, 4, 4, 4],
      }),
      coda.makeParameter({
        type: coda.ParameterType.SparseNumberArray,
        name: 'actuals',
        description: 'Hours worked over all runs, of the same tasks in the same order.',
        suggestedValue: [3, 4, 5, 6, 5],
      }),
    ],
    examples: [
      {
        params: [
          [4, 4, 4, 4, 4],
          [3, 4, 5, 6, 5],
        ],
        result: {
          typical: 0.25,
          total: 0.15,
          n: 5,
          low: 0.473,
          high: 2.225,
          state: 'insufficient',
          needed: 15,
        },
      },
      {
        params: [
          [8, 0, 2],
          [12, 3, 2.5],
        ],
        result: {
          typical: 0.375,
          total: 0.45,
          n: 2,
          low: 0.425,
          high: 2.428,
          state: 'insufficient',
          needed: 18,
        },
      },
    ],
    resultType: coda.ValueType.Object,
    schema: VarianceSummarySchema,
    execute: async ([estimates, actuals]) => {
      const result = varianceOf(estimates, actuals);
      if (!result.ok) throw failure(result.refusal.code, result.refusal);
      const { typical, total, ...rest } = result.value;
      return {
        ...rest,
        ...(typical === null ? {} : { typical }),
        ...(total === null ? {} : { total }),
      };
    },
  });
}
