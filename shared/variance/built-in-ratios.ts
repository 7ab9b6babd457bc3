import { HOUR_MS, type Ms } from '#shared/kernel/index.ts';

/** How actual ÷ estimate was spread in finished tasks of one size of estimate; 1 is just as estimated. */
export interface RatioSpread {
  /** How many tasks it was counted on. */
  readonly n: number;
  readonly p10: number;
  readonly p25: number;
  readonly p50: number;
  readonly p75: number;
  readonly p90: number;
  /** Σ actual ÷ Σ estimate. */
  readonly total: number;
}

/** Upper edges of the sizes, each inclusive; what lies above the last is one more size. */
const SIZE_EDGES_MS: readonly Ms[] = [0.5, 1, 2, 4, 8, 16, 40].map((hours) => hours * HOUR_MS);

/**
 * What is known before a business has finished tasks of its own: small tasks overrun and large ones underrun.
 * Each row is counted on the finished tasks of one software company from 2004 to 2011 whose estimate was made before
 * the day they were completed, by hours estimated: the ratio up to which 10, 25, 50, 75 and 90 % of them ended (linear
 * between neighbours in the sorted sample), then the sum of their actuals over that of their estimates.
 * Source: SiP, D. M. Jones and S. Cullum, "A conversation around the analysis of the SiP effort estimation dataset"
 * (arXiv 1901.01621).
 */
export const BUILT_IN_RATIOS: {
  readonly bySize: readonly RatioSpread[];
  /** All sizes together. */
  readonly all: RatioSpread;
} = {
  // biome-ignore format: a table is read by its columns
  bySize: [
    spread(278,  [1.0,  1.0,  1.0,  1.5,  3.12], 1.82),
    spread(579,  [0.5,  1.0,  1.0,  1.5,  3.0],  2.25),
    spread(707,  [0.5,  0.75, 1.0,  1.5,  2.67], 2.17),
    spread(1024, [0.41, 0.75, 1.0,  1.45, 2.5],  1.38),
    spread(1003, [0.29, 0.59, 1.0,  1.5,  2.44], 1.3),
    spread(554,  [0.25, 0.5,  0.88, 1.34, 2.39], 1.19),
    spread(632,  [0.16, 0.41, 0.77, 1.32, 2.19], 1.37),
    spread(272,  [0.06, 0.21, 0.52, 1.09, 1.69], 0.76),
  ],
  all: spread(5049, [0.3, 0.62, 1.0, 1.45, 2.5], 1.13),
};

/** Which of the eight sizes an estimate has: 0 up to half an hour, 7 above 40 h. Units: ms. */
export function sizeOf(estimateMs: Ms): number {
  const size = SIZE_EDGES_MS.findIndex((edgeMs) => estimateMs <= edgeMs);
  return size === -1 ? SIZE_EDGES_MS.length : size;
}

/** Above it lies the last size, which has no upper edge. Units: ms. */
export const LAST_EDGE_MS: Ms = Math.max(...SIZE_EDGES_MS);

/** The largest estimate of a size, inclusive; none for the last. Units: ms. */
export const sizeEdgeMs = (size: number): Ms | undefined => SIZE_EDGES_MS[size];

function spread(
  n: number,
  [p10, p25, p50, p75, p90]: readonly [number, number, number, number, number],
  total: number,
): RatioSpread {
  return { n, p10, p25, p50, p75, p90, total };
}
