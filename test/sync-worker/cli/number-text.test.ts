import { describe, expect, it } from 'vitest';
import { toFixedText } from '#worker/cli/number-text.ts';

describe('toFixedText', () => {
  it('rounds to the decimals asked for, and gives no zero a sign', () => {
    expect([1.25, -1.26, 0.04, -0.04, -0].map((value) => toFixedText(value, 1))).toEqual([
      '1.3',
      '-1.3',
      '0.0',
      '0.0',
      '0.0',
    ]);
    expect(toFixedText(-0.0002, 3)).toBe('0.000');
  });
});
