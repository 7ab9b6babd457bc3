import type { Grouping, Groups, Lineage } from './model.ts';

/** What nobody has answered yet. */
export const UNRESOLVED: Lineage = { kind: 'unresolved' };
const CONFLICT: Lineage = { kind: 'conflict' };

/** Takes one more word about where work stands into its lineages, each in the place of its grouping. */
export function joinGroups(
  lineages: Lineage[],
  groups: Groups,
  groupings: readonly Grouping[],
): void {
  for (const [index, grouping] of groupings.entries()) {
    const known = lineages[index] ?? UNRESOLVED;
    lineages[index] = joinLineages(known, groups[grouping] ?? UNRESOLVED, grouping);
  }
}

/**
 * One answer for both. No answer gives way to any, and two different ones are a conflict for good; but
 * work that spans months stands in its last.
 */
export function joinLineages(left: Lineage, right: Lineage, grouping: Grouping): Lineage {
  if (left === right || right.kind === 'unresolved') return left;
  if (left.kind === 'unresolved') return right;
  if (left.kind === 'conflict' || right.kind === 'conflict') return CONFLICT;
  if (left.id === right.id) return left;
  if (grouping !== 'month') return CONFLICT;
  return left.id < right.id ? right : left;
}
