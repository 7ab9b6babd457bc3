import { type Ms, toEpochMs } from '#shared/kernel/index.ts';
import type { PlanTask, ScheduleEntry } from '#shared/planning/index.ts';
import { START_MS } from '../../shared/planning/plan-samples.ts';
import { isFinalIn, type PlanWorld, standingIn } from './plan-world.ts';
import { findBreach, isDegraded, isFit, listBreaches } from './referee-breaches.ts';
import { type Ledger, openLedger, takeMoney, takePlace, takeScope } from './referee-ledger.ts';

/** A law of scheduling that was broken. */
export interface Fault {
  readonly law: string;
  readonly taskId: string;
  readonly detail: string;
}

/** What a referee has to say of one tick. */
export interface Verdict {
  readonly faults: readonly Fault[];
  /** The ready task for which all that is free was kept, if one has waited for too long. */
  readonly favourite?: string;
}

/** No ready task may be passed by one that arrives more than this after it. Source: contracts, section "Scheduling". */
export const PASSING_BOUND_MS: Ms = 245 * 60_000;

const WEIGHTS = [
  ['criticalPath', 10],
  ['dependents', 5],
  ['explicit', 20],
  ['urgency', 15],
  ['aging', 2],
  ['contention', -3],
] as const;

/** The judgement of one tick while it is read, entry by entry. */
interface Reading {
  readonly world: PlanWorld;
  readonly ledger: Ledger;
  readonly faults: Fault[];
  /** When the youngest of those sent off so far became ready. */
  youngestMs: Ms;
}

/**
 * Holds what a scheduler says at one tick to the contract. Read in its own order, each task must be sent off if nothing forbids
 * it and held for the first constraint that does, with all taken that those before it took; what is sent off breaks no
 * constraint; and nobody is held while one who became ready too long after it is sent off before it.
 */
export function judgeTick(world: PlanWorld, entries: readonly ScheduleEntry[]): Verdict {
  const reading: Reading = { world, ledger: openLedger(world), faults: [], youngestMs: -Infinity };
  judgeList(reading, entries);
  for (const entry of entries) {
    const task = world.taskOf.get(entry.taskId);
    if (task === undefined) blame(reading, 'no such task', entry.taskId);
    else if (entry.decision === 'dispatch') judgeDispatch(reading, entry, task);
    else if (entry.decision === 'hold') judgeHold(reading, entry, task);
    if (entry.decision !== 'done') judgeScore(reading, entry);
  }
  const { favourite } = reading.ledger;
  return { faults: reading.faults, ...(favourite && { favourite: favourite.taskId }) };
}

function blame({ faults }: Reading, law: string, taskId: string, detail = ''): void {
  faults.push({ law, taskId, detail });
}

/** One entry for each task that is not under way, done if and only if the task is over, the highest score first. */
function judgeList(reading: Reading, entries: readonly ScheduleEntry[]): void {
  const { world } = reading;
  const named = new Set(entries.map(({ taskId }) => taskId));
  if (named.size !== entries.length) blame(reading, 'two entries for one task', '');
  let lastScore = Infinity;
  for (const { taskId, decision, score } of entries) {
    if (world.running.has(taskId) || world.checking.has(taskId)) {
      blame(reading, 'sent off again', taskId);
    }
    if ((decision === 'done') !== isFinalIn(world, taskId)) {
      blame(reading, 'done at the wrong time', taskId);
    }
    if (decision === 'done') continue;
    if (score > lastScore) blame(reading, 'out of order', taskId, `${score} after ${lastScore}`);
    lastScore = score;
  }
  const expected = world.plan.tasks.length - world.running.size - world.checking.size;
  if (named.size !== expected) blame(reading, 'no entry', '', `${named.size} of ${expected}`);
}

function judgeDispatch(reading: Reading, entry: ScheduleEntry, task: PlanTask): void {
  const { world, ledger } = reading;
  const { taskId, workerId = '' } = entry;
  for (const code of listBreaches(world, ledger, task)) blame(reading, code, taskId, 'is broken');
  const worker = ledger.idle.get(workerId);
  if (worker === undefined) blame(reading, 'worker', taskId, `\`${workerId}\` is not idle`);
  else if (!isFit(worker, task)) blame(reading, 'worker', taskId, `\`${workerId}\` cannot do it`);
  if ((entry.degradedInputs === true) !== isDegraded(world, task)) {
    blame(reading, 'degraded inputs', taskId, `told: ${entry.degradedInputs === true}`);
  }
  const { favourite } = ledger;
  const couldWork = favourite !== undefined && hasFit(ledger, favourite);
  ledger.idle.delete(workerId);
  if (couldWork && !hasFit(ledger, favourite)) {
    blame(reading, 'starving', favourite.taskId, `its worker is given to ${taskId}`);
  }
  takeScope(ledger, task);
  takePlace(ledger, task);
  takeMoney(ledger, task);
  reading.youngestMs = Math.max(reading.youngestMs, readySinceMs(world, taskId));
}

