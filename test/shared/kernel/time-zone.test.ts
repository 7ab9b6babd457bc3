import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DAY_MS,
  dayAt,
  findClockOddity,
  HOUR_MS,
  isTimeZone,
  offsetMs,
  parseMoment,
  startOfDay,
} from '#shared/kernel/index.ts';

const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia'] as const;
const anyZone = fc.constantFrom(...ZONES);
const anyMoment = fc.integer({ min: Date.UTC(1850, 0, 1), max: Date.UTC(2050, 0, 1) });

describe('findClockOddity', () => {
  it.each([
    ['2026-03-29 02:30', 'Europe/Berlin', 'never'],
    ['2026-03-29 01:59', 'Europe/Berlin', undefined],
    ['2026-03-29 03:00', 'Europe/Berlin', undefined],
    ['2026-10-25T02:00', 'Europe/Berlin', 'twice'],
    ['2026-10-25T02:59:59', 'Europe/Berlin', 'twice'],
    ['2026-10-25 03:00', 'Europe/Berlin', undefined],
    ['2026-10-25 02:30', 'UTC', undefined],
    ['2026-10-25T02:30+01:00', 'Europe/Berlin', undefined],
    ['2026-10-25', 'Europe/Berlin', undefined],
    ['2026-02-30 02:30', 'Europe/Berlin', undefined],
    ['2026-10-25 24:00', 'Europe/Berlin', undefined],
    ['soon', 'Europe/Berlin', undefined],
  ])('of %s in %s is %s', (text, zone, oddity) => {
    expect(findClockOddity(text, zone)).toBe(oddity);
  });
});

describe('offsetMs', () => {
  it.each([
    ['Europe/Berlin', '2025-07-01T12:00Z', 2],
    ['Europe/Berlin', '2025-01-01T12:00Z', 1],
    ['America/New_York', '2025-07-01T12:00Z', -4],
    ['Asia/Kolkata', '2025-07-01T12:00Z', 5.5],
    ['UTC', '2025-07-01T12:00Z', 0],
  ])('of %s at %s is %d h', (zone, at, hours) => {
    expect(offsetMs(Date.parse(at), zone)).toBe(hours * HOUR_MS);
  });

  it('changes within the day on which clocks change, whichever moment of it was asked first', () => {
    const change = Date.UTC(2025, 2, 30, 1);
    expect(offsetMs(change - 1, 'Europe/Berlin')).toBe(HOUR_MS);
    expect(offsetMs(change, 'Europe/Berlin')).toBe(2 * HOUR_MS);
    expect(offsetMs(change - HOUR_MS, 'Europe/Berlin')).toBe(HOUR_MS);
  });

  it('knows times before clocks had zones, to the second', () => {
    expect(offsetMs(Date.UTC(1880, 0, 1), 'America/New_York')).toBe(
      -(4 * 3_600 + 56 * 60 + 2) * 1_000,
    );
    const year50 = new Date(Date.UTC(2000, 0, 1)).setUTCFullYear(50);
    expect(Math.abs(offsetMs(year50, 'Europe/Berlin'))).toBeLessThan(DAY_MS);
    const before = new Date(Date.UTC(2000, 0, 1)).setUTCFullYear(-50);
    expect(Math.abs(offsetMs(before, 'Europe/Berlin'))).toBeLessThan(DAY_MS);
  });
});

describe('isTimeZone', () => {
  it('tells a zone from a name that is none', () => {
    expect([isTimeZone('Europe/Berlin'), isTimeZone('Mars/Olympus')]).toEqual([true, false]);
  });
});

describe('parseMoment', () => {
  it('reads what a clock of the zone shows back as the moment', () => {
    const law = fc.property(anyMoment, anyZone, (epochMs, zone) => {
      const localMs = epochMs + offsetMs(epochMs, zone);
      const read = parseMoment(new Date(localMs).toISOString().slice(0, 23), zone) ?? 0;
      // An hour shown twice is read as its first.
      expect(read + offsetMs(read, zone)).toBe(localMs);
      expect(read).toBeLessThanOrEqual(epochMs);
      expect(epochMs - read).toBeLessThanOrEqual(DAY_MS);
    });
    fc.assert(law);
  });

  it.each([
    ['2025-03-30T01:59', Date.UTC(2025, 2, 30, 0, 59)],
    ['2025-03-30T03:00', Date.UTC(2025, 2, 30, 1)],
    ['2025-03-30T02:30', Date.UTC(2025, 2, 30, 1, 30)],
    ['2025-10-26 02:30', Date.UTC(2025, 9, 26, 0, 30)],
    ['2025-10-26T12:00:05.5', Date.UTC(2025, 9, 26, 11, 0, 5, 500)],
    ['2025-10-26', Date.UTC(2025, 9, 25, 22)],
    ['2025-10-26T12:00:00+05:30', Date.UTC(2025, 9, 26, 6, 30)],
    ['2025-10-26 12:00Z', Date.UTC(2025, 9, 26, 12)],
  ])('reads %s in Berlin, on both sides of a change of the clock', (text, epochMs) => {
    expect(parseMoment(text, 'Europe/Berlin')).toBe(epochMs);
  });

  it('reads the first of an hour shown twice also west of Greenwich', () => {
    expect(parseMoment('2025-11-02T01:30', 'America/New_York')).toBe(Date.UTC(2025, 10, 2, 5, 30));
  });

  it('measures the nights of a change as 2 h and 4 h', () => {
    const hoursBetween = (day: string): number => {
      const at = (time: string): number => parseMoment(`${day} ${time}`, 'Europe/Berlin') ?? 0;
      return (at('04:00') - at('01:00')) / HOUR_MS;
    };
    expect([hoursBetween('2026-03-29'), hoursBetween('2026-10-25')]).toEqual([2, 4]);
  });

  it.each([
    '2025-02-30',
    '2025-13-01T00:00',
    '2025-13-01T00:00Z',
    '2025-02-30T10:00Z',
    '2025-04-31 10:00+02:00',
    '2025-01-01T24:00Z',
    '2025-01-01T24:00',
    '2025-01-01T10:60',
    '2025-01-01T10:00:60',
    '12/03/2025',
    'tomorrow',
    '',
  ])('refuses `%s`', (text) => {
    expect(parseMoment(text, 'UTC')).toBeUndefined();
  });
});

describe('startOfDay and dayAt', () => {
  it('begin a day at its first moment', () => {
    const law = fc.property(anyMoment, anyZone, (epochMs, zone) => {
      const day = dayAt(epochMs, zone);
      const start = startOfDay(day, zone);
      expect(dayAt(start, zone)).toBe(day);
      expect(dayAt(start - 1, zone)).not.toBe(day);
    });
    fc.assert(law);
  });

  it('begin a day that a zone leapt over with the next', () => {
    expect(dayAt(startOfDay('2011-12-30', 'Pacific/Apia'), 'Pacific/Apia')).toBe('2011-12-31');
  });
});
