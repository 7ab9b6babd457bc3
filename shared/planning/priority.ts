import { HOUR_MS, MINUTE_MS, type Ms, toEpochMs } from '#shared/kernel/index.ts';
import { itemAt } from './item-at.ts';
import type { PlanPriority, PlanTask } from './plan.ts';
import type { PreparedPlan } from './plan-prepared.ts';

/** What speaks for a task, and what against it. Range: 0 to 10 each, but aging, which grows by 1 a minute without end. */
export interface ScoreParts {
  readonly criticalPath: number;
  readonly dependents: number;
  readonly explicit: number;
  readonly aging: number;
  readonly urgency: number;
  readonly contention: number;
}

/** What one point of each part is worth. Source: contracts, section "Scheduling". */
export const SCORE_WEIGHTS: ScoreParts = {
  criticalPath: 10,
  dependents: 5,
  explicit: 20,
  aging: 2,
  urgency: 15,
  contention: -3,
};

/** The explicit part of each priority. */
const EXPLICIT_POINTS: Readonly<Record<PlanPriority, number>> = {
  low: 2,
  normal: 5,
  high: 8,
  critical: 10,
};

/**
 * The longest a ready task can wait behind rivals that come later: a fresh rival has at most 500 points and any task at
 * least 10, so 490 points at 2 a minute, 245 minutes, make up for anything.
 */
export const AGING_BOUND_MS: Ms = 245 * MINUTE_MS;

const MOST_POINTS = 10;
/** A task with this much slack or more is not urgent at all. */
const CALM_SLACK_MS = 4 * HOUR_MS;

/** A task at a moment, for scoring. */
export interface Standing {
  readonly index: number;
  readonly nowMs: number;
  /** When it was queued; nothing while it is not. */
  readonly queuedAtMs?: number;
  readonly rivals: number;
}

/** Scores the tasks of one plan; what stays the same from tick to tick is worked out once. */
export function createScorer(prepared: PreparedPlan): (standing: Standing) => ScoreParts {
  const { tasks, paths, dependents } = prepared;
  const most = dependents.reduce((left, right) => Math.max(left, right), 0);
  return ({ index, nowMs, queuedAtMs, rivals }) => {
    const task = itemAt(tasks, index);
    const pathMs = itemAt(paths.toEndMs, index);
    return {
      criticalPath: toShare(pathMs, paths.longestMs),
      dependents: toShare(itemAt(dependents, index), most),
      explicit: EXPLICIT_POINTS[task.priority],
      aging: Math.max(0, Math.floor((nowMs - (queuedAtMs ?? nowMs)) / MINUTE_MS)),
      urgency: toUrgency(task, pathMs, nowMs),
      contention: rivals,
    };
  };
}

/** The weighted sum of the parts: the task with the highest goes first. */
export const toScore = (parts: ScoreParts): number =>
  SCORE_WEIGHTS.criticalPath * parts.criticalPath +
  SCORE_WEIGHTS.dependents * parts.dependents +
  SCORE_WEIGHTS.explicit * parts.explicit +
  SCORE_WEIGHTS.aging * parts.aging +
  SCORE_WEIGHTS.urgency * parts.urgency +
  SCORE_WEIGHTS.contention * parts.contention;

/** Something that stands in a queue. */
export interface Ranked {
  readonly score: number;
  readonly task: PlanTask;
}

/** The order of two tasks, first one first: score, then priority, then the older, then the id. Never 0 for two tasks. */
export function compareRank(left: Ranked, right: Ranked): number {
  if (left.score !== right.score) return right.score - left.score;
  const explicit = EXPLICIT_POINTS[right.task.priority] - EXPLICIT_POINTS[left.task.priority];
  if (explicit !== 0) return explicit;
  if (left.task.createdAt !== right.task.createdAt) {
    return left.task.createdAt < right.task.createdAt ? -1 : 1;
  }
  return left.task.taskId < right.task.taskId ? -1 : 1;
}

const toShare = (part: number, whole: number): number =>
  whole === 0 ? 0 : (MOST_POINTS * part) / whole;

function toUrgency({ deadlineAt }: PlanTask, pathMs: Ms, nowMs: number): number {
  if (deadlineAt === undefined) return 0;
  const slackMs = toEpochMs(deadlineAt) - nowMs - pathMs;
  return MOST_POINTS * Math.min(1, Math.max(0, 1 - slackMs / CALM_SLACK_MS));
}
