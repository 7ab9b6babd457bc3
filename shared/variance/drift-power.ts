/** How many tasks on each side a change of a factor asks for. */
export interface TasksForFactor {
  readonly factor: number;
  readonly tasksPerSide: number;
}

/** The factors a founder would plan by. */
const FACTORS = [1.3, 1.5, 2, 3] as const;
/** 1.96 for a two-sided chance of 5 % and .84 for a power of 80 %. */
const ONE_LOOK = 2.8;
/** The quantile of the normal law at a power of 80 %. */
const POWER_80 = 0.84;

/**
 * Tasks before and after a change that one comparison of the two would notice in four of five cases, rounded:
 * 2·(2.8·σ ÷ ln factor)². The watch over a whole history asks for more evidence, since it looks after every task; what
 * it would have seen so far is {@link smallestSeenFactor}.
 * Units: σ in ln ratio. Range: factor above 0, not 1.
 * Source: two samples of a normal law, two-sided at 5 %.
 */
export const tasksPerSide = (factor: number, sigma: number): number =>
  Math.round(2 * ((ONE_LOOK * sigma) / Math.log(factor)) ** 2);

/** {@link tasksPerSide} for ×1.3, ×1.5, ×2 and ×3. */
export const toTasksForFactors = (sigma: number): readonly TasksForFactor[] =>
  FACTORS.map((factor) => ({ factor, tasksPerSide: tasksPerSide(factor, sigma) }));

/**
 * The smallest lasting factor that would probably have crossed a threshold, had it begun at the cut:
 * exp((threshold + .84)·σ·√(1/before + 1/after)), a chance of 80 % by the normal law; in simulations of 32 to 400
 * tasks, normal and real, between 61 and 99 %.
 * Units: threshold in standard deviations, σ in ln ratio.
 */
export const smallestSeenFactor = (
  threshold: number,
  sigma: number,
  cut: { readonly before: number; readonly after: number },
): number => Math.exp((threshold + POWER_80) * sigma * Math.sqrt(1 / cut.before + 1 / cut.after));
