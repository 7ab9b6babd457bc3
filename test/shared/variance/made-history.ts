import { createRandom, drawNormal } from '#shared/planning/random.ts';
import type { BacktestScene } from '#shared/variance/backtest.ts';
import type { BacktestRow } from '#shared/variance/backtest-rows.ts';

/** How a made-up business errs. */
export interface Habits {
  readonly tasks?: number;
  /** Spread of what each person and each workflow adds to the ln ratio for good. */
  readonly personSpread?: number;
  readonly workflowSpread?: number;
  /** What is added to the ln ratio between the first and the last task. */
  readonly drift?: number;
  /** Spread of one task's ln ratio. */
  readonly spread?: number;
  /** Divides each normal draw by the root of a mean of two squared ones: outliers without bound. */
  readonly hasOutliers?: boolean;
  readonly gridHours?: number;
}

const ESTIMATES = [0.25, 0.5, 0.5, 1, 1, 1.5, 2, 2, 3, 4, 4, 6, 8, 8, 16, 24, 40];

/** A history of three tasks a day; the longer a task takes, the later it is known. */
export function makeHistory(habits: Habits, seed: number): readonly BacktestRow[] {
  const random = createRandom(seed);
  const normal = () => drawNormal(random);
  const pick = (count: number) => Math.floor(random() * count);
  const { tasks = 900, spread = 0.5, drift = 0, gridHours } = habits;
  const people = [0, 1, 2].map(() => normal() * (habits.personSpread ?? 0));
  const workflows = [0, 1, 2, 3, 4, 5].map(() => normal() * (habits.workflowSpread ?? 0));
  const snap = (hours: number) =>
    gridHours === undefined ? hours : gridHours * Math.max(1, Math.round(hours / gridHours));
  return Array.from({ length: tasks }, (_, place) => {
    const [person, workflow] = [pick(3), pick(6)];
    const tail = habits.hasOutliers === true ? Math.hypot(normal(), normal()) / Math.SQRT2 : 1;
    const lnRatio =
      (people[person] ?? 0) +
      (workflows[workflow] ?? 0) +
      drift * (place / tasks) +
      (spread * normal()) / tail;
    const estimateHours = snap(ESTIMATES[pick(ESTIMATES.length)] ?? 1);
    const actualHours = snap(estimateHours * Math.exp(lnRatio));
    const estimatedDay = Math.floor(place / 3);
    return {
      task: { estimateHours, person: `P${person}`, workflow: `W${workflow}` },
      actualHours,
      estimatedDay,
      knownDay: estimatedDay + Math.floor((-Math.log(1 - random()) * actualHours) / 4),
    };
  });
}

/** A scene of rows that are all usable. */
export const sceneOf = (rows: readonly BacktestRow[], scoredFrom = 0): BacktestScene => ({
  rows,
  scoredFrom,
  excluded: { no_estimate: 0, no_actual: 0, no_estimate_day: 0 },
});
