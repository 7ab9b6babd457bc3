import { type Instant, MINUTE_MS, type Ms, toEpochMs } from '#shared/kernel/index.ts';
import { itemAt } from './item-at.ts';
import { countRivals, toPathText } from './locks.ts';
import type { PlanTask } from './plan.ts';
import type { PreparedPlan } from './plan-prepared.ts';
import { AGING_BOUND_MS, compareRank, createScorer, type ScoreParts, toScore } from './priority.ts';
import * as books from './schedule-books.ts';
import { findWaits, isOver, type Waits } from './schedule-dependencies.ts';
import type { Hold, ScheduleEntry } from './schedule-entry.ts';
import { openRunningBooks } from './schedule-start.ts';
import { isUnderWay, type Situation, standingOf, type TaskStanding } from './schedule-states.ts';

/** A task on its way through one tick. */
interface Candidate {
  readonly index: number;
  readonly task: PlanTask;
  readonly standing: TaskStanding;
  readonly scoreParts: ScoreParts;
  readonly score: number;
}

/** The decided part of an entry. */
type Decision = Pick<
  ScheduleEntry,
  'decision' | 'holdReason' | 'blockedBy' | 'workerId' | 'degradedInputs'
>;

/**
 * What each task of a run should do now: first those that wait, the most wanted first, each sent off or held with its reason;
 * then those that are over. A task under way has no entry. To send off a pending task is to queue it and to start it.
 * The first in line that has waited for longer than {@link AGING_BOUND_MS} takes what is free of what it needs, so that no
 * stream of smaller tasks can keep it from having all of it at once.
 * Cost: n log n in the tasks, and locks held × locks wanted. The same input gives the same entries.
 */
export function schedule(prepared: PreparedPlan, situation: Situation): readonly ScheduleEntry[] {
  const candidates = listCandidates(prepared, situation);
  const line: Line = {
    prepared,
    situation,
    books: openRunningBooks(prepared, situation),
    nowMs: toEpochMs(situation.now),
    hasFavourite: false,
  };
  const waiting = candidates.filter(({ standing }) => !isOver(standing.state)).sort(compareRank);
  const over = candidates.filter(({ standing }) => isOver(standing.state));
  const entryOf = (candidate: Candidate, decision: Decision): ScheduleEntry =>
    toEntry(prepared, candidate, { ...decision, at: situation.now });
  return [
    ...waiting.map((candidate) => entryOf(candidate, decide(line, candidate))),
    ...over.map((candidate) => entryOf(candidate, { decision: 'done', blockedBy: [] })),
  ];
}

function listCandidates(prepared: PreparedPlan, situation: Situation): readonly Candidate[] {
  const { standing, now } = situation;
  const rivals = countRivals(
    prepared.tasks.map((task, index) =>
      isOver(standingOf(standing, task.taskId).state) ? [] : itemAt(prepared.locks, index),
    ),
  );
  const scoreOf = createScorer(prepared);
  const nowMs = toEpochMs(now);
  return prepared.tasks.flatMap((task, index) => {
    const each = standingOf(standing, task.taskId);
    if (isUnderWay(each)) return [];
    const scoreParts = scoreOf({
      index,
      nowMs,
      rivals: itemAt(rivals, index),
      ...(each.state === 'queued' && each.queuedAt && { queuedAtMs: toEpochMs(each.queuedAt) }),
    });
    return [{ index, task, standing: each, scoreParts, score: toScore(scoreParts) }];
  });
}

/** The queue of one tick. */
interface Line {
  readonly prepared: PreparedPlan;
  readonly situation: Situation;
  readonly books: books.Books;
  readonly nowMs: Ms;
  /** Set once a task that has waited too long has taken what is free for it. */
  hasFavourite: boolean;
}

function decide(line: Line, candidate: Candidate): Decision {
  const { index, task } = candidate;
  const waits = findWaits(line.prepared, line.situation.standing, task);
  const early = findEarlyHold(line, candidate, waits);
  if (early !== undefined) return toHeld(early);
  const obstacle = books.findObstacle(line.books, index, line.nowMs);
  if (obstacle !== undefined) {
    const held = toHeld({ reason: obstacle.reason, blockedBy: obstacle.blockers() });
    if (isFavourite(line, candidate) && obstacle.canPass()) {
      line.hasFavourite = true;
      books.holdScope(line.books, index);
      books.startWork(line.books, index);
    }
    return held;
  }
  books.holdScope(line.books, index);
  books.reserveMoney(line.books, index);
  const worker = books.startWork(line.books, index);
  return {
    decision: 'dispatch',
    blockedBy: [],
    ...(worker && { workerId: worker.workerId }),
    ...(waits.isDegraded && { degradedInputs: true }),
  };
}

const toHeld = ({ reason, blockedBy }: Hold): Decision => ({
  decision: 'hold',
  holdReason: reason,
  blockedBy,
});

const isFavourite = ({ hasFavourite }: Line, { scoreParts }: Candidate): boolean =>
  !hasFavourite && scoreParts.aging * MINUTE_MS > AGING_BOUND_MS;

/** What holds a task whatever is free: all but the last of these is a matter of states, not of capacity. */
function findEarlyHold(line: Line, { task, standing }: Candidate, waits: Waits): Hold | undefined {
  const { run } = line.situation.standing;
  if (waits.dependencies.length > 0) return { reason: 'dependency', blockedBy: waits.dependencies };
  if (waits.gates.length > 0) return { reason: 'gate', blockedBy: waits.gates };
  if (run !== 'running') {
    const { runId } = line.prepared.plan;
    return { reason: 'run_not_running', blockedBy: [{ kind: 'run', id: runId }] };
  }
  const notBefore = latest(task.notBefore, standing.notBefore);
  if (notBefore === undefined || toEpochMs(notBefore) <= line.nowMs) return undefined;
  return { reason: 'not_before', blockedBy: [{ kind: 'time', id: notBefore }] };
}

function toEntry(
  prepared: PreparedPlan,
  { index, task, standing, score, scoreParts }: Candidate,
  decision: Decision & Pick<ScheduleEntry, 'at'>,
): ScheduleEntry {
  const { deadlineAt, conflictGroup } = task;
  const notBefore = latest(task.notBefore, standing.notBefore);
  return {
    taskId: task.taskId,
    level: itemAt(prepared.paths.levels, index),
    priority: task.priority,
    score,
    scoreParts,
    ...decision,
    ...(notBefore !== undefined && { notBefore }),
    ...(deadlineAt !== undefined && { deadlineAt }),
    ...(conflictGroup !== undefined && { conflictGroup }),
    locks: itemAt(prepared.locks, index).map((lock) => ({ ...lock, path: toPathText(lock) })),
  };
}

const latest = (left?: Instant, right?: Instant): Instant | undefined =>
  left === undefined || (right !== undefined && right > left) ? right : left;
