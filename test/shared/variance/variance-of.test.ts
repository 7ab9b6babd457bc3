import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '#shared/kernel/index.ts';
import {
  type Session,
  type Task,
  varianceByGroup,
  varianceOf,
  variancePercent,
} from '#shared/variance/index.ts';

describe('variancePercent', () => {
  it.each([
    [8, 12, 0.5],
    [2, 2.5, 0.25],
    [2.6, 3.5, 0.9 / 2.6],
    [36, 32, -4 / 36],
    [4, 6, 0.5],
  ])('of %f h done in %f h is %f', (estimate, actual, expected) => {
    expect(variancePercent(estimate, actual)).toBeCloseTo(expected, 9);
  });

  it.each([
    [0, 4],
    [4, 0],
    [null, 4],
    [4, undefined],
    [-1, 4],
    [4, -1],
    [Number.NaN, 4],
    [4, Number.POSITIVE_INFINITY],
  ])('of %s h done in %s h is undefined, and null says so', (estimate, actual) => {
    expect(variancePercent(estimate, actual)).toBeNull();
  });
});

describe('varianceOf', () => {
  it('calls five tasks of 4 h done in 3, 4, 5, 6 and 5 h typically +25 % and in total +15 %', () => {
    const result = varianceOf([4, 4, 4, 4, 4], [3, 4, 5, 6, 5]);
    expect(result).toMatchObject({
      ok: true,
      value: { typical: 0.25, n: 5, state: 'insufficient', needed: 15 },
    });
    expect(result.ok ? result.value.total : null).toBeCloseTo(0.15, 12);
  });

  it('leaves rows with a blank or a zero out, and gives the built-in range where none is left', () => {
    const nothing = { typical: null, total: null, n: 0, state: 'insufficient', needed: 20 };
    const result = varianceOf([4, null, 0], [undefined, 4, 3]);
    expect(result).toMatchObject({
      ok: true,
      value: { ...nothing, high: expect.closeTo(2.5, 12) },
    });
  });

  it('refuses columns that are not the same rows', () => {
    expect(varianceOf([4, 4], [3])).toEqual({
      ok: false,
      refusal: { code: 'COLUMNS_DIFFER', estimateRows: 2, actualRows: 1 },
    });
  });

  it('equals the group that holds the same tasks', () => {
    const cell = fc.oneof(fc.constant(null), fc.double({ min: 0, max: 99, noNaN: true }));
    const law = fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), (rows) => {
      const tasks = rows.map(([hours], row): Task => {
        const baselineMs = Math.round((hours ?? 0) * HOUR_MS);
        return { taskId: `${row}`, name: '', isFinished: true, baselineMs };
      });
      const sessions = rows.map(([, hours], row): Session => {
        const netMs = Math.round((hours ?? 0) * HOUR_MS);
        return {
          runId: `${row}`,
          taskId: `${row}`,
          groups: {},
          netMs,
          standing: 'counted',
        };
      });
      const [group] = varianceByGroup(tasks, sessions);
      const columns = [rows.map(([hours]) => hours), rows.map(([, hours]) => hours)] as const;
      const value = group && {
        typical: group.typical,
        total: group.total,
        n: group.nTasks,
        low: group.p10,
        high: group.p90,
        state: group.nTasks < 20 ? 'insufficient' : 'measured',
        needed: Math.max(0, 20 - group.nTasks),
      };
      expect(varianceOf(...columns)).toEqual({ ok: true, value });
    });
    fc.assert(law);
  });
});
