import { budgetOf } from '#shared/cost/index.ts';
import { type Instant, toInstant } from '#shared/kernel/index.ts';
import { failure } from '../failures.ts';
import { BudgetStandingSchema } from '../schemas/budget-standing.ts';
import * as coda from '../sdk.ts';

/** Adds `BudgetState`: where spending stands against a limit. */
export function addBudgetState(pack: coda.PackDefinitionBuilder): void {
  pack.addFormula({
    name: 'BudgetState',
    description:
      'Where spending stands against a limit: ok, warning, exhausted (exactly 100 %) or exceeded, the share that is used, what is left, and with a start and an end the pace. Counted in exact millionths, so that 0.1 + 0.2 of 0.3 is exhausted. Amounts of one currency; no account needed.',
    connectionRequirement: coda.ConnectionRequirement.None,
    cacheTtlSecs: 86_400,
    parameters: [
      toAmount('limit', 'What may be spent, 0 or more.', 1000),
      toAmount('spent', 'What was spent so far.', 500),
      coda.makeParameter({
        type: coda.ParameterType.Number,
        name: 'reserved',
        description: 'What is held for work under way. Blank: 0.',
        optional: true,
      }),
      toMoment('start', 'When the budget begins.'),
      toMoment('end', 'When it ends; the day after its last.'),
      toMoment('at', 'When it is judged, such as Today(): pace needs all three.'),
    ],
    examples: [
      {
        params: [1000, 500],
        result: { state: 'warning', used: 0.5, available: 500, reached: 50 },
      },
      {
        params: [1000, 600, 400, '2026-03-01', '2026-03-31', '2026-03-16'],
        result: { state: 'exhausted', used: 1, available: 0, pace: 2, reached: 100 },
      },
    ],
    resultType: coda.ValueType.Object,
    schema: BudgetStandingSchema,
    execute: async ([limit, spent, reserved = 0, start, end, at]) => {
      const moments = {
        start: toInstantOf('start', start),
        end: toInstantOf('end', end),
        at: toInstantOf('at', at),
      };
      const hasPace = Object.values(moments).every((moment) => moment !== undefined);
      const span = hasPace ? { startsAt: moments.start, endsAt: moments.end } : {};
      const result = budgetOf({ limit, spent, reserved, ...span }, moments.at ?? toInstant(0));
      if (!result.ok) throw failure(result.refusal.code, result.refusal);
      return result.value;
    },
  });
}

const toAmount = <Name extends string>(name: Name, description: string, suggestedValue: number) =>
  coda.makeParameter({ type: coda.ParameterType.Number, name, description, suggestedValue });

const toMoment = <Name extends string>(name: Name, description: string) =>
  coda.makeParameter({ type: coda.ParameterType.Date, name, description, optional: true });

function toInstantOf(parameter: string, moment: Date | undefined): Instant | undefined {
  const ms = moment?.getTime();
  if (Number.isNaN(ms)) throw failure('DATE_UNREADABLE', { parameter });
  return ms === undefined ? undefined : toInstant(ms);
}
