import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  offsetMs,
  parseDay,
  parseMoment,
  startOfDay,
  toZonedText,
} from '#worker/local-doc/zoned-time.ts';

const HOUR = 3_600_000;
const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia'] as const;
const anyZone = fc.constantFrom(...ZONES);
const anyMoment = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2050, 0, 1) });

describe('a moment in a zone', () => {
  it.each([
    ['UTC', '2025-07-01T12:00:00.000Z'],
    ['Europe/Berlin', '2025-07-01T14:00:00.000+02:00'],
    ['America/New_York', '2025-07-01T08:00:00.000-04:00'],
    ['Asia/Kolkata', '2025-07-01T17:30:00.000+05:30'],
  ])('is written with the offset of %s', (zone, text) => {
    expect(toZonedText(Date.UTC(2025, 6, 1, 12), zone)).toBe(text);
  });

  it('is read back as it was written', () => {
    const law = fc.property(anyMoment, anyZone, (epochMs, zone) => {
      expect(parseMoment(toZonedText(epochMs, zone), zone)).toBe(epochMs);
    });
    fc.assert(law);
  });

  it('without an offset is read in the zone, on both sides of a change of the clock', () => {
    const berlin = (text: string) => parseMoment(text, 'Europe/Berlin');
    expect(berlin('2025-03-30T01:59')).toBe(Date.UTC(2025, 2, 30, 0, 59));
    expect(berlin('2025-03-30T03:00')).toBe(Date.UTC(2025, 2, 30, 1));
    expect(berlin('2025-10-26T12:00')).toBe(Date.UTC(2025, 9, 26, 11));
    expect(offsetMs(Date.UTC(2025, 6, 1), 'Europe/Berlin')).toBe(2 * HOUR);
  });
});

describe('a day in a zone', () => {
  it('begins at a moment of that day, and the moment before is another day', () => {
    const law = fc.property(anyMoment, anyZone, (epochMs, zone) => {
      const day = toZonedText(epochMs, zone).slice(0, 10);
      const start = startOfDay(day, zone);
      expect(toZonedText(start, zone).slice(0, 10)).toBe(day);
      expect(toZonedText(start - 1, zone).slice(0, 10)).not.toBe(day);
      expect(parseDay(day, zone)).toBe(day);
    });
    fc.assert(law);
  });

  it('of a moment with an offset is the day it is in the zone', () => {
    expect(parseDay('2025-12-03T23:30:00Z', 'Europe/Berlin')).toBe('2025-12-04');
  });

  it.each([['12/03/2025'], ['2025-02-30'], ['2025-13-01'], ['tomorrow'], [''], ['2025-12-3']])(
    'is not what `%s` means',
    (text) => {
      expect(parseDay(text, 'UTC')).toBeUndefined();
    },
  );
});
