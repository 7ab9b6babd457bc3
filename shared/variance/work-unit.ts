import type { Ms } from '#shared/kernel/index.ts';
import type { Lineage, Session, Task } from './model.ts';
import { speaksForAll, type TaskNode, toTaskTree } from './task-tree.ts';

/**
 * Work that is judged as one: a leaf, a whole subtree under the one estimate of its top, or what was
 * done on a parent itself.
 */
export interface WorkUnit {
  readonly node: TaskNode;
  readonly kind: 'leaf' | 'own_runs';
  readonly isFinished: boolean;
  /** Whether a run of it may be a forgotten timer, so that its actual is not known. */
  readonly isUnconfirmed: boolean;
  readonly lineage: Lineage;
  readonly actualMs: Ms;
  readonly nRuns: number;
}

/** The units of all tasks, and the runs that belong to none of them. */
export interface UnitsOfWork {
  readonly units: readonly WorkUnit[];
  readonly strays: readonly Session[];
}

interface GrowingUnit extends WorkUnit {
  isFinished: boolean;
  isUnconfirmed: boolean;
  lineage: Lineage;
  actualMs: Ms;
  nRuns: number;
  nSessions: number;
}

/** The net effort a run adds to every sum: nothing unless it is counted. Units: ms. */
export const toCountedMs = (session: Session): Ms =>
  session.standing === 'counted' ? session.netMs : 0;

/**
 * Sums the runs of each unit. A unit stands where its runs agree, else in conflict; runs without an
 * answer follow those that have one, and the task's own lineage is asked where none has.
 * Where nobody worked, only a finished leaf is a unit.
 */
export function toUnitsOfWork(tasks: readonly Task[], sessions: readonly Session[]): UnitsOfWork {
  const unitOf = createUnits(tasks);
  const strays: Session[] = [];
  for (const session of sessions) {
    const unit = session.taskId === undefined ? undefined : unitOf.get(session.taskId);
    if (unit === undefined) strays.push(session);
    else addSession(unit, session);
  }
  const all = [...new Set(unitOf.values())];
  const unanswered = new Set(all.filter((unit) => unit.lineage.kind === 'unresolved'));
  for (const task of tasks) {
    const unit = unitOf.get(task.taskId);
    if (unit === undefined || task.group === undefined || !unanswered.has(unit)) continue;
    unit.lineage = joinLineages(unit.lineage, task.group);
  }
  return { units: all.filter((unit) => unit.nSessions > 0 || isFinishedLeaf(unit)), strays };
}

const isFinishedLeaf = (unit: WorkUnit): boolean => unit.kind === 'leaf' && unit.isFinished;

function createUnits(tasks: readonly Task[]): ReadonlyMap<string, GrowingUnit> {
  const unitOf = new Map<string, GrowingUnit>();
  for (const node of toTaskTree(tasks)) {
    // Parents come before their children, so the unit that covers this task is already there.
    const covering = unitOf.get(node.coveredBy?.task.taskId ?? node.task.taskId);
    const unit = covering ?? createUnit(node);
    unit.isFinished &&= node.task.isFinished;
    unitOf.set(node.task.taskId, unit);
  }
  return unitOf;
}

function createUnit(node: TaskNode): GrowingUnit {
  return {
    node,
    kind: node.children.length === 0 || speaksForAll(node) ? 'leaf' : 'own_runs',
    isFinished: true,
    isUnconfirmed: false,
    lineage: { kind: 'unresolved' },
    actualMs: 0,
    nRuns: 0,
    nSessions: 0,
  };
}

function addSession(unit: GrowingUnit, session: Session): void {
  unit.lineage = joinLineages(unit.lineage, session.group);
  unit.actualMs += toCountedMs(session);
  unit.nRuns += session.standing === 'counted' ? 1 : 0;
  unit.isUnconfirmed ||= session.standing === 'suspect';
  unit.nSessions += 1;
}

/** One answer for both: no answer gives way to any, and two different ones are a conflict for good. */
function joinLineages(left: Lineage, right: Lineage): Lineage {
  if (left.kind === 'unresolved') return right;
  if (right.kind === 'unresolved') return left;
  const isAgreed = left.kind === 'resolved' && right.kind === 'resolved' && left.id === right.id;
  return isAgreed ? left : { kind: 'conflict' };
}
