import { describe, expect, it } from 'vitest';
import { backtest, toBacktestScene, walkForward } from '#shared/variance/backtest.ts';
import { BACKTEST_MODELS } from '#shared/variance/backtest-models.ts';
import {
  type BacktestRow,
  type HistoryRow,
  toBacktestRows,
} from '#shared/variance/backtest-rows.ts';
import { makeHistory } from './made-history.ts';

const finished = (cells: Partial<HistoryRow>): HistoryRow => ({
  task: {},
  estimateHours: 1,
  actualHours: 2,
  estimatedOn: '2025-03-10',
  completedOn: '2025-03-12',
  ...cells,
});

describe('toBacktestRows', () => {
  it('leaves out and counts rows that nobody can be judged by', () => {
    const { rows, excluded } = toBacktestRows([
      finished({}),
      finished({ estimateHours: 0 }),
      finished({ estimateHours: undefined }),
      finished({ actualHours: -1 }),
      finished({ actualHours: undefined }),
      finished({ estimatedOn: undefined }),
    ]);
    expect(rows).toHaveLength(1);
    expect(excluded).toEqual({ no_estimate: 2, no_actual: 2, no_estimate_day: 1 });
  });

  it('drops estimates that may be older than the work, uncounted, and keeps those of open end', () => {
    const history = [
      finished({ completedOn: '2025-03-10', actualHours: 1 }),
      finished({ completedOn: '2025-03-09', actualHours: 2 }),
      finished({ completedOn: '2025-03-11', actualHours: 3 }),
      finished({ completedOn: undefined, actualHours: 4 }),
    ];
    const { rows, excluded } = toBacktestRows(history, true);
    expect(rows.map((row) => row.actualHours)).toEqual([3, 4]);
    expect(excluded).toEqual({ no_estimate: 0, no_actual: 0, no_estimate_day: 0 });
  });

  it('orders by the day of the estimate and leaves rows of one day as they came', () => {
    const { rows } = toBacktestRows([
      finished({ estimatedOn: '2025-03-11', actualHours: 1 }),
      finished({ estimatedOn: '2025-03-10', actualHours: 2 }),
      finished({ estimatedOn: '2025-03-11', actualHours: 3 }),
    ]);
    expect(rows.map((row) => row.actualHours)).toEqual([2, 1, 3]);
  });

  it('knows an actual from the later of its two days on, and never without an end', () => {
    const { rows } = toBacktestRows([
      finished({ completedOn: '2025-03-12' }),
      finished({ completedOn: '2025-03-01' }),
      finished({ completedOn: undefined }),
    ]);
    const waits = rows.map((row) => row.knownDay - row.estimatedDay);
    expect(waits).toEqual([2, 0, Infinity]);
  });
});

/** Says how many outcomes it has been taught. */
const counting = {
  name: 'counting',
  create: () => {
    let taught = 0;
    return {
      learn: () => {
        taught += 1;
      },
      forecast: () => ({ point: taught + 1, low: 1, high: 2 }),
    };
  },
};

describe('walkForward', () => {
  it('teaches what was known strictly before the day of an estimate', () => {
    const row = (estimatedDay: number, knownDay: number): BacktestRow => ({
      task: { estimateHours: 1 },
      actualHours: 1,
      estimatedDay,
      knownDay,
    });
    const rows = [row(1, 5), row(2, 2), row(2, Infinity), row(3, 3), row(5, 5), row(6, 6)];
    const taught = walkForward(rows, counting.create()).map(({ point }) => point - 1);
    expect(taught).toEqual([0, 0, 0, 1, 2, 4]);
  });

  it.each(BACKTEST_MODELS)('lets no outcome reach an earlier forecast: $name', ({ create }) => {
    const rows = makeHistory({ tasks: 240, workflowSpread: 0.4 }, 5);
    const said = (of: readonly BacktestRow[]) =>
      walkForward(of, create()).map(({ point, low, high }) => [point, low, high]);
    const before = said(rows);
    for (const place of [0, 40, 41, 150, 200]) {
      const changed = rows.map((row, at) => (at === place ? { ...row, actualHours: 977 } : row));
      const from = rows[place]?.knownDay ?? 0;
      const untouched = rows.flatMap((row, at) => (row.estimatedDay <= from ? [at] : []));
      const after = said(changed);
      expect(untouched.map((at) => after[at])).toEqual(untouched.map((at) => before[at]));
      // Where nothing at all changed, the test would have watched nothing.
      expect(after).not.toEqual(before);
    }
  });
});

describe('backtest', () => {
  const history = Array.from({ length: 11 }, (_, day) =>
    finished({ estimatedOn: `2025-03-${day + 10}`, completedOn: `2025-03-${day + 10}` }),
  );

  it('scores all but the first fifth', () => {
    const scene = toBacktestScene(history);
    expect(scene.scoredFrom).toBe(2);
    expect(backtest(scene, [counting])).toMatchObject([{ model: 'counting', n: 9 }]);
  });

  it('scores from a day on, that day included', () => {
    const scene = toBacktestScene(history, { scoreFrom: '2025-03-18' });
    expect(backtest(scene, [counting])).toMatchObject([{ n: 3 }]);
  });

  it('scores a single row', () => {
    const scene = toBacktestScene(history.slice(0, 1));
    const [result] = backtest(scene, BACKTEST_MODELS.slice(0, 1));
    expect(result).toMatchObject({ n: 1, maeLn: Math.LN2 });
    expect(Object.values(result ?? {})).not.toContain(Number.NaN);
  });

  it('has no results where no row is scored', () => {
    expect(backtest(toBacktestScene([]), [counting])).toEqual([]);
    const late = toBacktestScene(history, { scoreFrom: '2026-01-01' });
    expect(backtest(late, [counting])).toEqual([]);
  });

  it('says the same of a model however often it is asked', () => {
    const scene = toBacktestScene(history);
    const [first, again] = backtest(scene, [counting, counting]);
    expect(again).toEqual(first);
    expect(backtest(scene, [counting])).toEqual([first]);
  });
});
