import type { Ms } from '#shared/kernel/index.ts';
import type { FinishQuestion, OpenLeaf } from './finish-model.ts';
import { itemAt } from './item-at.ts';

/** A leaf whose size is known or assumed. */
export interface SizedLeaf extends OpenLeaf {
  readonly estimateMs: Ms;
}

/** Leaves that can be done, their order kept, whom each one holds up, and the leaves that no date can speak of. */
export interface FinishOrder {
  readonly ordered: readonly SizedLeaf[];
  /** How many leaves each waits for. */
  readonly waitsFor: readonly number[];
  /** Which leaves wait for each. */
  readonly holdsUp: readonly (readonly number[])[];
  readonly unestimatedTaskIds: readonly string[];
  readonly waitingTaskIds: readonly string[];
  /** The leaves without an estimate that hold up each of those, directly or through others. */
  readonly waitedForOf: ReadonlyMap<string, readonly string[]>;
  readonly assumedTaskIds: readonly string[];
  readonly cycleTaskIds: readonly string[];
}

/**
 * Sorts out which leaves can be simulated. One without an estimate takes what its group usually takes; where that is not
 * known either it is left out, and so is whatever waits for it, since nobody can tell when that begins.
 */
export function toFinishOrder({ leaves, usualMs }: FinishQuestion): FinishOrder {
  const sized: SizedLeaf[] = [];
  const assumedTaskIds: string[] = [];
  const unestimated = new Set<string>();
  for (const leaf of leaves) {
    const { taskId, estimateMs = 0 } = leaf;
    const usual = usualMs.get(leaf.group);
    if (estimateMs > 0) sized.push({ ...leaf, estimateMs });
    else if (usual === undefined) unestimated.add(taskId);
    else {
      assumedTaskIds.push(taskId);
      sized.push({ ...leaf, estimateMs: usual });
    }
  }
  const acyclic = findStartable(leaves, new Set());
  const startable = unestimated.size === 0 ? acyclic : findStartable(leaves, unestimated);
  const ordered = sized.filter(({ taskId }) => startable.has(taskId));
  const idsOf = (isMeant: (taskId: string) => boolean): readonly string[] =>
    leaves.flatMap(({ taskId }) => (isMeant(taskId) ? [taskId] : []));
  const waitingTaskIds = idsOf(
    (taskId) => acyclic.has(taskId) && !startable.has(taskId) && !unestimated.has(taskId),
  );
  return {
    ordered,
    ...linkLeaves(ordered),
    unestimatedTaskIds: [...unestimated],
    waitingTaskIds,
    waitedForOf: findWaitedFor(waitingTaskIds, leaves, unestimated),
    assumedTaskIds,
    cycleTaskIds: idsOf((taskId) => !acyclic.has(taskId) && !unestimated.has(taskId)),
  };
}

function findWaitedFor(
  waitingTaskIds: readonly string[],
  leaves: readonly OpenLeaf[],
  unestimated: ReadonlySet<string>,
): FinishOrder['waitedForOf'] {
  const leafOf = new Map(leaves.map((leaf) => [leaf.taskId, leaf]));
  const findAbove = (taskId: string): readonly string[] => {
    const above = new Set([taskId]);
    // The set grows while it is walked: each leaf brings what it waits for itself.
    for (const id of above) for (const before of leafOf.get(id)?.dependsOn ?? []) above.add(before);
    return [...above].filter((id) => unestimated.has(id));
  };
  return new Map(waitingTaskIds.map((taskId) => [taskId, findAbove(taskId)]));
}

function linkLeaves(ordered: readonly OpenLeaf[]): Pick<FinishOrder, 'waitsFor' | 'holdsUp'> {
  const indexOf = new Map(ordered.map(({ taskId }, index) => [taskId, index]));
  const holdsUp = ordered.map((): number[] => []);
  const waitsFor = ordered.map(({ dependsOn }, index) => {
    const upstream = [...new Set(dependsOn)].flatMap((id) => indexOf.get(id) ?? []);
    for (const before of upstream) holdsUp[before]?.push(index);
    return upstream.length;
  });
  return { waitsFor, holdsUp };
}

/** The leaves that can begin one day: those whose upstream leaves can all end. Source: Kahn (1962). */
function findStartable(
  leaves: readonly OpenLeaf[],
  endless: ReadonlySet<string>,
): ReadonlySet<string> {
  const { waitsFor, holdsUp } = linkLeaves(leaves);
  const waiting = [...waitsFor];
  const startable = waiting.flatMap((count, index) => (count === 0 ? [index] : []));
  // The list grows while it is walked: each leaf that ends may let others begin.
  for (const index of startable) {
    if (endless.has(itemAt(leaves, index).taskId)) continue;
    for (const held of itemAt(holdsUp, index)) {
      const left = itemAt(waiting, held) - 1;
      waiting[held] = left;
      if (left === 0) startable.push(held);
    }
  }
  return new Set(startable.map((index) => itemAt(leaves, index).taskId));
}
