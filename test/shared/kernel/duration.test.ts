import { describe, expect, it } from 'vitest';
import { readDuration } from '#shared/kernel/index.ts';

describe('readDuration', () => {
  it.each([
    ['90s', 90_000],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['0s', 0],
  ])('reads %s', (text, ms) => {
    expect(readDuration(text)).toBe(ms);
  });

  it.each(['', '5', 'm', '5 m', '5d', '1.5h', '-5m', '123456s', '5m '])(
    'takes %j for none',
    (text) => {
      expect(readDuration(text)).toBeUndefined();
    },
  );
});
