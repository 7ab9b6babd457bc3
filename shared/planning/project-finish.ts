import { sumOf } from '#shared/kernel/index.ts';
import type { FinishDates, FinishForecast } from './finish-model.ts';
import type { NoFinishReason, ProjectFinish } from './forecast-model.ts';
import type { PlannedWork } from './planned-work.ts';
import { groupOf, NO_WORKFLOW } from './usual-work.ts';

const NO_DATES: FinishDates = { p50: null, p80: null, p95: null, onTimeShare: null };

/** What the simulation of all open work says about the open tasks of one project, its part in it. */
export function toProjectFinish(
  open: readonly PlannedWork[],
  told: {
    readonly finish: FinishForecast;
    readonly part: string;
    /** Finished tasks with a ratio, by group. */
    readonly counts: ReadonlyMap<string, number>;
  },
): ProjectFinish {
  const { finish, part, counts } = told;
  const own = new Set(open.map(({ taskId }) => taskId));
  const ownOf = (taskIds: readonly string[]): readonly string[] =>
    taskIds.filter((taskId) => own.has(taskId));
  const outside = new Set([
    ...finish.unestimatedTaskIds,
    ...finish.waitingTaskIds,
    ...finish.cycleTaskIds,
  ]);
  const simulated = open.filter(({ taskId }) => !outside.has(taskId));
  const people = new Set(simulated.map(({ personId }) => personId));
  const groups = [...new Set(simulated.map(groupOf))].filter((group) => group !== NO_WORKFLOW);
  const waitingTaskIds = ownOf(finish.waitingTaskIds);
  const waitedFor = waitingTaskIds.flatMap((taskId) => finish.waitedForOf.get(taskId) ?? []);
  const dates = finish.byPart.get(part) ?? NO_DATES;
  return {
    ...dates,
    reason: findReason(open, simulated, dates),
    simulated: simulated.length,
    finishedAlike: sumOf(groups.map((group) => counts.get(group) ?? 0)),
    personIds: [...people].sort(),
    estimateMs: sumOf(simulated.map(({ estimateMs }) => estimateMs)),
    unestimatedTaskIds: ownOf(finish.unestimatedTaskIds),
    waitingTaskIds,
    waitedForTaskIds: [...new Set(waitedFor)],
    assumedTaskIds: ownOf(finish.assumedTaskIds),
    beyondTaskIds: ownOf(finish.beyondTaskIds),
    cycleTaskIds: ownOf(finish.cycleTaskIds),
    unknownDependsOn: [...new Set(open.flatMap(({ unknownDependsOn }) => unknownDependsOn))],
    unassignedTaskIds: simulated.flatMap(({ taskId, personId }) => (personId === '' ? taskId : [])),
    withoutCapacity: finish.withoutCapacity.filter((personId) => people.has(personId)),
  };
}

function findReason(
  open: readonly PlannedWork[],
  simulated: readonly PlannedWork[],
  { p95 }: FinishDates,
): NoFinishReason | null {
  if (open.length === 0) return 'nothing open';
  if (simulated.length === 0) return 'nothing to simulate';
  return p95 === null ? 'never' : null;
}
