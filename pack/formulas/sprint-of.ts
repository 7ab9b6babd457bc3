import { sprintOf } from '#shared/doc/index.ts';
import { toLocalDay } from '../local-day.ts';
import * as coda from '../sdk.ts';

/** Adds `SprintOf`: the sprint a day belongs to. */
export function addSprintOf(pack: coda.PackDefinitionBuilder): void {
  pack.addFormula({
    name: 'SprintOf',
    description:
      "The week-long sprint a day belongs to, as ISO year and week: 2025-W50. Weeks run from Monday to Sunday in the doc's time zone, so Sunday 23:30 still counts. Use it to relate tasks to sprints by their scheduled date.",
    connectionRequirement: coda.ConnectionRequirement.None,
    cacheTtlSecs: 86_400,
    parameters: [
      coda.makeParameter({
        type: coda.ParameterType.Date,
        name: 'day',
        description: "A date, or a date and time, in the doc's time zone.",
        suggestedValue: new Date('2025-12-09T12:00:00.000Z'),
      }),
    ],
    examples: [
      { params: ['2025-12-09'], result: '2025-W50' },
      { params: ['2025-12-29'], result: '2026-W01' },
    ],
    resultType: coda.ValueType.String,
    execute: async ([moment], context) =>
      sprintOf(toLocalDay({ parameter: 'day', moment }, context.timezone)),
  });
}
