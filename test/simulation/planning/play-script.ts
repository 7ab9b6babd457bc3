import type { Ms } from '#shared/kernel/index.ts';
import type { FailurePolicy } from '#shared/lifecycle/index.ts';
import {
  type ConstraintCode,
  type Plan,
  type PreparedPlan,
  preparePlan,
  type ScheduleEntry,
  type Situation,
  schedule,
} from '#shared/planning/index.ts';
import { carryOut, nextMoment, raiseBudgets, settleMoment } from './plan-moments.ts';
import type { Script } from './plan-script.ts';
import {
  isFinalIn,
  moveTo,
  openWorld,
  type PlanWorld,
  type Span,
  toSituation,
} from './plan-world.ts';
import { type Fault, judgeTick } from './referee.ts';

/** Decides one tick: the scheduler, or one with a bug. */
export type Scheduler = (prepared: PreparedPlan, situation: Situation) => readonly ScheduleEntry[];

/** How a play went. Units: ms from the start. */
export interface Play {
  readonly script: Script;
  /** Empty, or those of the first tick that had one: there the play stops. */
  readonly faults: readonly Fault[];
  readonly ticks: number;
  readonly spans: readonly Span[];
  /** Entries held, by constraint. */
  readonly held: ReadonlyMap<ConstraintCode, number>;
  /** Tasks for which all that is free was once kept. */
  readonly favourites: number;
  readonly longestWaitMs: Ms;
  readonly wasStopped: boolean;
  /** Tasks that failed, by the policy in force. */
  readonly failures: ReadonlyMap<FailurePolicy, number>;
}

/** How a script is to be played. */
export interface Playing {
  /** @default the scheduler */
  readonly scheduler?: Scheduler;
  /** Every so many ticks the scheduler is asked again, with all it is given in another order. @default 1 */
  readonly repeatEvery?: number;
  /** Laws that are not looked at. @default none */
  readonly overlooked?: readonly string[];
}

/** The tally of a play while it goes on. */
interface Tally {
  ticks: number;
  longestWaitMs: Ms;
  wasStopped: boolean;
  readonly held: Map<ConstraintCode, number>;
  readonly favourites: Set<string>;
}

/** Plays a script to its end, from event to event, each tick judged by the referee. */
export function playScript(script: Script, playing: Playing = {}): Play {
  const world = openWorld(script);
  const tally: Tally = {
    ticks: 0,
    longestWaitMs: 0,
    wasStopped: false,
    held: new Map(),
    favourites: new Set(),
  };
  const tick = createTick(playing);
  const mostTicks = 20 * script.plan.tasks.length + 1000;
  let faults: readonly Fault[] = [];
  let isOver = false;
  while (!isOver && faults.length === 0 && tally.ticks < mostTicks) {
    settleMoment(world);
    const ticked = tick(world, tally);
    faults = ticked.faults;
    if (faults.length > 0) break;
    carryOut(world, ticked.entries);
    const nextMs = nextMoment(world);
    if (nextMs !== undefined) moveTo(world, nextMs);
    else isOver = !raiseBudgets(world, ticked.entries);
  }
  const { favourites, ...rest } = tally;
  return {
    ...rest,
    script,
    favourites: favourites.size,
    faults: faults.length > 0 ? faults : listUnfinished(world),
    spans: world.spans,
    failures: world.failures,
  };
}

/** One tick: what the scheduler says, and what the referee has to say of that. */
interface Tick {
  readonly entries: readonly ScheduleEntry[];
  readonly faults: readonly Fault[];
}

function createTick({ scheduler = schedule, repeatEvery = 1, overlooked = [] }: Playing) {
  const toPrepared = cachePrepared((plan) => preparePlan(plan));
  const toMirror = cachePrepared((plan) => preparePlan(mirrorPlan(plan)));
  return (world: PlanWorld, tally: Tally): Tick => {
    const situation = toSituation(world);
    const entries = scheduler(toPrepared(world.plan), situation);
    const { faults, favourite } = judgeTick(world, entries);
    const broken = faults.filter(({ law }) => !overlooked.includes(law));
    const isRepeated = broken.length === 0 && tally.ticks % repeatEvery === 0;
    const again = isRepeated
      ? scheduler(toMirror(world.plan), mirrorSituation(situation))
      : entries;
    count(tally, world, { entries, favourite });
    return { entries, faults: [...broken, ...compare(entries, again)] };
  };
}

/** Under every policy every task ends. */
function listUnfinished(world: PlanWorld): readonly Fault[] {
  return world.plan.tasks
    .filter(({ taskId }) => !isFinalIn(world, taskId))
    .map(({ taskId }) => ({ law: 'never ended', taskId, detail: '' }));
}

function count(
  tally: Tally,
  world: PlanWorld,
  { entries, favourite }: { entries: readonly ScheduleEntry[]; favourite: string | undefined },
): void {
  tally.ticks += 1;
  tally.wasStopped ||= world.run !== 'running';
  if (favourite !== undefined) tally.favourites.add(favourite);
  for (const { decision, holdReason, scoreParts } of entries) {
    if (decision === 'dispatch') {
      tally.longestWaitMs = Math.max(tally.longestWaitMs, scoreParts.aging * 60_000);
    }
    if (holdReason === undefined) continue;
    tally.held.set(holdReason, (tally.held.get(holdReason) ?? 0) + 1);
  }
}

/** The same entries, whatever order the store gave the plan and the standings in. */
function compare(
  entries: readonly ScheduleEntry[],
  again: readonly ScheduleEntry[],
): readonly Fault[] {
  if (again === entries) return [];
  const toLines = (list: readonly ScheduleEntry[]): readonly string[] =>
    list
      .filter(({ decision }) => decision !== 'done')
      .map(({ taskId, decision, holdReason = '', workerId = '', score, level }) =>
        [taskId, decision, holdReason, workerId, score, level].join(' '),
      );
  const mirrored = toLines(again);
  const first = toLines(entries).findIndex((line, place) => line !== mirrored[place]);
  if (first === -1 && entries.length === again.length) return [];
  const detail = `${toLines(entries)[first]} / ${mirrored[first]}`;
  return [{ law: 'not the same twice', taskId: entries[first]?.taskId ?? '', detail }];
}

function cachePrepared(prepare: (plan: Plan) => PreparedPlan): (plan: Plan) => PreparedPlan {
  let known: { readonly plan: Plan; readonly prepared: PreparedPlan } | undefined;
  return (plan) => {
    if (known?.plan !== plan) known = { plan, prepared: prepare(plan) };
    return known.prepared;
  };
}

const mirrorPlan = (plan: Plan): Plan => ({
  ...plan,
  tasks: plan.tasks.toReversed(),
  workstreams: plan.workstreams.toReversed(),
});

const mirrorMap = <Value>(map: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> =>
  new Map([...map].toReversed());

function mirrorSituation({ now, standing, capacities }: Situation): Situation {
  return {
    now,
    standing: {
      run: standing.run,
      tasks: mirrorMap(standing.tasks),
      workstreams: mirrorMap(standing.workstreams),
      phases: mirrorMap(standing.phases),
      gates: mirrorMap(standing.gates),
    },
    capacities: {
      workers: capacities.workers.toReversed(),
      tools: mirrorMap(capacities.tools),
      budgets: mirrorMap(capacities.budgets),
    },
  };
}
