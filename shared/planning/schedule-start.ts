import { MINUTE_MS, type Ms, toEpochMs } from '#shared/kernel/index.ts';
import { itemAt } from './item-at.ts';
import { countRivals } from './locks.ts';
import type { PreparedPlan } from './plan-prepared.ts';
import { createScorer, SCORE_WEIGHTS, toScore } from './priority.ts';
import { type Books, holdScope, openBooks, startWork } from './schedule-books.ts';
import { isOver, isStuck } from './schedule-dependencies.ts';
import { isUnderWay, type Situation, standingOf, type TaskStanding } from './schedule-states.ts';

/** The books of a moment: all that is under way has what it took. One in validation keeps its scope, not its worker or tool. */
export function openRunningBooks(prepared: PreparedPlan, situation: Situation): Books {
  const books = openBooks(prepared, situation.capacities);
  for (const [index, { taskId }] of prepared.tasks.entries()) {
    const standing = standingOf(situation.standing, taskId);
    if (!isUnderWay(standing)) continue;
    holdScope(books, index);
    if (standing.state === 'running') startWork(books, index, standing.workerId ?? '');
  }
  return books;
}

/** Where an imagined future begins: the same for every future of one situation, so it is worked out once. */
export interface SimulationStart {
  readonly prepared: PreparedPlan;
  readonly situation: Situation;
  readonly nowMs: number;
  readonly underWay: readonly number[];
  /** What each node of the graph still waits for, by count. */
  readonly open: readonly number[];
  /** The tasks that will not come to their turn: over, under way, or stuck behind what failed. */
  readonly isOut: readonly boolean[];
  /** How many tasks have neither begun nor ended nor dropped out. */
  readonly waitingCount: number;
  /** Milliseconds from now before which a task may not start; 0 for most. */
  readonly earliestMs: readonly Ms[];
  /** The score of a task that comes to its turn so many milliseconds from now, its age counted to the millisecond. */
  readonly scoreAt: (index: number, atMs: Ms) => number;
}

/** Reads a situation for {@link simulate}. */
export function toSimulationStart(prepared: PreparedPlan, situation: Situation): SimulationStart {
  const nowMs = toEpochMs(situation.now);
  const standings = prepared.tasks.map(({ taskId }) => standingOf(situation.standing, taskId));
  const isDone = standings.map(({ state }) => isOver(state));
  const underWay = standings.flatMap((standing, index) => (isUnderWay(standing) ? [index] : []));
  const isOut = prepared.tasks.map((task) => isStuck(prepared, situation.standing, task));
  for (const [index, standing] of standings.entries()) {
    if (isOver(standing.state) || isUnderWay(standing)) isOut[index] = true;
  }
  return {
    prepared,
    situation,
    nowMs,
    underWay,
    open: countOpen(prepared, isDone),
    isOut,
    waitingCount: isOut.filter((out) => !out).length,
    earliestMs: prepared.tasks.map((task, index) => {
      const times = [task.notBefore, itemAt(standings, index).notBefore];
      return times.reduce((most, at) => Math.max(most, at ? toEpochMs(at) - nowMs : 0), 0);
    }),
    scoreAt: scoreLater(prepared, nowMs, { standings, isDone }),
  };
}

function countOpen(prepared: PreparedPlan, isDone: readonly boolean[]): readonly number[] {
  return prepared.graph.predecessors.map(
    (before) => before.filter((node) => isDone[node] !== true).length,
  );
}

function scoreLater(
  prepared: PreparedPlan,
  nowMs: number,
  tasks: { readonly standings: readonly TaskStanding[]; readonly isDone: readonly boolean[] },
): SimulationStart['scoreAt'] {
  const rivals = countRivals(
    prepared.locks.map((locks, index) => (tasks.isDone[index] === true ? [] : locks)),
  );
  const scorer = createScorer(prepared);
  return (index, atMs) => {
    const queuedAt = itemAt(tasks.standings, index).queuedAt;
    const parts = scorer({ index, nowMs: nowMs + atMs, rivals: itemAt(rivals, index) });
    const sinceMs = queuedAt === undefined ? atMs : toEpochMs(queuedAt) - nowMs;
    // Two tasks age alike, so who queued earlier leads by the same points at any later moment.
    return toScore(parts) - (SCORE_WEIGHTS.aging * sinceMs) / MINUTE_MS;
  };
}
