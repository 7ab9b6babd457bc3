import { toNeedWords } from './drift-words.ts';
import { toGapMs } from './group-variance.ts';
import type { GroupVariance } from './model.ts';
import { MEASURED_FROM } from './small-samples.ts';

/**
 * One plain sentence about the workflow that matters most: of those measured, the one with the largest
 * |Σ actual − Σ estimate|. It sets what the mean of the runs would say beside what the sums say, and
 * where no workflow has enough tasks it says that.
 * Shape: names holds the name of each group id; an id without one stands for itself.
 */
export function headline(
  groups: readonly GroupVariance[],
  names: ReadonlyMap<string, string>,
): string {
  const workflows = groups.filter((group) => group.bucket === 'resolved');
  const nameOf = (group: GroupVariance): string => names.get(group.group) ?? group.group;
  const measured = workflows.filter((group) => group.nTasks >= MEASURED_FROM);
  const first = findLargest(measured, toGapMs);
  if (first !== undefined) return `${nameOf(first)} ${describe(first)}`;
  const closest = findLargest(workflows, (group) => group.nTasks);
  if (closest === undefined || closest.nTasks === 0) {
    return 'No workflow has a finished task with an estimate and recorded time yet.';
  }
  const needed = MEASURED_FROM - closest.nTasks;
  const progress = `${nameOf(closest)} is closest with ${closest.nTasks} and ${toNeedWords(needed)}`;
  return `No workflow has the ${MEASURED_FROM} finished tasks it takes to be measured: ${progress}.`;
}

function describe({ looks, total, nTasks, p10, p90 }: GroupVariance): string {
  const [seeming, real] = [toWholePercent(looks ?? 0), toWholePercent(total ?? 0)];
  const evidence = `${nTasks} tasks, range ${p10.toFixed(1)}–${p90.toFixed(1)}`;
  if (seeming === real) return `runs ${toWords(real)}: ${evidence}`;
  // On the same side "really" corrects an amount, else a direction.
  const joint = seeming * real > 0 ? ' and really runs ' : '; it really runs ';
  return `looks ${toWords(seeming)}${joint}${toWords(real)}: ${evidence}`;
}

/** A variance as whole percent, halves away from zero, so that over and under are rounded alike. */
export const toWholePercent = (variance: number): number =>
  Math.sign(variance) * Math.round(Math.abs(variance) * 100);

function toWords(percent: number): string {
  if (percent === 0) return 'as estimated';
  return `${Math.abs(percent)} % ${percent < 0 ? 'under' : 'over'}`;
}

function findLargest(
  groups: readonly GroupVariance[],
  weigh: (group: GroupVariance) => number,
): GroupVariance | undefined {
  return groups.reduce<GroupVariance | undefined>(
    (best, group) => (best === undefined || weigh(group) > weigh(best) ? group : best),
    undefined,
  );
}
