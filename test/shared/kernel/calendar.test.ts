import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  formatDay,
  isDay,
  isoWeekOf,
  mondayOf,
  toDayNumber,
  weekdayOf,
  weekNameOf,
} from '#shared/kernel/index.ts';

const dayNumber = fc.integer({ min: toDayNumber('1970-01-01'), max: toDayNumber('2199-12-31') });
const anyDay = fc.integer({ min: -700_000, max: 2_900_000 }).map(formatDay);

describe('isDay', () => {
  it.each(['2025-12-14', '2024-02-29', '0000-01-01', '9999-12-31'])('takes %s', (text) => {
    expect(isDay(text)).toBe(true);
  });

  it.each(['2025-02-29', '2025-13-01', '2025-00-10', '2025-1-1', '2025-12-14T00:00', '', 'soon'])(
    'refuses `%s`',
    (text) => {
      expect(isDay(text)).toBe(false);
    },
  );
});

describe('day arithmetic', () => {
  it('counts days across a leap day and a change of the clock', () => {
    expect(addDays('2024-02-28', 2)).toBe('2024-03-01');
    expect(addDays('2025-11-01', 2)).toBe('2025-11-03');
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
  });

  it('stops on a text that is no day', () => {
    expect(() => toDayNumber('2025-02-30')).toThrow('expected a day');
  });

  it('comes back to the number it was made from', () => {
    fc.assert(fc.property(dayNumber, (number) => toDayNumber(formatDay(number)) === number));
  });
});

describe('ISO weeks', () => {
  // Source: ISO 8601 and the Founder HQ sprint vectors.
  it.each([
    ['2025-12-07', '2025-W49'],
    ['2025-12-09', '2025-W50'],
    ['2025-12-14', '2025-W50'],
    ['2025-12-15', '2025-W51'],
    ['2025-12-16', '2025-W51'],
    ['2025-12-29', '2026-W01'],
    ['2021-01-03', '2020-W53'],
    ['2021-01-04', '2021-W01'],
    ['2027-01-01', '2026-W53'],
    ['0000-01-03', '0000-W01'],
  ])('%s lies in %s', (day, name) => {
    expect(weekNameOf(day)).toBe(name);
  });

  it('counts weekdays from Monday, before 1970 too', () => {
    expect(['2025-12-08', '2025-12-14', '1969-12-29', '1969-12-28'].map(weekdayOf)).toEqual([
      1, 7, 1, 7,
    ]);
  });

  it('gives the seven days from a Monday one name, and the next Monday another', () => {
    const law = fc.property(anyDay, (day) => {
      const monday = mondayOf(day);
      const names = [0, 1, 2, 3, 4, 5, 6].map((days) => weekNameOf(addDays(monday, days)));
      expect(weekdayOf(monday)).toBe(1);
      expect(new Set(names)).toEqual(new Set([weekNameOf(day)]));
      expect(weekNameOf(addDays(monday, 7))).not.toBe(weekNameOf(day));
    });
    fc.assert(law);
  });

  it('puts 4 January into week 1 of every year', () => {
    const law = fc.property(fc.integer({ min: 1900, max: 2200 }), (year) => {
      expect(isoWeekOf(`${year}-01-04`)).toEqual({ year, week: 1 });
    });
    fc.assert(law);
  });
});
