import type { PlanTask, PlanWorker } from '#shared/planning/index.ts';
import { freeOf, type PlanWorld } from './plan-world.ts';

/** How many locks of each mode are held at a place. */
type Held = Readonly<Record<'append' | 'write', number>>;

/** Who has what at a moment, kept by the referee with nothing of the scheduler's own. */
export interface Ledger {
  readonly groups: Set<string>;
  /** Locks held on exactly a place. */
  readonly here: Map<string, Held>;
  /** Locks held on a place or on anything in it. */
  readonly within: Map<string, Held>;
  readonly tools: Map<string, number>;
  /** Tasks that run in each workstream. */
  readonly streams: Map<string, PlanTask[]>;
  running: number;
  readonly idle: Map<string, PlanWorker>;
  readonly free: Map<string, bigint>;
  /** The one that has waited too long, once what is free of what it needs has been kept for it. */
  favourite?: PlanTask;
}

/** What is taken by all that is under way. */
export function openLedger(world: PlanWorld): Ledger {
  const ledger: Ledger = {
    groups: new Set(),
    here: new Map(),
    within: new Map(),
    tools: new Map(),
    streams: new Map(),
    running: 0,
    idle: new Map(world.script.workers.map((worker) => [worker.workerId, worker])),
    free: new Map([...world.purses].map(([id, purse]) => [id, freeOf(purse)])),
  };
  for (const { task, workerId } of world.running.values()) {
    takeScope(ledger, task);
    takePlace(ledger, task);
    ledger.idle.delete(workerId);
  }
  // What is being checked keeps its scope and nothing else.
  for (const { task } of world.checking.values()) takeScope(ledger, task);
  return ledger;
}

/** Notes locks and group. */
export function takeScope(ledger: Ledger, { conflictGroup, locks }: PlanTask): void {
  if (conflictGroup !== undefined) ledger.groups.add(conflictGroup);
  for (const { path, mode } of locks) {
    if (mode === 'read') continue;
    const places = toPlaces(path);
    for (const place of places) add(ledger.within, place, mode);
    add(ledger.here, places[places.length - 1] ?? '', mode);
  }
}

/** Notes a place in the run, in the workstream and at the tool. */
export function takePlace(ledger: Ledger, task: PlanTask): void {
  const { toolId, workstreamId } = task;
  ledger.running += 1;
  if (toolId !== undefined) ledger.tools.set(toolId, (ledger.tools.get(toolId) ?? 0) + 1);
  ledger.streams.set(workstreamId, [...(ledger.streams.get(workstreamId) ?? []), task]);
}

/** Notes what is held of each budget. */
export function takeMoney({ free }: Ledger, { budgetDemands }: PlanTask): void {
  for (const { budgetId, neededMicros } of budgetDemands) {
    const micros = free.get(budgetId);
    if (micros !== undefined) free.set(budgetId, micros - neededMicros);
  }
}

/** Whether somebody holds a lock that excludes one a task wants. */
export function isLocked({ here, within }: Ledger, { locks }: PlanTask): boolean {
  return locks.some(({ path, mode }) => {
    if (mode === 'read') return false;
    const places = toPlaces(path);
    const isRival = (held: Held | undefined): boolean =>
      held !== undefined && (held.write > 0 || (mode === 'write' && held.append > 0));
    return (
      places.some((place) => isRival(here.get(place))) ||
      isRival(within.get(places[places.length - 1] ?? ''))
    );
  });
}

/** The place of a path and all it lies in, from the root on. */
function toPlaces(path: string): readonly string[] {
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  return ['/', ...names.map((_name, depth) => `/${names.slice(0, depth + 1).join('/')}`)];
}

function add(places: Map<string, Held>, place: string, mode: 'append' | 'write'): void {
  const held = places.get(place) ?? { append: 0, write: 0 };
  places.set(place, { ...held, [mode]: held[mode] + 1 });
}
