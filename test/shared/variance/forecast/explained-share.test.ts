import { expect, it } from 'vitest';
import { toExplainedShare } from '#shared/variance/forecast/explained-share.ts';

it('is whole where each group has one value', () => {
  expect(toExplainedShare([1, 1, 5, 5], [0, 0, 1, 1])).toBe(1);
});

it('is adjusted for the number of groups', () => {
  // Within: 2 of 4 − 2 degrees of freedom; total: 10 of 3. So 1 − (2 / 2) / (10 / 3).
  expect(toExplainedShare([0, 2, 3, 3], [0, 0, 1, 1])).toBeCloseTo(1 - 1 / 2, 12);
});

it.each([
  ['one group', [1, 2, 3], [0, 0, 0]],
  ['as many groups as values but one', [1, 2, 3], [0, 1, 1]],
  ['values that do not differ', [2, 2, 2, 2], [0, 0, 1, 1]],
  ['groups that are alike', [1, 5, 1, 5], [0, 0, 1, 1]],
])('is nothing with %s', (_, values, groups) => {
  expect(toExplainedShare(values, groups)).toBe(0);
});
