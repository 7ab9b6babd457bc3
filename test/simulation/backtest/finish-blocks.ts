import { HOUR_MS } from '#shared/kernel/index.ts';
import {
  createRandom,
  drawFuture,
  toCommonSd,
  toRatioHistory,
  toRatioLaw,
} from '#shared/planning/index.ts';
import { type BacktestRow, type BacktestScene, quantile } from '#shared/variance/index.ts';

/** How many tasks in a row are forecast as one, and how. */
export interface BlockOptions {
  readonly size: number;
  readonly draws: number;
  /** @default what the number of people in the block asks for */
  readonly commonSd?: number;
}

/** How often the sum of a block's actuals lay where the futures drawn for it said. Range: shares from 0 to 1. */
export interface BlockCoverage {
  readonly blocks: number;
  /** Within P10 and P90, both included. */
  readonly held: number;
  readonly upTo80: number;
  readonly below10: number;
  readonly above90: number;
}

/** What the range of a block of twenty has to hold, at least and at most. */
export const HELD_BAR = [0.75, 0.88] as const;
/** The blocks that the bar is set for. */
export const BAR_SIZE = 20;

/**
 * Cuts the scored tasks into blocks of so many in a row, and draws the futures of each from what was known before the day
 * on which its first task was estimated. What is left over at the end is no block.
 */
export function proveFinishBlocks(scene: BacktestScene, options: BlockOptions): BlockCoverage {
  const { size } = options;
  const scored = scene.rows.slice(scene.scoredFrom);
  const sides = Array.from({ length: Math.floor(scored.length / size) }, (_, place) => {
    const block = scored.slice(place * size, (place + 1) * size);
    const totals = drawTotals(scene.rows, block, { ...options, seed: place });
    const actual = block.reduce((sum, row) => sum + row.actualHours, 0);
    return [0.1, 0.8, 0.9].map((share) => Math.sign(actual - quantile(totals, share)));
  });
  const share = (isCounted: (side: readonly number[]) => boolean): number =>
    sides.filter(isCounted).length / sides.length;
  return {
    blocks: sides.length,
    held: share(([p10, , p90]) => p10 !== -1 && p90 !== 1),
    upTo80: share(([, p80]) => p80 !== 1),
    below10: share(([p10]) => p10 === -1),
    above90: share(([, , p90]) => p90 === 1),
  };
}

/** In words, how the share held misses the bar; nothing where it meets it. */
export function findMissedHeld(held: number): readonly string[] {
  const [least, most] = HELD_BAR;
  const isMet = held >= least && held <= most;
  return isMet ? [] : [`P10–P90 of blocks hold ${least} to ${most}, is ${held.toFixed(3)}`];
}

/** The sums of a block in many futures, ascending. Units: hours. */
function drawTotals(
  rows: readonly BacktestRow[],
  block: readonly BacktestRow[],
  options: BlockOptions & { readonly seed: number },
): readonly number[] {
  const from = block[0]?.estimatedDay ?? 0;
  const known = rows.filter((row) => row.knownDay < from);
  const history = toRatioHistory(known.map(toFinished));
  const works = block.map(toFinished).map(({ group, estimateMs }) => {
    return { estimateMs, spentMs: 0, law: toRatioLaw(history, group, estimateMs) };
  });
  const people = new Set(block.map(({ task }) => task.person));
  const { commonSd = toCommonSd(people.size) } = options;
  const random = createRandom(options.seed);
  const totals = Array.from({ length: options.draws }, () =>
    drawFuture(works, commonSd, random).reduce((sum, leftMs) => sum + leftMs, 0),
  );
  return totals.map((ms) => ms / HOUR_MS).sort((left, right) => left - right);
}

const toFinished = ({ task, actualHours }: BacktestRow) => ({
  group: task.workflow ?? '',
  estimateMs: task.estimateHours * HOUR_MS,
  actualMs: actualHours * HOUR_MS,
});
