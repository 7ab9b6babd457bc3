import { beforeAll, describe, expect, it } from 'vitest';
import { HOUR_MS } from '#shared/kernel/index.ts';
import { BUILT_IN_RATIOS, type RatioSpread, sizeOf } from '#shared/variance/built-in-ratios.ts';
import {
  BACKTEST_MODELS,
  type BacktestRow,
  backtest,
  quantile,
  toBacktestRows,
  toBacktestScene,
} from '#shared/variance/index.ts';
import { makeHistory, sceneOf } from '../../shared/variance/made-history.ts';
import { DATA_FILES, readHistory, whyNoFiles } from './data-files.ts';
import { BAR_SIZE, findMissedHeld, proveFinishBlocks } from './finish-blocks.ts';
import { findMissedBars, findStrangers } from './prove-backtest.ts';

const missing = whyNoFiles();
/** A walk over thousands of rows takes seconds alone, and many times that where the machine is busy and lines are counted. */
const WALK_LIMIT_MS = 300_000;

// `npm run proof:backtest` walks every model over every file.
describe.skipIf(missing !== undefined)(
  `the forecaster on finished tasks, ${missing ?? 'read'}`,
  () => {
    it.each(DATA_FILES.slice(1))(
      'reaches the best rule known: $title',
      (known) => {
        const { file, genuineOnly, bars } = known;
        const [own] = backtest(
          toBacktestScene(readHistory(file), { genuineOnly }),
          BACKTEST_MODELS.slice(0, 1),
        );
        expect(own && findMissedBars(own, bars)).toEqual([]);
      },
      WALK_LIMIT_MS,
    );

    it.each(DATA_FILES)(
      'foresees the hours of twenty tasks in a row: $title',
      ({ file, genuineOnly }) => {
        const scene = toBacktestScene(readHistory(file), { genuineOnly });
        const { held, upTo80 } = proveFinishBlocks(scene, { size: BAR_SIZE, draws: 150 });
        expect(findMissedHeld(held)).toEqual([]);
        expect(Math.abs(upTo80 - 0.8)).toBeLessThan(0.06);
      },
      WALK_LIMIT_MS,
    );
  },
);

describe('the hours of twenty tasks in a row, in a business whose errors have nothing in common', () => {
  const rows = makeHistory({ tasks: 4_000, workflowSpread: 0.4 }, 1);
  const prove = (commonSd: number) =>
    proveFinishBlocks(sceneOf(rows, 800), { size: 20, draws: 150, commonSd });

  it('lie within P10 and P90 four times of five when drawn independently, and more often with a common factor', () => {
    const { blocks, held, upTo80, below10, above90 } = prove(0);
    expect(blocks).toBe(160);
    expect(Math.abs(held - 0.8)).toBeLessThan(0.06);
    expect(Math.abs(upTo80 - 0.8)).toBeLessThan(0.06);
    expect(held + below10 + above90).toBeCloseTo(1, 12);
    expect(prove(0.2).held).toBeGreaterThan(0.9);
  });
});

describe('findMissedHeld', () => {
  it('is content at both ends of the bar, and names a share outside', () => {
    expect([0.75, 0.88].flatMap(findMissedHeld)).toEqual([]);
    expect(findMissedHeld(0.749)).toEqual(['P10–P90 of blocks hold 0.75 to 0.88, is 0.749']);
    expect(findMissedHeld(0.881)).toHaveLength(1);
    expect(findMissedHeld(Number.NaN)).toHaveLength(1);
  });
});

const toSpread = (rows: readonly BacktestRow[]): RatioSpread => {
  const ratios = rows
    .map(({ task, actualHours }) => actualHours / task.estimateHours)
    .sort((left, right) => left - right);
  const sum = (of: (row: BacktestRow) => number) => rows.reduce((all, row) => all + of(row), 0);
  const [p10 = 0, p25 = 0, p50 = 0, p75 = 0, p90 = 0] = [0.1, 0.25, 0.5, 0.75, 0.9].map((share) =>
    quantile(ratios, share),
  );
  const total = sum((row) => row.actualHours) / sum((row) => row.task.estimateHours);
  return { n: rows.length, p10, p25, p50, p75, p90, total };
};

describe.skipIf(missing !== undefined)(`the built-in table, ${missing ?? 'counted again'}`, () => {
  const { bySize, all } = BUILT_IN_RATIOS;
  let rows: readonly BacktestRow[] = [];

  beforeAll(() => {
    ({ rows } = toBacktestRows(readHistory(DATA_FILES[0]?.file ?? ''), true));
  });

  it.each([...bySize.entries(), [-1, all] as const])(
    'is what the file says: size %i',
    (size, told) => {
      const isOfSize = ({ task }: BacktestRow) => sizeOf(task.estimateHours * HOUR_MS) === size;
      const counted = toSpread(size === -1 ? rows : rows.filter(isOfSize));
      expect(counted.n).toBe(told.n);
      // The table was rounded to two places.
      const toGap = (of: (spread: RatioSpread) => number) => Math.abs(of(counted) - of(told));
      const gaps = [
        toGap(({ p10 }) => p10),
        toGap(({ p25 }) => p25),
        toGap(({ p50 }) => p50),
        toGap(({ p75 }) => p75),
        toGap(({ p90 }) => p90),
        toGap(({ total }) => total),
      ];
      expect(Math.max(...gaps)).toBeLessThan(0.00501);
    },
  );
});

/** What a rule may reach. */
const met = {
  n: 9,
  maeLn: 0.4,
  mdmre: 0.2,
  pred25: 1,
  biasLn: 0,
  maeHours: 1,
  coverage80: 0.8,
  winklerLn: 2,
  hiLo: 4,
};

describe('findMissedBars', () => {
  const bars = { maeLn: 0.4, mdmre: 0.2, winklerLn: 2, coverage: [0.8, 0.8] } as const;

  it('is content with a bar that is just reached', () => {
    expect(findMissedBars(met, bars)).toEqual([]);
  });

  it.each([
    [{ maeLn: 0.41 }, 'maeLn at most 0.4, is 0.4100'],
    [{ mdmre: 0.21 }, 'mdmre at most 0.2, is 0.2100'],
    [{ winklerLn: 2.01 }, 'winklerLn at most 2, is 2.0100'],
    [{ coverage80: 0.79 }, 'coverage80 at least 0.8, is 0.7900'],
    [{ coverage80: 0.81 }, 'coverage80 at most 0.8, is 0.8100'],
  ])('names what %o misses', (worse, line) => {
    expect(findMissedBars({ ...met, ...worse }, bars)).toEqual([line]);
  });
});

describe('findStrangers', () => {
  it('names a rule that is absent or measured otherwise', () => {
    const results = [{ model: 'raw', ...met }];
    expect(findStrangers(results, { raw: [0.4004, 0.2, 0.8, 2] })).toEqual([]);
    expect(findStrangers(results, { raw: [0.4, 0.2, 0.8, 2.1] })).toHaveLength(1);
    expect(findStrangers(results, { 'workflow-median': [0.4, 0.2, 0.8, 2] })).toHaveLength(1);
  });
});
