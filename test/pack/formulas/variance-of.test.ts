import { describe, expect, it } from 'vitest';
import { openPackBench } from '../pack-bench.ts';

describe('VarianceOf', () => {
  const { formula } = openPackBench();

  it('tells what happens to a task from what happens to the budget', async () => {
    expect(await formula('VarianceOf', [4, 4, 4, 4, 4], [3, 4, 5, 6, 5])).toMatchObject({
      typical: 0.25,
      total: expect.closeTo(0.15, 10),
      n: 5,
      state: 'insufficient',
      needed: 15,
    });
  });

  it('leaves out rows with a blank or zero and counts the rest', async () => {
    const [estimates, actuals] = [
      [4, undefined, 0, 4],
      [6, 2, 3, undefined],
    ];
    expect(await formula('VarianceOf', estimates, actuals)).toMatchObject({ n: 1, total: 0.5 });
  });

  it('is measured from twenty tasks on', async () => {
    const twenty = Array.from({ length: 20 }, () => 2);
    expect(await formula('VarianceOf', twenty, twenty)).toMatchObject({
      state: 'measured',
      needed: 0,
      typical: 0,
    });
  });

  it('has no typical and no total where there is nothing to compare, and still shows a range', async () => {
    const empty = (await formula('VarianceOf', [], [])) as Record<string, number>;
    expect(Object.keys(empty).sort()).toEqual(['high', 'low', 'n', 'needed', 'state']);
    expect(empty['high']).toBeGreaterThan(1);
  });

  it('refuses columns that are not the same rows', async () => {
    await expect(formula('VarianceOf', [1, 2], [1])).rejects.toThrow('2 estimates and 1 actuals');
  });
});
