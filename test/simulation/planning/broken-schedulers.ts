import { toEpochMs, toInstant } from '#shared/kernel/index.ts';
import {
  type Plan,
  type PlanTask,
  preparePlan,
  type ScheduleEntry,
  type Situation,
  schedule,
  type TaskStanding,
} from '#shared/planning/index.ts';
import { drawScript } from './draw-script.ts';
import type { PlanKind } from './plan-script.ts';
import { playScript, type Scheduler } from './play-script.ts';
import { PASSING_BOUND_MS } from './referee.ts';

/** A scheduler with one fault, and plans in which it shows. */
export interface BrokenScheduler {
  readonly name: string;
  readonly kind: PlanKind;
  /** The law by which it is found out. */
  readonly law: string;
  /** Made anew for each play, for one may remember. */
  readonly create: () => Scheduler;
}

/** Faults that the referee must find, each alone. */
export const BROKEN_SCHEDULERS: readonly BrokenScheduler[] = [
  blindTo({ name: 'blind to locks', law: 'lock' }, (task) => ({ ...task, locks: [] })),
  blindTo({ name: 'blind to conflict groups', law: 'conflict_group' }, (task) =>
    without(task, 'conflictGroup'),
  ),
  blindTo({ name: 'blind to where a folder ends', law: 'lock' }, (task) => ({
    ...task,
    locks: task.locks.map(({ path, mode }) => ({ path: path.replaceAll('/', '_'), mode })),
  })),
  amongFailures(
    blindTo({ name: 'blind to conditions', law: 'degraded inputs' }, (task) => ({
      ...task,
      dependsOn: task.dependsOn.map((wait) => ({ ...wait, condition: 'always' })),
    })),
  ),
  blindTo({ name: 'blind to files as inputs', law: 'dependency' }, (task) => ({
    ...task,
    dependsOn: task.dependsOn.filter(({ kind }) => kind !== 'file'),
  })),
  blindTo({ name: 'blind to gates', law: 'gate' }, (task) => ({
    ...task,
    dependsOn: task.dependsOn.filter(({ kind }) => kind !== 'gate'),
  })),
  blindTo({ name: 'blind to abilities', law: 'worker' }, (task) => ({
    ...task,
    requiredCapabilities: [],
  })),
  blindTo(
    { name: 'blind to the time before which a task may not start', law: 'not_before' },
    (task) => without(task, 'notBefore'),
  ),
  {
    ...blindTo({ name: 'blind to budgets', law: 'budget' }, (task) => ({
      ...task,
      budgetDemands: [],
    })),
  },
  amongFailures(
    blindTo({ name: 'blind to policies', law: 'idle beside work' }, (task) =>
      without(task, 'onFailure'),
    ),
  ),
  ofPlan({ name: 'no run limit', law: 'run_parallel' }, (plan) => ({ ...plan, maxParallel: 1000 })),
  ofPlan({ name: 'no workstream limit', law: 'workstream_parallel' }, (plan) => ({
    ...plan,
    workstreams: plan.workstreams.map((each) => ({
      ...each,
      concurrency: { mode: 'parallel', maxParallel: 1000 },
    })),
  })),
  ofPlan({ name: 'no order of phases', law: 'dependency' }, (plan) => ({ ...plan, phaseIds: [] })),
  ofSituation({ name: 'no tool limit', law: 'tool_capacity' }, ({ capacities, ...rest }) => ({
    ...rest,
    capacities: { ...capacities, tools: new Map() },
  })),
  {
    ...ofSituation(
      { name: 'sure of twice the money', law: 'budget' },
      ({ capacities, ...rest }) => ({
        ...rest,
        capacities: {
          ...capacities,
          budgets: new Map([...capacities.budgets].map(([id, micros]) => [id, micros * 2n])),
        },
      }),
    ),
  },
  amongFailures(
    ofSituation(
      { name: 'a paused run goes on', law: 'run_not_running' },
      ({ standing, ...rest }) => ({
        ...rest,
        standing: { ...standing, run: 'running' },
      }),
    ),
  ),
  {
    ...ofSituation({ name: 'nobody grows older', law: 'passed' }, forgetAge),
    kind: 'crowded',
  },
  {
    ...ofSituation({ name: 'the oldest get nothing kept for them', law: 'lock' }, capAge),
    kind: 'crowded',
  },
  { name: 'not the same twice', kind: 'crowded', law: 'not the same twice', create: createFickle },
  ofEntries({ name: 'two tasks for one worker', law: 'worker' }, (entries) => {
    const first = entries.find(({ workerId }) => workerId !== undefined)?.workerId;
    return entries.map((one) =>
      one.workerId === undefined || first === undefined ? one : { ...one, workerId: first },
    );
  }),
  ofEntries({ name: 'the last in line is left out', law: 'idle beside work' }, (entries) => {
    const last = entries.findLastIndex(({ decision }) => decision === 'dispatch');
    return entries.map((one, place) => (place === last ? toHeld(one) : one));
  }),
  ofEntries({ name: 'the least wanted first', law: 'out of order' }, (entries) =>
    entries.toReversed(),
  ),
  amongFailures(
    ofEntries({ name: 'degraded inputs are not told', law: 'degraded inputs' }, (entries) =>
      entries.map((one) => without(one, 'degradedInputs')),
    ),
  ),
];

