import type { Day, Ms } from '#shared/kernel/index.ts';
import { joinGroups, UNRESOLVED } from './lineages.ts';
import type { Grouping, Lineage, Session, Task } from './model.ts';
import { speaksForAll, type TaskNode, toTaskTree } from './task-tree.ts';

/**
 * Work that is judged as one: a leaf, a whole subtree under the one estimate of its top, or what was
 * done on a parent itself.
 */
export interface WorkUnit {
  readonly node: TaskNode;
  readonly kind: 'leaf' | 'own_runs';
  /** Its top and every part of it that was not dropped. */
  readonly isFinished: boolean;
  /** Not finished, and nobody means to finish it: its top or a task above it was dropped. */
  readonly isDropped: boolean;
  /** Whether a run of it may be a forgotten timer, so that its actual is not known. */
  readonly isUnconfirmed: boolean;
  /** Where it stands, in the order of the groupings asked for. */
  readonly lineages: readonly Lineage[];
  /** When the last of its tasks was completed; where no task says, when its last run was. */
  readonly completedDate: Day | undefined;
  readonly actualMs: Ms;
  readonly nRuns: number;
  /** Whether a run of it is known, whether it counts or not. */
  readonly hasBegun: boolean;
}

/** The units of all tasks, and the runs that belong to none of them. */
export interface UnitsOfWork {
  readonly units: readonly WorkUnit[];
  readonly strays: readonly Session[];
}

interface GrowingUnit extends WorkUnit {
  isFinished: boolean;
  isDropped: boolean;
  isUnconfirmed: boolean;
  lineages: Lineage[];
  completedDate: Day | undefined;
  lastWorkedDate: Day | undefined;
  actualMs: Ms;
  nRuns: number;
  hasBegun: boolean;
}

/** The net effort a run adds to every sum: nothing unless it is counted. Units: ms. */
const toCountedMs = (session: Session): Ms => (session.standing === 'counted' ? session.netMs : 0);

/** The units the numbers are made of: where nobody worked, only a finished leaf is one. See {@link toPlannedUnits}. */
export function toUnitsOfWork(
  tasks: readonly Task[],
  sessions: readonly Session[],
  groupings: readonly Grouping[],
): UnitsOfWork {
  const { units, strays } = toPlannedUnits(tasks, sessions, groupings);
  return { units: units.filter((unit) => unit.hasBegun || isFinishedLeaf(unit)), strays };
}

/**
 * Every unit of the tasks, begun or not, with the sum of its runs, in one pass for all groupings. A unit stands where
 * its runs agree, else in conflict; runs without an answer follow those that have one, and the tasks' own lineage is
 * asked where none has.
 */
export function toPlannedUnits(
  tasks: readonly Task[],
  sessions: readonly Session[],
  groupings: readonly Grouping[],
): UnitsOfWork {
  const unitOf = createUnits(tasks);
  const strays: Session[] = [];
  for (const session of sessions) {
    const unit = session.taskId === undefined ? undefined : unitOf.get(session.taskId);
    if (unit === undefined) {
      strays.push(session);
      continue;
    }
    joinGroups(unit.lineages, session.groups, groupings);
    addSession(unit, session);
  }
  askTasks(tasks, unitOf, groupings);
  const units = [...new Set(unitOf.values())];
  for (const unit of units) {
    unit.completedDate ??= unit.lastWorkedDate;
    unit.isDropped = unit.node.isDropped && !unit.isFinished;
  }
  return { units, strays };
}

const isFinishedLeaf = (unit: WorkUnit): boolean => unit.kind === 'leaf' && unit.isFinished;

function createUnits(tasks: readonly Task[]): ReadonlyMap<string, GrowingUnit> {
  const unitOf = new Map<string, GrowingUnit>();
  for (const node of toTaskTree(tasks)) {
    // Parents come before their children, so the unit that covers this task is already there.
    const covering = unitOf.get(node.coveredBy?.task.taskId ?? node.task.taskId);
    const unit = covering ?? createUnit(node);
    const { isFinished, completedDate } = node.task;
    // A part nobody means to do any more holds nothing up.
    unit.isFinished &&= isFinished || (node.isDropped && node !== unit.node);
    unit.completedDate = laterOf(unit.completedDate, completedDate);
    unitOf.set(node.task.taskId, unit);
  }
  return unitOf;
}

function createUnit(node: TaskNode): GrowingUnit {
  return {
    node,
    kind: node.children.length === 0 || speaksForAll(node) ? 'leaf' : 'own_runs',
    isFinished: true,
    isDropped: false,
    isUnconfirmed: false,
    lineages: [],
    completedDate: undefined,
    lastWorkedDate: undefined,
    actualMs: 0,
    nRuns: 0,
    hasBegun: false,
  };
}

function addSession(unit: GrowingUnit, session: Session): void {
  unit.actualMs += toCountedMs(session);
  unit.nRuns += session.standing === 'counted' ? 1 : 0;
  unit.isUnconfirmed ||= session.standing === 'suspect';
  unit.lastWorkedDate = laterOf(unit.lastWorkedDate, session.workedDate);
  unit.hasBegun = true;
}

/** Lets the tasks themselves answer, each grouping that no run of theirs has answered. */
function askTasks(
  tasks: readonly Task[],
  unitOf: ReadonlyMap<string, GrowingUnit>,
  groupings: readonly Grouping[],
): void {
  const answers = new Map<GrowingUnit, Lineage[]>();
  for (const { taskId, groups } of tasks) {
    const unit = unitOf.get(taskId);
    if (unit === undefined) continue;
    const answer = answers.get(unit) ?? [];
    answers.set(unit, answer);
    joinGroups(answer, groups ?? {}, groupings);
  }
  for (const [unit, answer] of answers) {
    unit.lineages = answer.map((own, index) => {
      const worked = unit.lineages[index] ?? UNRESOLVED;
      return worked.kind === 'unresolved' ? own : worked;
    });
  }
}

function laterOf(left: Day | undefined, right: Day | undefined): Day | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return left < right ? right : left;
}
