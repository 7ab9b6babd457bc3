import {
  type Instant,
  MINUTE_MS,
  type Ms,
  sortAscending,
  toEpochMs,
} from '#shared/kernel/index.ts';
import { quantile } from '#shared/variance/index.ts';
import { MIN_FINISHED } from './eta.ts';
import type { PreparedPlan } from './plan-prepared.ts';
import { findWaits, isOver } from './schedule-dependencies.ts';
import { isUnderWay, type RunStanding, standingOf } from './schedule-states.ts';

/** So much longer than a usual task a run may be silent. */
const PATIENCE_FACTOR = 3;
/** And never less than this. */
const MIN_PATIENCE_MS: Ms = 5 * MINUTE_MS;

/** What silence is judged by. */
export interface StallInput {
  readonly now: Instant;
  readonly standing: RunStanding;
  /** The last event of the run that was not a heartbeat. */
  readonly lastEventAt: Instant;
  /** How long finished tasks took; in any order. */
  readonly taskDurationsMs: readonly Ms[];
  readonly taskTimeoutMs: Ms;
  /** Tasks that wait for a person's decision. */
  readonly awaitsPerson: ReadonlySet<string>;
}

/** Whether a run has fallen silent without a reason. */
export interface Silence {
  readonly isStalled: boolean;
  readonly silentMs: Ms;
  readonly thresholdMs: Ms;
  readonly openTasks: number;
  /** The last event before the silence; set iff stalled. */
  readonly stalledSince?: Instant;
}

/**
 * Stalled is a running run with open tasks, none of which waits for nothing but a person or a gate, that has been silent for
 * three usual tasks and at least five minutes. With fewer than five finished tasks the task timeout stands for the median.
 */
export function findStall(prepared: PreparedPlan, input: StallInput): Silence {
  const { standing, lastEventAt, now } = input;
  const open = prepared.tasks.filter(({ taskId }) => !isOver(standingOf(standing, taskId).state));
  const silentMs = Math.max(0, toEpochMs(now) - toEpochMs(lastEventAt));
  const thresholdMs = toThreshold(input);
  const isExplained = open.some((task) => {
    if (input.awaitsPerson.has(task.taskId)) return true;
    if (isUnderWay(standingOf(standing, task.taskId))) return false;
    const { dependencies, gates } = findWaits(prepared, standing, task);
    return dependencies.length === 0 && gates.length > 0;
  });
  const isStalled =
    standing.run === 'running' && open.length > 0 && !isExplained && silentMs >= thresholdMs;
  const facts = { isStalled, silentMs, thresholdMs, openTasks: open.length };
  return isStalled ? { ...facts, stalledSince: lastEventAt } : facts;
}

function toThreshold({ taskDurationsMs, taskTimeoutMs }: StallInput): Ms {
  const sorted = sortAscending(taskDurationsMs);
  const usualMs = sorted.length < MIN_FINISHED ? taskTimeoutMs : quantile(sorted, 0.5);
  return Math.max(PATIENCE_FACTOR * usualMs, MIN_PATIENCE_MS);
}