/** Laws that would tell of a planted fault before the one it is here to test. */
const OVERLOOKED = ['reason', 'age'];

/** The laws a broken scheduler breaks in the first plan in which it breaks any, of so many that are drawn. */
export function findOut({ kind, create }: BrokenScheduler, plans: number): readonly string[] {
  for (let seed = 1; seed <= plans; seed += 1) {
    const script = drawScript({ seed, kind, size: 30 });
    const { faults } = playScript(script, { scheduler: create(), overlooked: OVERLOOKED });
    if (faults.length > 0) return faults.map(({ law }) => law);
  }
  return [];
}

function amongFailures(broken: BrokenScheduler): BrokenScheduler {
  return { ...broken, kind: 'failing' };
}

type Name = Pick<BrokenScheduler, 'name' | 'law'>;

function blindTo(name: Name, change: (task: PlanTask) => PlanTask): BrokenScheduler {
  return ofPlan(name, (plan) => ({ ...plan, tasks: plan.tasks.map(change) }));
}

function ofPlan(name: Name, change: (plan: Plan) => Plan): BrokenScheduler {
  const create = (): Scheduler => {
    const known = new WeakMap<Plan, ReturnType<typeof preparePlan>>();
    return ({ plan }, situation) => {
      const prepared = known.get(plan) ?? preparePlan(change(plan));
      known.set(plan, prepared);
      return schedule(prepared, situation);
    };
  };
  return { ...name, kind: 'limited', create };
}

function ofSituation(name: Name, change: (situation: Situation) => Situation): BrokenScheduler {
  const create = (): Scheduler => (prepared, situation) => schedule(prepared, change(situation));
  return { ...name, kind: 'limited', create };
}

function ofEntries(
  name: Name,
  change: (entries: readonly ScheduleEntry[]) => readonly ScheduleEntry[],
): BrokenScheduler {
  const create = (): Scheduler => (prepared, situation) => change(schedule(prepared, situation));
  return { ...name, kind: 'limited', create };
}

function ofTasks(
  { standing, ...rest }: Situation,
  change: (standing: TaskStanding) => TaskStanding,
): Situation {
  const tasks = new Map([...standing.tasks].map(([id, one]) => [id, change(one)]));
  return { ...rest, standing: { ...standing, tasks } };
}

function forgetAge(situation: Situation): Situation {
  return ofTasks(situation, (one) => without(one, 'queuedAt'));
}

/** Age counts, but never for so much that anything is kept. */
function capAge(situation: Situation): Situation {
  const oldest = toInstant(toEpochMs(situation.now) - PASSING_BOUND_MS);
  return ofTasks(situation, (one) =>
    one.queuedAt !== undefined && one.queuedAt < oldest ? { ...one, queuedAt: oldest } : one,
  );
}

/** Every second answer gives the work to the same workers the other way round. */
function createFickle(): Scheduler {
  let asked = 0;
  return (prepared, situation) => {
    asked += 1;
    const entries = schedule(prepared, situation);
    if (asked % 2 === 0) return entries;
    const taking = entries.flatMap(({ workerId }) => workerId ?? []);
    return entries.map(({ workerId, ...entry }) => {
      if (workerId === undefined) return entry;
      const other = taking.pop();
      return { ...entry, ...(other !== undefined && { workerId: other }) };
    });
  };
}

function toHeld(entry: ScheduleEntry): ScheduleEntry {
  return { ...without(entry, 'workerId'), decision: 'hold', holdReason: 'worker', blockedBy: [] };
}

function without<Item extends object, Key extends keyof Item>(
  item: Item,
  key: Key,
): Omit<Item, Key> {
  const { [key]: _gone, ...rest } = item;
  return rest;
}
