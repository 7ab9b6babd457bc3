import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, DAY_MS, HOUR_MS, type Ms } from '#shared/kernel/index.ts';
import { createCalendars, toLastDay } from '#shared/planning/work-calendar.ts';

/** A Monday. */
const FROM = '2026-03-02';
const daily = (ms: Ms) => [ms, ms, ms, ms, ms, ms, ms];
const calendarOf = (weekMs: readonly Ms[]) =>
  createCalendars([{ personId: 'dana', weekMs, daysOff: [] }], [], FROM).get('dana');
/** When each piece of work ends, one after the other from the first day on. */
const endsOf = (weekMs: readonly Ms[], pieces: readonly Ms[]): readonly number[] => {
  const calendar = calendarOf(weekMs);
  const ends: number[] = [];
  for (const piece of pieces)
    ends.push(calendar?.finish(ends.at(-1) ?? 0, piece) ?? Number.POSITIVE_INFINITY);
  return ends;
};

describe('createCalendars', () => {
  it('ends a day’s work as the day ends, to the ms, in however many and odd pieces it is done', () => {
    const pieces = fc.array(fc.integer({ min: 1, max: 3 * HOUR_MS }), {
      minLength: 1,
      maxLength: 40,
    });
    const law = fc.property(pieces, fc.integer({ min: 1, max: 5 }), (days, times) => {
      const capacityMs = days.reduce((sum, piece) => sum + piece, 0);
      fc.pre(capacityMs <= DAY_MS);
      const ends = endsOf(daily(capacityMs), Array.from({ length: times }, () => days).flat());
      expect(ends.every(Number.isSafeInteger)).toBe(true);
      expect(ends.at(-1)).toBe(times * DAY_MS);
      expect(toLastDay(FROM, ends.at(-1) ?? 0)).toBe(addDays(FROM, times - 1));
    });
    fc.assert(law);
  });

  it('says the same of work however it is cut into pieces', () => {
    const law = fc.property(
      fc.array(fc.integer({ min: 1, max: 9 * HOUR_MS }), { minLength: 2, maxLength: 9 }),
      fc.array(fc.integer({ min: 0, max: DAY_MS }), { minLength: 7, maxLength: 7 }),
      (pieces, weekMs) => {
        const whole = pieces.reduce((sum, piece) => sum + piece, 0);
        expect(endsOf(weekMs, pieces).at(-1)).toBe(endsOf(weekMs, [whole])[0]);
      },
    );
    fc.assert(law);
  });

  it('shrinks days to whole ms that are together just what a limit allows', () => {
    const law = fc.property(
      fc.array(fc.integer({ min: 0, max: DAY_MS }), { minLength: 7, maxLength: 7 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 40 * HOUR_MS }),
      (weekMs, count, capacityMs) => {
        const people = Array.from({ length: count }, (_, index) => ({
          personId: `p${index}`,
          weekMs,
          daysOff: [],
        }));
        const limit = { startDate: FROM, endDate: addDays(FROM, 6), capacityMs };
        const calendars = createCalendars(people, [limit], FROM);
        // What a person can do in the week: the most that still ends within it.
        const heldMs = people.map(({ personId }) => {
          let [low, high] = [0, 8 * DAY_MS];
          while (low < high) {
            const middle = Math.ceil((low + high) / 2);
            const end = calendars.get(personId)?.finish(0, middle) ?? 0;
            if (end <= 7 * DAY_MS) low = middle;
            else high = middle - 1;
          }
          return low;
        });
        const freeMs = count * weekMs.reduce((sum, ms) => sum + ms, 0);
        expect(heldMs.reduce((sum, ms) => sum + ms, 0)).toBe(Math.min(freeMs, capacityMs));
      },
    );
    fc.assert(law, { numRuns: 60 });
  });

  it.each([
    ['parts of a ms', [0.5, 0, 0, 0, 0, 0, 0]],
    ['less than nothing', [-1, 0, 0, 0, 0, 0, 0]],
    ['more than a day holds', daily(DAY_MS + 1)],
    ['six days', [1, 1, 1, 1, 1, 1]],
  ])('takes %s for a bug', (_what, weekMs) => {
    expect(() => calendarOf(weekMs)).toThrow(/expected/);
  });

  it('takes a limit of parts of a ms or of less than nothing for a bug', () => {
    for (const capacityMs of [0.5, -1]) {
      const limit = { startDate: FROM, endDate: FROM, capacityMs };
      const person = { personId: 'dana', weekMs: daily(HOUR_MS), daysOff: [] };
      expect(() => createCalendars([person], [limit], FROM)).toThrow(/expected/);
    }
  });
});
