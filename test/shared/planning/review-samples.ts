import { addDays, type Day, HOUR_MS, toInstant } from '#shared/kernel/index.ts';
import { type ReviewFacts, review } from '#shared/planning/index.ts';
import type { Groups, Lineage, Session, Task } from '#shared/variance/index.ts';

export const hours = (count: number) => count * HOUR_MS;
export const at = (text: string) => toInstant(Date.parse(text));
export const named = (rowId: string) => ({ rowId, name: rowId });
const resolved = (id: string): Lineage => ({ kind: 'resolved', id });

/** The Friday of a week, whose seven days began on Saturday. */
export const FRIDAY = '2026-01-09';

/** Where work stands: in workflow w1, template t1, billable project p1 and venture v1, unless said otherwise. */
export const groupsOf = (ids: Partial<Record<keyof Groups, string>> = {}): Groups => ({
  workflow: resolved(ids.workflow ?? 'w1'),
  process_template: resolved(ids.process_template ?? 't1'),
  project: resolved(ids.project ?? 'p1'),
  venture: resolved(ids.venture ?? 'v1'),
});

/** A finished task of 4 h. */
export const task = (taskId: string, facts: Partial<Task> = {}): Task => ({
  taskId,
  name: taskId,
  baselineMs: hours(4),
  isFinished: true,
  completedDate: FRIDAY,
  groups: groupsOf(),
  ...facts,
});

/** A task nobody has finished. */
export function open(taskId: string, facts: Partial<Task> = {}): Task {
  const { completedDate: _, ...rest } = task(taskId, facts);
  return { ...rest, isFinished: false };
}

/** A counted run of a day, without times. */
export const session = (runId: string, facts: Partial<Session> = {}): Session => ({
  runId,
  groups: groupsOf(),
  workedDate: FRIDAY,
  netMs: hours(1),
  standing: 'counted',
  ...facts,
});

const factsOf = (facts: Partial<ReviewFacts> = {}): ReviewFacts => ({
  kind: 'weekly',
  date: FRIDAY,
  timeZone: 'UTC',
  tasks: [],
  sessions: [],
  details: new Map(),
  names: new Map(),
  notes: new Map(),
  billableProjects: new Set(['p1']),
  overlappingSprints: [],
  people: [],
  gates: [],
  budgets: [],
  ...facts,
});

export const reviewOf = (facts: Partial<ReviewFacts> = {}) => review(factsOf(facts));

/** Finished tasks of 1 h, one a day up to a day, the last ones with other hours than the first. */
export function history(counts: {
  readonly before: number;
  readonly after: number;
  readonly factor: number;
  readonly until?: Day;
  readonly ids?: Partial<Record<keyof Groups, string>>;
}): Pick<ReviewFacts, 'tasks' | 'sessions'> {
  const { before, after, factor, until = FRIDAY, ids = {} } = counts;
  const groups = groupsOf(ids);
  const prefix = Object.values(ids).join('-');
  const pairs = Array.from({ length: before + after }, (_, index) => {
    const taskId = `k${prefix}${String(index).padStart(3, '0')}`;
    const completedDate = addDays(until, index - before - after + 1);
    // Alternating a little, since tasks that all go alike have no spread to be judged by.
    const wobble = index % 2 === 0 ? 0.9 : 1.1;
    const netMs = Math.round(hours(wobble * (index < before ? 1 : factor)));
    return {
      task: task(taskId, { baselineMs: hours(1), completedDate, groups }),
      session: session(`r${taskId}`, { taskId, netMs, workedDate: completedDate, groups }),
    };
  });
  return { tasks: pairs.map((pair) => pair.task), sessions: pairs.map((pair) => pair.session) };
}
