import { drawBurnLine } from '#shared/chart/index.ts';
import { failure } from '../failures.ts';
import { toLocalDay } from '../local-day.ts';
import { PICTURE, PICTURE_EXAMPLE, toPicture } from '../picture.ts';
import * as coda from '../sdk.ts';

const DAYS = [
  new Date('2026-03-02T12:00:00.000Z'),
  new Date('2026-03-09T12:00:00.000Z'),
  new Date('2026-03-16T12:00:00.000Z'),
];

/** Adds `BurnChart`: how a budget is used up. */
export function addBurnChart(pack: coda.PackDefinitionBuilder): void {
  pack.addFormula({
    ...PICTURE,
    name: 'BurnChart',
    description:
      'A line of what was used up to each day, of money or hours, against a limit and, dashed, its even use from start to end. Give two columns of the same rows: a day and an amount each.',
    parameters: [
      coda.makeParameter({
        type: coda.ParameterType.SparseDateArray,
        name: 'days',
        description: 'When each was used; rows without a day are left out.',
        suggestedValue: DAYS,
      }),
      coda.makeParameter({
        type: coda.ParameterType.SparseNumberArray,
        name: 'amounts',
        description: 'How much, in the same order and one unit.',
        suggestedValue: [300, 250, 200],
      }),
      coda.makeParameter({
        type: coda.ParameterType.Number,
        name: 'limit',
        description: 'What may be used. Blank: only the line.',
        optional: true,
      }),
      toMoment('start', 'When the budget begins. Blank: the first day.'),
      toMoment('end', 'Its last day. Blank: the last day of the rows.'),
      coda.makeParameter({
        type: coda.ParameterType.String,
        name: 'unit',
        description: 'What is counted, such as EUR or h.',
        optional: true,
      }),
    ],
    examples: [
      {
        params: [
          ['2026-03-02', '2026-03-09', '2026-03-16'],
          [300, 250, 200],
          1000,
          '2026-03-01',
          '2026-03-31',
          'EUR',
        ],
        result: PICTURE_EXAMPLE,
      },
      { params: [[], []], result: PICTURE_EXAMPLE },
    ],
    execute: async ([days, amounts, limit, start, end, unit = ''], { timezone }) => {
      const rows = [days.length, amounts.length];
      if (days.length !== amounts.length) throw failure('ROWS_DIFFER', { rows });
      const toDay = (parameter: string, moment: Date | null | undefined): string | undefined =>
        moment ? toLocalDay({ parameter, moment }, timezone) : undefined;
      const steps = days.flatMap((moment, row) => {
        const [day, amount] = [toDay('days', moment), amounts[row]];
        return day !== undefined && Number.isFinite(amount)
          ? [{ day, amount: Number(amount) }]
          : [];
      });
      const [from, to] = [toDay('start', start), toDay('end', end)];
      return toPicture(drawBurnLine(steps, { limit, from, to, unit: unit.trim() }));
    },
  });
}

const toMoment = <Name extends string>(name: Name, description: string) =>
  coda.makeParameter({ type: coda.ParameterType.Date, name, description, optional: true });
