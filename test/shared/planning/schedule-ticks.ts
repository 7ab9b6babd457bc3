import { type Instant } from '#shared/kernel/index.ts';
import {
  type Capacities,
  type Plan,
  preparePlan,
  type ScheduleEntry,
  schedule,
  type TaskStanding,
} from '#shared/planning/index.ts';
import { capacitiesOf, START, situationOf, standing } from './plan-samples.ts';

export interface Tick {
  readonly tasks?: Readonly<Record<string, TaskStanding>>;
  readonly capacities?: Partial<Capacities>;
  readonly now?: Instant;
}

/** The entries of one tick of a running run. */
export const tick = (plan: Plan, { tasks, capacities, now }: Tick = {}): readonly ScheduleEntry[] =>
  schedule(
    preparePlan(plan),
    situationOf({
      now: now ?? START,
      standing: standing(tasks),
      capacities: capacitiesOf(capacities),
    }),
  );

/** What is decided on each task, and for which reason. */
export const decisions = (entries: readonly ScheduleEntry[]) =>
  entries.map(({ taskId, decision, holdReason, blockedBy }) =>
    decision === 'hold'
      ? [taskId, holdReason, ...blockedBy.map(({ kind, id }) => `${kind}:${id}`)]
      : [taskId, decision],
  );

export const running = (workerId: string): TaskStanding => ({ state: 'running', workerId });
