import {
  type GroupVariance,
  type Lineage,
  MIN_FOR_MEDIAN,
  varianceByGroup,
  varianceByGroupings,
} from '#shared/variance/index.ts';
import { toComparable } from './checklist.ts';
import type { ReviewFacts } from './review-facts.ts';
import type { PatternGrouping, PatternStatement, VentureStatement } from './review-model.ts';
import { type DaySpan, isInSpan } from './review-span.ts';

const GROUPINGS: readonly PatternGrouping[] = ['workflow', 'process_template'];
const MIN_VENTURES = 2;
const URGENCY = { drifting_over: 0, drifting_under: 1, conflict: 2, insufficient: 3, stable: 4 };

/**
 * Where every workflow, and then every template, with a finished task stands: the numbers and the test of the variance
 * table, on all its finished tasks up to the day.
 * Shape: what drifts first, then contradictions, then those with too few tasks, then the rest.
 */
export function judgePatterns(facts: ReviewFacts, span: DaySpan): readonly PatternStatement[] {
  const { tasks, sessions, names } = facts;
  const finishedNow = new Set(
    tasks.flatMap(({ taskId, completedDate }) => (isInSpan(completedDate, span) ? [taskId] : [])),
  );
  const groups = varianceByGroupings(tasks, sessions, GROUPINGS);
  return GROUPINGS.flatMap((of) =>
    (groups.get(of) ?? [])
      .filter(({ bucket, nTasks }) => bucket === 'resolved' && nTasks > 0)
      .map((group) => ({
        ...toPattern(group),
        of,
        name: names.get(group.group) ?? group.group,
        isActive: group.taskIds.some((taskId) => finishedNow.has(taskId)),
      })),
  ).sort((one, other) => URGENCY[one.state] - URGENCY[other.state]);
}

function toPattern(group: GroupVariance) {
  const { drift, typical, total, p10: low, p90: high, suggestion } = group;
  const { state, n, needed, sinceDate, factor, slowChange, tasksForFactors } = drift;
  const slowChangeSince = slowChange?.sinceDate ?? null;
  const rowIds = drift.windowTaskIds.length > 0 ? drift.windowTaskIds : group.taskIds;
  const judged = { state, n, needed, sinceDate, factor, slowChangeSince, tasksForFactors };
  const { nTasks } = group;
  return { groupId: group.group, ...judged, nTasks, typical, total, low, high, suggestion, rowIds };
}

/**
 * Patterns that go by one name in two or more ventures, with typical variance and range of each side by side. Every
 * venture is judged by the reference classes of all, so that the ranges differ by its own tasks alone.
 */
export function compareVentures(facts: ReviewFacts): readonly VentureStatement[] {
  return GROUPINGS.flatMap((of) => compareIn(of, facts));
}

function compareIn(of: PatternGrouping, facts: ReviewFacts): readonly VentureStatement[] {
  const { tasks, sessions, names } = facts;
  const relabel = <Work extends ReviewFacts['tasks'][number] | ReviewFacts['sessions'][number]>(
    work: Work,
  ) => ({ ...work, groups: { workflow: pair(work.groups?.venture, work.groups?.[of], names) } });
  const groups = varianceByGroup(tasks.map(relabel), sessions.map(relabel));
  const byName = new Map<string, (GroupVariance & { readonly ventureId: string })[]>();
  for (const group of groups) {
    const [ventureId = '', ...words] = group.group.split(' ');
    if (group.bucket !== 'resolved' || group.nTasks === 0) continue;
    const name = words.join(' ');
    byName.set(name, [...(byName.get(name) ?? []), { ...group, ventureId }]);
  }
  return [...byName]
    .filter(([, ventures]) => ventures.length >= MIN_VENTURES)
    .map(([name, ventures]) => ({
      of,
      name,
      rowIds: ventures.flatMap(({ taskIds }) => taskIds),
      ventures: ventures.map(({ ventureId, nTasks, typical, p10: low, p90: high, taskIds }) => ({
        venture: names.get(ventureId) ?? ventureId,
        n: nTasks,
        typical: nTasks < MIN_FOR_MEDIAN ? null : typical,
        low,
        high,
        rowIds: taskIds,
      })),
    }));
}

/** Both as one id: row ids hold no space, so the first one parts it. */
function pair(
  venture: Lineage | undefined,
  pattern: Lineage | undefined,
  names: ReviewFacts['names'],
): Lineage {
  if (venture?.kind === 'conflict' || pattern?.kind === 'conflict') return { kind: 'conflict' };
  if (venture?.kind !== 'resolved' || pattern?.kind !== 'resolved') return { kind: 'unresolved' };
  const name = toComparable(names.get(pattern.id) ?? pattern.id);
  return { kind: 'resolved', id: `${venture.id} ${name}` };
}
