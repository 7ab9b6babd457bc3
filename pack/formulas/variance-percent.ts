import { variancePercent } from '#shared/variance/index.ts';
import { failure } from '../failures.ts';
import * as coda from '../sdk.ts';

/** Adds `VariancePercent`: how far one task ended from its estimate. */
export function addVariancePercent(pack: coda.PackDefinitionBuilder): void {
  pack.addFormula({
    name: 'VariancePercent',
    description:
      'How far one finished task ended from its estimate, as a percentage: (actual − estimate) ÷ estimate, 0.5 = 50 % over, −0.25 = 25 % under. Give the sum over all runs of the task, never the mean of its runs. For a workflow use VarianceOf.',
    connectionRequirement: coda.ConnectionRequirement.None,
    cacheTtlSecs: 86_400,
    parameters: [
      coda.makeParameter({
        type: coda.ParameterType.Number,
        name: 'estimate',
        description: 'Hours foreseen when work began, above 0.',
        suggestedValue: 8,
      }),
      coda.makeParameter({
        type: coda.ParameterType.Number,
        name: 'actual',
        description: 'Hours worked over all runs of the task, pauses taken out, above 0.',
        suggestedValue: 12,
      }),
    ],
    examples: [
      { params: [8, 12], result: 0.5 },
      { params: [2, 2.5], result: 0.25 },
      { params: [36, 32], result: 32 / 36 - 1 },
    ],
    resultType: coda.ValueType.Number,
    schema: { type: coda.ValueType.Number, codaType: coda.ValueHintType.Percent, precision: 1 },
    execute: async ([estimate, actual]) => {
      const variance = variancePercent(estimate, actual);
      if (variance === null) throw failure('NO_VARIANCE', { estimate, actual });
      return variance;
    },
  });
}