function judgeHold(reading: Reading, { taskId, holdReason }: ScheduleEntry, task: PlanTask): void {
  const { world, ledger, youngestMs } = reading;
  const breach = findBreach(world, ledger, task);
  const isForFavourite =
    holdReason === 'worker' && isLate(breach) && mayHaveLostWorker(ledger, task);
  if (breach !== holdReason && !isForFavourite) blameReason(reading, taskId, [holdReason, breach]);
  if (standingIn(world, taskId).state !== 'queued') return;
  const readyMs = readySinceMs(world, taskId);
  if (readyMs + PASSING_BOUND_MS < youngestMs) {
    blame(reading, 'passed', taskId, `ready at ${readyMs}, passed by one ready at ${youngestMs}`);
  }
  if (world.nowMs - readyMs > PASSING_BOUND_MS && willPass(world, task, breach)) {
    favour(ledger, task);
  }
}

function blameReason(
  reading: Reading,
  taskId: string,
  [told, found]: readonly [string | undefined, string | undefined],
): void {
  const law = found === undefined ? 'idle beside work' : 'reason';
  blame(reading, law, taskId, `held for ${told}, found ${found ?? 'nothing'}`);
}

/** The first of those that have waited too long has all that is free of what it needs kept for it. */
function favour(ledger: Ledger, task: PlanTask): void {
  if (ledger.favourite !== undefined) return;
  ledger.favourite = task;
  takeScope(ledger, task);
  takePlace(ledger, task);
}

/** Whether a constraint is looked at after that of the worker, or none was found. */
const isLate = (breach: string | undefined): boolean =>
  breach === undefined || breach === 'workstream_parallel' || breach === 'run_parallel';

/** Whether the only one left who can do a task may be the one kept for the favourite. */
function mayHaveLostWorker({ favourite, idle }: Ledger, task: PlanTask): boolean {
  const fit = [...idle.values()].filter((worker) => isFit(worker, task));
  const [last] = fit;
  return (
    favourite !== undefined && fit.length === 1 && last !== undefined && isFit(last, favourite)
  );
}

const hasFit = ({ idle }: Ledger, task: PlanTask): boolean =>
  [...idle.values()].some((worker) => isFit(worker, task));

/** Whether what holds a ready task ends by itself as work goes on. */
function willPass({ script }: PlanWorld, task: PlanTask, breach: string | undefined): boolean {
  if (breach === 'worker') return script.workers.some((worker) => isFit(worker, task));
  if (breach === 'tool_capacity') return (script.tools.get(task.toolId ?? '') ?? 0) > 0;
  return ['conflict_group', 'lock', 'workstream_parallel', 'run_parallel'].includes(breach ?? '');
}

/** When a task was first queued; one that was not is ready from now on. */
function readySinceMs(world: PlanWorld, taskId: string): Ms {
  const { queuedAt } = standingIn(world, taskId);
  return queuedAt === undefined ? world.nowMs : toEpochMs(queuedAt) - START_MS;
}

/** The score is the weighted sum of its parts, each within its range, and age is told in whole minutes. */
function judgeScore(reading: Reading, { taskId, score, scoreParts }: ScheduleEntry): void {
  const { world } = reading;
  const sum = WEIGHTS.reduce((total, [part, weight]) => total + weight * scoreParts[part], 0);
  if (Math.abs(sum - score) > 1e-6) blame(reading, 'score', taskId, `${score}, not ${sum}`);
  const isInRange = WEIGHTS.every(
    ([part]) => scoreParts[part] >= 0 && (part === 'aging' || scoreParts[part] <= 10),
  );
  if (!isInRange) blame(reading, 'score part', taskId, JSON.stringify(scoreParts));
  const isQueued = standingIn(world, taskId).state === 'queued';
  const minutes = isQueued ? Math.floor((world.nowMs - readySinceMs(world, taskId)) / 60_000) : 0;
  if (scoreParts.aging !== minutes) blame(reading, 'age', taskId, `${scoreParts.aging}`);
}
