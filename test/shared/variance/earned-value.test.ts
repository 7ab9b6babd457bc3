import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '#shared/kernel/index.ts';
import { type EarnedValue, earnedValue, type PlannedLeaf } from '#shared/variance/index.ts';

const TODAY = '2026-03-31';
const leaf = (baseline: number, actual: number, facts: Partial<PlannedLeaf> = {}): PlannedLeaf => ({
  ...(baseline === 0 ? {} : { baselineMs: baseline * HOUR_MS }),
  dueDate: '2026-03-15',
  isFinished: actual > 0,
  isStarted: actual > 0,
  actualMs: actual * HOUR_MS,
  ...facts,
});
const at = (...leaves: readonly PlannedLeaf[]) => earnedValue(leaves, TODAY);
const hours = ({ plannedMs, earnedMs, spentMs, budgetMs }: EarnedValue) =>
  [plannedMs, earnedMs, spentMs, budgetMs].map((ms) => ms / HOUR_MS);

describe('earnedValue', () => {
  // PV 60, EV 40, AC 50, BAC 100: CPI .8, SPI 2/3.
  const project = at(
    leaf(40, 45),
    leaf(20, 5, { isFinished: false }),
    leaf(40, 0, { dueDate: '2026-04-01' }),
  );

  it('gives the figures of a project late and over cost', () => {
    expect(hours(project)).toEqual([60, 40, 50, 100]);
    expect(project.costVarianceMs / HOUR_MS).toBe(-10);
    expect(project.scheduleVarianceMs / HOUR_MS).toBe(-20);
    expect(project.costIndex.value).toBeCloseTo(0.8, 12);
    expect(project.scheduleIndex.value).toBeCloseTo(2 / 3, 12);
    const { atCostIndex, asPlanned, atBothIndices } = project.estimateAtCompletion;
    expect(atCostIndex.value).toBeCloseTo(125 * HOUR_MS, 3);
    expect(asPlanned.value).toBe(110 * HOUR_MS);
    expect(atBothIndices.value).toBeCloseTo(162.5 * HOUR_MS, 3);
    expect(project.estimateToComplete.value).toBeCloseTo(75 * HOUR_MS, 3);
    expect(project.varianceAtCompletion.value).toBeCloseTo(-25 * HOUR_MS, 3);
    expect(project.toCompleteIndex.value).toBeCloseTo(60 / 50, 12);
  });

  it('counts a leaf due on the day as due, and one without a date never', () => {
    expect(hours(at(leaf(8, 0, { dueDate: TODAY })))[0]).toBe(8);
    const { dueDate: _, ...undated } = leaf(8, 0);
    expect(hours(at(undated))[0]).toBe(0);
  });

  it('earns half of a started leaf where that is the rule, and all of a finished one', () => {
    const leaves = [leaf(40, 45), leaf(20, 5, { isFinished: false }), leaf(40, 0)];
    expect(earnedValue(leaves, TODAY, '50/50').earnedMs / HOUR_MS).toBe(50);
  });

  it('counts leaves without an estimate, and what they cost', () => {
    const value = at(leaf(8, 8), leaf(0, 3));
    expect(value).toMatchObject({ unestimatedLeaves: 1, unestimatedSpentMs: 3 * HOUR_MS });
    expect(hours(value)).toEqual([8, 8, 11, 8]);
  });

  const none = (reason: string) => ({ value: null, reason });

  it('says that nothing is tracked', () => {
    const value = at(leaf(8, 0, { isFinished: true }));
    expect(value.costIndex).toEqual(none('nothing tracked'));
    expect(value.estimateAtCompletion.atCostIndex).toEqual(none('nothing tracked'));
    expect(value.estimateAtCompletion.asPlanned.value).toBe(0);
    expect(value.estimateToComplete.value).toBe(0);
  });

  it('says that nothing is due', () => {
    const value = at(leaf(8, 8, { dueDate: '2026-04-01' }), leaf(8, 0, { dueDate: '2026-04-01' }));
    expect(value.scheduleIndex).toEqual(none('nothing due'));
    expect(value.estimateAtCompletion.atBothIndices).toEqual(none('nothing due'));
    expect(value.estimateAtCompletion.atCostIndex.value).toBe(16 * HOUR_MS);
  });

  it('falls back to the plan where nothing is finished', () => {
    const value = at(leaf(8, 2, { isFinished: false }));
    expect(value.costIndex.value).toBe(0);
    expect(value.estimateAtCompletion.atCostIndex).toEqual(none('nothing finished'));
    expect(value.estimateAtCompletion.atBothIndices).toEqual(none('nothing finished'));
    expect(value.estimateToComplete.value).toBe(8 * HOUR_MS);
    expect(value.varianceAtCompletion.value).toBe(-2 * HOUR_MS);
  });

  it('says that the budget is spent, also at exactly the budget', () => {
    expect(at(leaf(8, 8, { isFinished: false })).toCompleteIndex).toEqual(none('budget spent'));
  });

  it('says that it is done, whatever it cost', () => {
    expect(at(leaf(8, 9)).toCompleteIndex).toEqual(none('done'));
    expect(at(leaf(8, 7)).toCompleteIndex).toEqual(none('done'));
  });

  it('says that nothing is planned', () => {
    for (const value of [at(), at(leaf(0, 3))]) {
      expect(value.estimateAtCompletion.asPlanned).toEqual(none('nothing planned'));
      expect(value.toCompleteIndex).toEqual(none('nothing planned'));
      expect(value.estimateToComplete).toEqual(none('nothing planned'));
    }
    expect(at().costVarianceMs).toBe(0);
  });

  it('takes the hours on a parent and on no task for spent, and only those on no task for unplanned', () => {
    const earned = at(
      leaf(10, 4),
      leaf(0, 2, { kind: 'parent' }),
      leaf(0, 3, { kind: 'no_task' }),
      leaf(0, 1),
    );
    expect(hours(earned)).toEqual([10, 10, 10, 10]);
    expect(earned).toMatchObject({ unestimatedLeaves: 1, unestimatedSpentMs: 4 * HOUR_MS });
  });
});
