import { type Instant, type Ms, toInstant } from '#shared/kernel/index.ts';
import type { FailurePolicy, PhaseState, WorkstreamState } from '#shared/lifecycle/index.ts';
import type {
  Plan,
  PlanTask,
  PlanWorkstream,
  Situation,
  TaskStanding,
} from '#shared/planning/index.ts';
import { START_MS } from '../../shared/planning/plan-samples.ts';
import type { Script, Try } from './plan-script.ts';

/** Money of one budget. Units: micros. */
export interface Purse {
  limitMicros: bigint;
  spentMicros: bigint;
  heldMicros: bigint;
}

/** A task that has been sent off and is not over. */
export interface Going {
  readonly task: PlanTask;
  readonly workerId: string;
  readonly startMs: Ms;
  readonly runEndMs: Ms;
  readonly endMs: Ms;
  readonly attempt: Try;
}

/** One try that is over, or was cut off. */
export interface Span extends Going {
  readonly isCanceled: boolean;
}

/** A run as it stands at a moment of a play; what changes here is the play. */
export interface PlanWorld {
  readonly script: Script;
  /** Grows by repairs, and changes with what people decide. */
  plan: Plan;
  readonly taskOf: Map<string, PlanTask>;
  readonly streamOf: ReadonlyMap<string, PlanWorkstream>;
  readonly repairOf: Map<string, string>;
  readonly standings: Map<string, TaskStanding>;
  readonly workstreams: Map<string, WorkstreamState>;
  readonly phases: Map<string, PhaseState>;
  readonly gates: Map<string, 'met' | 'failed' | 'open'>;
  readonly running: Map<string, Going>;
  readonly checking: Map<string, Going>;
  readonly tried: Map<string, number>;
  readonly purses: Map<string, Purse>;
  /** Until when a tool takes nobody. */
  readonly rates: Map<string, Ms>;
  run: 'running' | 'paused' | 'failed';
  /** Failed tasks a person has yet to decide on, and when that will be. */
  readonly questions: Map<string, Ms>;
  readonly spans: Span[];
  readonly failures: Map<FailurePolicy, number>;
  nowMs: Ms;
  now: Instant;
  gatesPassed: number;
}

/** The world of a script before anything has begun. */
export function openWorld(script: Script): PlanWorld {
  const { plan, budgets } = script;
  return {
    script,
    plan,
    taskOf: new Map(plan.tasks.map((task) => [task.taskId, task])),
    streamOf: new Map(plan.workstreams.map((each) => [each.workstreamId, each])),
    repairOf: new Map(),
    standings: new Map(plan.tasks.map(({ taskId }) => [taskId, { state: 'pending' }])),
    workstreams: new Map(),
    phases: new Map(),
    gates: new Map(),
    running: new Map(),
    checking: new Map(),
    tried: new Map(),
    purses: new Map(
      [...budgets].map(([id, limitMicros]) => [
        id,
        { limitMicros, spentMicros: 0n, heldMicros: 0n },
      ]),
    ),
    rates: new Map(),
    run: 'running',
    questions: new Map(),
    spans: [],
    failures: new Map(),
    nowMs: 0,
    now: toInstant(START_MS),
    gatesPassed: 0,
  };
}

/** Lets time pass until a moment. */
export function moveTo(world: PlanWorld, atMs: Ms): void {
  world.nowMs = atMs;
  world.now = toInstant(START_MS + atMs);
}

/** How a task stands. */
export const standingIn = ({ standings }: PlanWorld, taskId: string): TaskStanding =>
  standings.get(taskId) ?? { state: 'pending' };

/** Whether a task has come to its end. */
export function isFinalIn(world: PlanWorld, taskId: string): boolean {
  const { state } = standingIn(world, taskId);
  return state === 'completed' || state === 'failed' || state === 'canceled';
}

/** What a budget has left. Units: micros. */
export const freeOf = ({ limitMicros, spentMicros, heldMicros }: Purse): bigint =>
  limitMicros - spentMicros - heldMicros;

/** The moment as the scheduler is shown it. */
export function toSituation(world: PlanWorld): Situation {
  const { script, standings, workstreams, phases, gates, run, rates } = world;
  return {
    now: world.now,
    standing: { run, tasks: standings, workstreams, phases, gates },
    capacities: {
      workers: script.workers,
      tools: new Map(
        [...script.tools].map(([toolId, maxParallel]) => {
          const untilMs = rates.get(toolId);
          return [
            toolId,
            {
              maxParallel,
              ...(untilMs !== undefined && { notBefore: toInstant(START_MS + untilMs) }),
            },
          ];
        }),
      ),
      budgets: new Map([...world.purses].map(([id, purse]) => [id, freeOf(purse)])),
    },
  };
}
