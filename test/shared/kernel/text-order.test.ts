import { describe, expect, it } from 'vitest';
import { compareText } from '#shared/kernel/index.ts';

describe('compareText', () => {
  it('orders by code units, and nothing by a language', () => {
    const texts = ['ä', 'b', 'B', 'a', '', '10', '9', 'a'];
    expect([...texts].sort(compareText)).toEqual(['', '10', '9', 'B', 'a', 'a', 'b', 'ä']);
    expect(compareText('a', 'a')).toBe(0);
  });
});
