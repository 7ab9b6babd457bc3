/** The fixed grid on which ln(actual ÷ estimate) is counted: 1 % wide, and so finer than any forecast is good for. */
const STEP = 0.01;
/** The bin of ratio 1: the estimate was hit. */
export const HIT_BIN = 500;
/** How many bins there are: ratios from 1 : 148 to 148 : 1, what lies beyond counts at the edge. */
export const BIN_COUNT = 2 * HIT_BIN + 1;

/** A ln as a whole number of steps. */
export const toSteps = (ln: number): number => Math.round(ln / STEP);

/** A whole number of steps as a ln. */
export const toLn = (steps: number): number => steps * STEP;

/** The bin of a ln ratio. */
export const toBin = (lnRatio: number): number => clampBin(HIT_BIN + toSteps(lnRatio));

/** The ln ratio of a bin. */
export const lnOfBin = (bin: number): number => toLn(bin - HIT_BIN);

/** A bin that exists. */
export const clampBin = (bin: number): number =>
  bin < 0 ? 0 : bin >= BIN_COUNT ? BIN_COUNT - 1 : bin;
