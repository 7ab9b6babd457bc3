import { type Instant, type Ms, toEpochMs, toInstant } from '#shared/kernel/index.ts';
import type { PlanTask, ScheduleEntry, TaskStanding } from '#shared/planning/index.ts';
import { START_MS } from '../../shared/planning/plan-samples.ts';
import { decide, settleWholes, spreadFailed } from './plan-failures.ts';
import { fateOf } from './plan-script.ts';
import { freeOf, type Going, type PlanWorld, standingIn } from './plan-world.ts';

/** What holds a task that could start were something free. */
const SCARCE: ReadonlySet<string | undefined> = new Set([
  'conflict_group',
  'lock',
  'tool_capacity',
  'rate',
  'budget',
  'worker',
  'workstream_parallel',
  'run_parallel',
]);

/** Lets all happen that is due at this moment, before the scheduler is asked. */
export function settleMoment(world: PlanWorld): void {
  passGates(world);
  const hasDecided = decideDue(world);
  const hasEnded = endDue(world);
  if (hasDecided || hasEnded || world.nowMs === 0) settleWholes(world);
  settleWaiting(world);
}

function passGates(world: PlanWorld): void {
  const { gates } = world.script;
  for (; (gates[world.gatesPassed]?.atMs ?? Infinity) <= world.nowMs; world.gatesPassed += 1) {
    const change = gates[world.gatesPassed];
    if (change !== undefined) world.gates.set(change.gateId, change.status);
  }
}

function decideDue(world: PlanWorld): boolean {
  const due = [...world.questions].filter(([, atMs]) => atMs <= world.nowMs);
  for (const [taskId] of due) decide(world, taskId);
  return due.length > 0;
}

/** Ends runs and checks that are over; answers whether a task has come to the end of a try. */
function endDue(world: PlanWorld): boolean {
  const { running, checking, standings, nowMs } = world;
  const run = [...running].filter(([, { runEndMs }]) => runEndMs <= nowMs);
  for (const [taskId, going] of run) {
    running.delete(taskId);
    settleMoney(world, going);
    checking.set(taskId, going);
    standings.set(taskId, { state: 'validating', ...toQueuedAt(standingIn(world, taskId)) });
  }
  const ended = [...checking].filter(([, { endMs }]) => endMs <= nowMs);
  for (const [taskId, going] of ended) {
    // One failure may have canceled what would have ended at the same moment.
    if (checking.delete(taskId)) end(world, going);
  }
  return ended.length > 0;
}

const toQueuedAt = ({ queuedAt }: TaskStanding): Pick<TaskStanding, 'queuedAt'> =>
  queuedAt === undefined ? {} : { queuedAt };

/** Sends off what is dispatched, and queues what is only held for want of something. */
export function carryOut(world: PlanWorld, entries: readonly ScheduleEntry[]): void {
  for (const { taskId, decision, workerId, holdReason } of entries) {
    const task = world.taskOf.get(taskId);
    const standing = standingIn(world, taskId);
    if (task === undefined) continue;
    if (decision === 'dispatch' && workerId !== undefined) start(world, task, workerId);
    if (decision === 'hold' && standing.state === 'pending' && SCARCE.has(holdReason)) {
      world.standings.set(taskId, { state: 'queued', queuedAt: world.now });
    }
  }
}

/** When something happens next; nothing if the play is over. */
export function nextMoment(world: PlanWorld): Ms | undefined {
  let nextMs = world.script.gates[world.gatesPassed]?.atMs ?? Infinity;
  const look = (atMs: Ms): void => {
    if (atMs > world.nowMs && atMs < nextMs) nextMs = atMs;
  };
  for (const { runEndMs } of world.running.values()) look(runEndMs);
  for (const { endMs } of world.checking.values()) look(endMs);
  for (const atMs of world.questions.values()) look(atMs);
  for (const atMs of world.rates.values()) look(atMs);
  const nextAt = nextStartAt(world);
  if (nextAt !== undefined) look(toEpochMs(nextAt) - START_MS);
  return nextMs === Infinity ? undefined : nextMs;
}

