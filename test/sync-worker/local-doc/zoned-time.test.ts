import { describe, expect, it } from 'vitest';
import { parseDay, toZonedText } from '#worker/local-doc/zoned-time.ts';

describe('toZonedText', () => {
  it.each([
    ['UTC', '2025-07-01T12:00:00.000Z'],
    ['Europe/Berlin', '2025-07-01T14:00:00.000+02:00'],
    ['America/New_York', '2025-07-01T08:00:00.000-04:00'],
    ['Asia/Kolkata', '2025-07-01T17:30:00.000+05:30'],
  ])('writes a moment with the offset of %s', (zone, text) => {
    expect(toZonedText(Date.UTC(2025, 6, 1, 12), zone)).toBe(text);
  });
});

describe('parseDay', () => {
  it('takes the day it is in the zone at a moment with an offset', () => {
    expect(parseDay('2025-12-03T23:30:00Z', 'Europe/Berlin')).toBe('2025-12-04');
  });

  it.each(['12/03/2025', '2025-02-30', '2025-13-01', 'tomorrow', '', '2025-12-3'])(
    'reads no day from `%s`',
    (text) => {
      expect(parseDay(text, 'UTC')).toBeUndefined();
    },
  );
});
