import { describe, expect, it } from 'vitest';
import { isInstant, toEpochMs, toInstant } from '#shared/kernel/index.ts';

const FIRST = '0000-01-01T00:00:00.000Z';
const LAST = '9999-12-31T23:59:59.999Z';

describe('isInstant', () => {
  it.each([FIRST, '2026-03-02T09:00:00.000Z', '2024-02-29T23:59:59.999Z', LAST])(
    'takes %s for a moment',
    (text) => {
      expect(isInstant(text)).toBe(true);
    },
  );

  it.each([
    ['a day the calendar does not have', '2026-02-29T00:00:00.000Z'],
    ['a month it does not have', '2026-13-01T00:00:00.000Z'],
    ['an hour no clock shows', '2026-03-02T24:00:00.000Z'],
    ['another zone', '2026-03-02T09:00:00.000+01:00'],
    ['no milliseconds', '2026-03-02T09:00:00Z'],
    ['a day alone', '2026-03-02'],
    ['something before it', ' 2026-03-02T09:00:00.000Z'],
    ['something behind it', '2026-03-02T09:00:00.000Z '],
    ['a year of five digits', '+12026-03-02T09:00:00.000Z'],
  ])('takes no text with %s', (_what, text) => {
    expect(isInstant(text)).toBe(false);
  });
});

describe('toInstant', () => {
  it('writes a moment that reads back as the same milliseconds', () => {
    expect(toInstant(0)).toBe('1970-01-01T00:00:00.000Z');
    for (const text of [FIRST, LAST]) {
      expect(toInstant(Date.parse(text))).toBe(text);
      expect(toEpochMs(toInstant(Date.parse(text)))).toBe(Date.parse(text));
    }
  });

  it.each([Date.parse(FIRST) - 1, Date.parse(LAST) + 1, 8.64e15, 8.64e15 + 1, Number.NaN])(
    'stops at %s ms, which no instant can name',
    (epochMs) => {
      expect(() => toInstant(epochMs)).toThrow(`Bug: no instant at \`${epochMs}\` ms`);
    },
  );
});
