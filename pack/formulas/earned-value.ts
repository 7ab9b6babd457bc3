import { earnedValueOf } from '#shared/variance/index.ts';
import { failure } from '../failures.ts';
import { toLocalDay } from '../local-day.ts';
import { EarnedValueSchema } from '../schemas/earned-value.ts';
import * as coda from '../sdk.ts';

const DUE = new Date('2026-03-02T12:00:00.000Z');

const COLUMNS = [
  coda.makeParameter({
    type: coda.ParameterType.SparseNumberArray,
    name: 'estimates',
    description: 'Hours foreseen when work began, one per leaf task.',
    suggestedValue: [10, 10, 20],
  }),
  coda.makeParameter({
    type: coda.ParameterType.SparseNumberArray,
    name: 'actuals',
    description: 'Hours worked so far, of the same tasks in the same order.',
    suggestedValue: [12, 8, 5],
  }),
  coda.makeParameter({
    type: coda.ParameterType.SparseBooleanArray,
    name: 'finished',
    description: 'Whether each task is finished.',
    suggestedValue: [true, true, false],
  }),
  coda.makeParameter({
    type: coda.ParameterType.SparseDateArray,
    name: 'due',
    description: 'When each task was planned to be done; a blank one is never due.',
    suggestedValue: [DUE, DUE, DUE],
  }),
] as const;

const DAY = coda.makeParameter({
  type: coda.ParameterType.Date,
  name: 'day',
  description: 'The day it is judged at, such as Today().',
  suggestedValue: DUE,
});

/** Adds `EarnedValue`: what a project has earned for the hours it took. */
export function addEarnedValue(pack: coda.PackDefinitionBuilder): void {
  pack.addFormula({
    name: 'EarnedValue',
    description:
      'Earned value of a project at a day, from four columns of its leaf tasks: planned, earned and spent hours, CPI and SPI, hours at completion in three forms, and how well the rest has to go. A figure that would divide by zero is blank and says why. Hours; no account needed.',
    connectionRequirement: coda.ConnectionRequirement.None,
    cacheTtlSecs: 86_400,
    parameters: [...COLUMNS, DAY],
    examples: [
      {
        params: [
          [10, 10, 20],
          [12, 8, 5],
          [true, true, false],
          ['2026-03-02', '2026-03-02', '2026-03-31'],
          '2026-03-16',
        ],
        result: {
          planned: 20,
          earned: 20,
          spent: 25,
          budget: 40,
          costVariance: -5,
          scheduleVariance: 0,
          costIndex: 0.8,
          scheduleIndex: 1,
          atCostIndex: 50,
          asPlanned: 45,
          atBothIndices: 50,
          toComplete: 25,
          varianceAtCompletion: -10,
          toCompleteIndex: 1.333,
          n: 3,
          unestimated: 0,
          missing: '',
        },
      },
      {
        params: [[10], [0], [false], ['2026-03-31'], '2026-03-16'],
        result: {
          planned: 0,
          earned: 0,
          spent: 0,
          budget: 10,
          costVariance: 0,
          scheduleVariance: 0,
          asPlanned: 10,
          toComplete: 10,
          varianceAtCompletion: 0,
          toCompleteIndex: 1,
          n: 1,
          unestimated: 0,
          missing:
            'CPI: nothing tracked; SPI: nothing due; EAC at CPI: nothing tracked; EAC at CPI and SPI: nothing tracked',
        },
      },
    ],
    resultType: coda.ValueType.Object,
    schema: EarnedValueSchema,
    execute: async ([estimates, actuals, finished, due, day], { timezone }) => {
      const days = due.map(
        (moment) => moment && toLocalDay({ parameter: 'due', moment }, timezone),
      );
      const at = toLocalDay({ parameter: 'day', moment: day }, timezone);
      const result = earnedValueOf({ estimates, actuals, finished, due: days }, at);
      if (!result.ok) throw failure(result.refusal.code, result.refusal);
      return result.value;
    },
  });
}
