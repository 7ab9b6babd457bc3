/** The grids on which people write down hours, coarsest first. Units: hours. */
const GRIDS_HOURS = [1, 0.5, 0.25, 0.1, 0.05, 1 / 60];
const LEAST_CASES = 30;
const SHARE_ON_GRID = 0.95;
const TOLERANCE = 1e-6;

/** How many actuals were multiples of each grid, and how many there were. */
export interface GridCounts {
  readonly total: number;
  readonly onGrid: readonly number[];
}

/** Nothing counted yet. */
export const NO_GRID_COUNTS: GridCounts = { total: 0, onGrid: GRIDS_HOURS.map(() => 0) };

/** The counts after one more actual. */
export const countOnGrids = (counts: GridCounts, actualHours: number): GridCounts => ({
  total: counts.total + 1,
  onGrid: counts.onGrid.map((n, grid) => n + (isMultiple(actualHours, GRIDS_HOURS[grid]) ? 1 : 0)),
});

/**
 * The coarsest grid of which at least 95 % of the actuals are multiples; none from fewer than 30 actuals, or where
 * people write as they like. Units: hours.
 */
export function findRecordingGrid({ total, onGrid }: GridCounts): number | undefined {
  if (total < LEAST_CASES) return undefined;
  return GRIDS_HOURS.find((_, grid) => (onGrid[grid] ?? 0) >= SHARE_ON_GRID * total);
}

/** The nearest multiple of a grid, at least one; hours as they are without a grid. Units: hours. */
export const snapToGrid = (hours: number, grid: number | undefined): number =>
  grid === undefined ? hours : grid * Math.max(1, Math.floor(hours / grid + 0.5));

function isMultiple(hours: number, grid: number | undefined): boolean {
  const times = hours / (grid ?? hours);
  return Math.abs(times - Math.round(times)) <= TOLERANCE * Math.max(1, times);
}