/** When the next task may start that may not yet; moments are text whose order is that of time. */
function nextStartAt(world: PlanWorld): Instant | undefined {
  let nextAt: Instant | undefined;
  for (const { taskId, notBefore } of world.plan.tasks) {
    const standing = standingIn(world, taskId);
    const isRetrying = standing.state === 'retrying';
    const at = isRetrying ? standing.notBefore : notBefore;
    if (at === undefined || (standing.state !== 'pending' && !isRetrying)) continue;
    if (at > world.now && (nextAt === undefined || at < nextAt)) nextAt = at;
  }
  return nextAt;
}

/** Where nothing moves for want of money, somebody puts in what the first in line needs; answers whether that was so. */
export function raiseBudgets(world: PlanWorld, entries: readonly ScheduleEntry[]): boolean {
  const held = entries.find(({ holdReason }) => holdReason === 'budget');
  const demands = world.taskOf.get(held?.taskId ?? '')?.budgetDemands ?? [];
  for (const { budgetId, neededMicros } of demands) {
    const purse = world.purses.get(budgetId);
    if (purse !== undefined && freeOf(purse) < neededMicros) {
      purse.limitMicros += neededMicros - freeOf(purse);
    }
  }
  return demands.length > 0;
}

function start(world: PlanWorld, task: PlanTask, workerId: string): void {
  const { taskId, toolId, budgetDemands } = task;
  const { script, nowMs } = world;
  const tries = fateOf(script, taskId).tries;
  const tried = world.tried.get(taskId) ?? 0;
  const attempt = tries[tried] ?? tries[tries.length - 1] ?? tries[0];
  const runEndMs = nowMs + attempt.runMs;
  const going = { task, workerId, attempt, startMs: nowMs, runEndMs };
  world.tried.set(taskId, tried + 1);
  world.running.set(taskId, { ...going, endMs: runEndMs + attempt.checkMs });
  const { queuedAt = world.now } = standingIn(world, taskId);
  world.standings.set(taskId, { state: 'running', workerId, queuedAt });
  for (const { budgetId, neededMicros } of budgetDemands) {
    const purse = world.purses.get(budgetId);
    if (purse !== undefined) purse.heldMicros += neededMicros;
  }
  // A scheduler is told of a rate limit with the tool's capacity, so one without has neither.
  if (toolId !== undefined && script.tools.has(toolId) && attempt.rateMs > 0) {
    world.rates.set(toolId, nowMs + attempt.rateMs);
  }
}

function settleMoney({ purses }: PlanWorld, { task, attempt }: Going): void {
  for (const { budgetId, neededMicros } of task.budgetDemands) {
    const purse = purses.get(budgetId);
    if (purse === undefined) continue;
    purse.heldMicros -= neededMicros;
    purse.spentMicros += (neededMicros * attempt.costPercent) / 100n;
  }
}

function end(world: PlanWorld, going: Going): void {
  const { task, attempt } = going;
  const { taskId } = task;
  const queued = toQueuedAt(standingIn(world, taskId));
  world.spans.push({ ...going, isCanceled: false });
  switch (attempt.ending) {
    case 'completed':
      world.standings.set(taskId, { state: 'completed' });
      return;
    case 'retry': {
      const notBefore = toInstant(START_MS + world.nowMs + attempt.backoffMs);
      world.standings.set(taskId, { state: 'retrying', notBefore, ...queued });
      return;
    }
    case 'failed':
      world.standings.set(taskId, { state: 'failed' });
      spreadFailed(world, world.taskOf.get(taskId) ?? task);
  }
}

/** What was put off is queued again when its time has come; what a failed gate blocks is blocked until it is met. */
function settleWaiting(world: PlanWorld): void {
  const { standings, gates, now } = world;
  for (const { taskId, dependsOn } of world.plan.tasks) {
    const standing = standingIn(world, taskId);
    const { state, notBefore = now } = standing;
    if (state === 'retrying' && notBefore <= now) {
      standings.set(taskId, { state: 'queued', ...toQueuedAt(standing) });
    }
    if (state !== 'pending' && state !== 'blocked') continue;
    const blocker = dependsOn.find(
      ({ kind, fromId, condition }) =>
        kind === 'gate' && condition === 'success' && gates.get(fromId) === 'failed',
    );
    if (blocker !== undefined) {
      standings.set(taskId, { state: 'blocked', blockedBy: blocker.fromId });
    } else if (state === 'blocked') {
      standings.set(taskId, { state: 'pending' });
    }
  }
}
