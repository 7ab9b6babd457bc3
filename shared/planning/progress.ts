import { HOUR_MS, type Instant, type Ms, sumOf, toEpochMs } from '#shared/kernel/index.ts';
import type { TaskState } from '#shared/lifecycle/index.ts';
import { itemAt } from './item-at.ts';
import type { PreparedPlan } from './plan-prepared.ts';
import { type RunStanding, standingOf, type TaskStanding } from './schedule-states.ts';

/** A task under way adds no more than this share of its weight: the last part is shown when it is done. */
const MAX_OPEN_PERCENT = 95;

/** What a run's progress is worked out from. */
export interface ProgressInput {
  readonly now: Instant;
  readonly standing: RunStanding;
  readonly startedAt?: Instant;
  /** Units: ms within the time since the start. */
  readonly pausedMs: Ms;
  /** What running tasks say of themselves, by task. Range: 0 to 100. */
  readonly percents: ReadonlyMap<string, number>;
}

/** How the tasks of a run stand; the six parts sum to the total. */
export type ProgressPart = 'completed' | 'failed' | 'canceled' | 'running' | 'blocked' | 'waiting';

/** How far a run has come. Source: contract `progress_snapshot.v1`, without its ids and its forecast. */
export interface Progress extends Readonly<Record<ProgressPart, number>> {
  readonly total: number;
  /** By weight; a task in work counts in part. Nothing when there are no tasks. Range: 0 to 100. */
  readonly completedPercent: number | null;
  /** By weight, failed and canceled too, so that it reaches 100 when all is over. */
  readonly settledPercent: number | null;
  readonly inFlight: readonly InFlight[];
  readonly elapsedMs: Ms;
  /** Elapsed less the pauses. */
  readonly activeMs: Ms;
  /** Completed tasks per active hour; nothing before any time has passed. */
  readonly throughputPerHour: number | null;
}

/** A task in somebody's hands. */
export interface InFlight {
  readonly taskId: string;
  readonly workerId: string;
  readonly percent: number;
  readonly startedAt: Instant;
}

/** Counts a run's tasks, and weighs them by their estimates: by their median where there is none. */
export function toProgress(prepared: PreparedPlan, input: ProgressInput): Progress {
  const { now, startedAt, pausedMs } = input;
  const counts = { completed: 0, failed: 0, canceled: 0, running: 0, blocked: 0, waiting: 0 };
  const weights = { ...counts };
  let inWork = 0;
  for (const [index, { taskId }] of prepared.tasks.entries()) {
    const standing = standingOf(input.standing, taskId);
    const part = PART_OF[standing.state];
    const weight = itemAt(prepared.effortsMs, index);
    counts[part] += 1;
    weights[part] += weight;
    if (part === 'running') inWork += (weight * percentOf(input, taskId, standing)) / 100;
  }
  const all = sumOf(prepared.effortsMs);
  const settled = weights.completed + weights.failed + weights.canceled;
  const elapsedMs =
    startedAt === undefined ? 0 : Math.max(0, toEpochMs(now) - toEpochMs(startedAt));
  const activeMs = Math.max(0, elapsedMs - pausedMs);
  return {
    total: prepared.tasks.length,
    ...counts,
    completedPercent: toPercent(weights.completed + inWork, all),
    settledPercent: toPercent(settled, all),
    inFlight: listInFlight(prepared, input),
    elapsedMs,
    activeMs,
    throughputPerHour: activeMs === 0 ? null : (counts.completed * HOUR_MS) / activeMs,
  };
}

const PART_OF: Readonly<Record<TaskState, ProgressPart>> = {
  pending: 'waiting',
  queued: 'waiting',
  retrying: 'waiting',
  blocked: 'blocked',
  running: 'running',
  validating: 'running',
  completed: 'completed',
  failed: 'failed',
  canceled: 'canceled',
};

/** A task in validation has nothing left to do, whatever it last said. */
function percentOf({ percents }: ProgressInput, taskId: string, { state }: TaskStanding): number {
  const said = state === 'validating' ? MAX_OPEN_PERCENT : (percents.get(taskId) ?? 0);
  return Math.min(MAX_OPEN_PERCENT, Math.max(0, said));
}

const toPercent = (part: number, whole: number): number | null =>
  whole === 0 ? null : (100 * part) / whole;

function listInFlight(prepared: PreparedPlan, input: ProgressInput): readonly InFlight[] {
  return prepared.tasks.flatMap(({ taskId }) => {
    const standing = standingOf(input.standing, taskId);
    const { state, workerId, startedAt } = standing;
    if (state !== 'running' || workerId === undefined || startedAt === undefined) return [];
    return [{ taskId, workerId, percent: percentOf(input, taskId, standing), startedAt }];
  });
}
