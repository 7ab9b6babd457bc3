import { forecastFrom } from '#shared/variance/index.ts';
import { failure } from '../failures.ts';
import { ForecastRangeSchema } from '../schemas/forecast-range.ts';
import * as coda from '../sdk.ts';

/** Adds `Forecast`: how long a task may take, by its estimate and what came of earlier ones. */
export function addForecast(pack: coda.PackDefinitionBuilder): void {
  pack.addFormula({
    name: 'Forecast',
    description:
      'How long a task may take: a range (P10, P50, P80, P90) from its estimate and, where given, the estimates and actuals of finished tasks of its kind, oldest first. It works without history and corrects the estimate itself only from 20 finished tasks on. Hours; no account needed.',
    connectionRequirement: coda.ConnectionRequirement.None,
    cacheTtlSecs: 86_400,
    parameters: [
      coda.makeParameter({
        type: coda.ParameterType.Number,
        name: 'estimate',
        description: 'Hours foreseen for the task, above 0.',
        suggestedValue: 4,
      }),
      coda.makeParameter({
        type: coda.ParameterType.SparseNumberArray,
        name: 'pastEstimates',
        description: 'Hours foreseen for finished tasks of its kind, oldest first.',
        optional: true,
      }),
      coda.makeParameter({
        type: coda.ParameterType.SparseNumberArray,
        name: 'pastActuals',
        description: 'Hours worked over all runs, of the same tasks in the same order.',
        optional: true,
      }),
    ],
    examples: [
      {
        params: [4],
        result: {
          p10: 1.643,
          p50: 4,
          p80: 6.933,
          p90: 10.037,
          point: 4,
          from: 'built_in',
          n: 0,
          needed: 20,
        },
      },
      {
        params: [8, [4, 4, 2, 8], [6, 5, 3, 9]],
        result: {
          p10: 2.483,
          p50: 9.02,
          p80: 12.546,
          p90: 18.717,
          point: 8,
          from: 'built_in',
          n: 4,
          needed: 16,
        },
      },
    ],
    resultType: coda.ValueType.Object,
    schema: ForecastRangeSchema,
    execute: async ([estimate, pastEstimates = [], pastActuals = []]) => {
      const result = forecastFrom(estimate, { estimates: pastEstimates, actuals: pastActuals });
      if (!result.ok) throw failure(result.refusal.code, result.refusal);
      return result.value;
    },
  });
}
