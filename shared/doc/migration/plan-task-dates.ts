import type { Day } from '#shared/kernel/index.ts';
import type { SprintRow } from '../model.ts';
import { placeInSprint } from '../sprint.ts';
import {
  dayOf,
  isBlankCell,
  linkOf,
  type MigrationRow,
  textOf,
  toSprintRows,
} from './migration-doc.ts';
import { isOpen, type MigrationDraft } from './migration-draft.ts';

/** A sprint with both its days. */
type DatedSprint = SprintRow & { readonly startDay: Day; readonly endDay: Day };

/** What a task's sprint column says. */
export type FormerSprint =
  | { readonly kind: 'none' }
  | { readonly kind: 'sprint'; readonly sprint: DatedSprint }
  | { readonly kind: 'unclear'; readonly why: string };

const START = 'scheduled_start_date';
const END = 'scheduled_end_date';

/** The sprint a task has by its own column: a relation, or the name of a sprint. */
export function formerSprintOf(task: MigrationRow, sprints: readonly SprintRow[]): FormerSprint {
  if (isBlankCell(task, 'sprint')) return { kind: 'none' };
  const link = linkOf(task, 'sprint');
  const words = textOf(task, 'sprint');
  const [sprint, second] = sprints.filter(({ rowId, name }) =>
    link === undefined ? name === words : rowId === link.rowId,
  );
  if (sprint === undefined || second !== undefined)
    return { kind: 'unclear', why: `its sprint \`${words}\` is not one row of the sprints` };
  const { startDay, endDay } = sprint;
  if (startDay === undefined || endDay === undefined)
    return { kind: 'unclear', why: `its sprint \`${sprint.name}\` lacks a first or last day` };
  return { kind: 'sprint', sprint: { ...sprint, startDay, endDay } };
}

/** Gives tasks the dates of their sprint, so that they stay in it when the sprint column goes. A date that is there stays. */
export function planTaskDates(draft: MigrationDraft): void {
  const sprints = toSprintRows(draft.doc);
  for (const task of draft.rows('tasks')) {
    const former = formerSprintOf(task, sprints);
    if (former.kind === 'unclear') note(draft, task, former.why);
    if (former.kind === 'sprint') planTask(draft, task, { ...former, sprints });
  }
}

interface SprintFacts {
  readonly sprint: DatedSprint;
  readonly sprints: readonly SprintRow[];
}

function planTask(draft: MigrationDraft, row: MigrationRow, facts: SprintFacts): void {
  const { sprint } = facts;
  const start = { table: 'tasks', row, column: START } as const;
  if (isOpen(draft, start)) {
    const starts = draft.set(start, { kind: 'day', day: sprint.startDay }, 'task_start');
    if (!starts) return;
  } else if (!isBlankCell(row, START) && !isInSprint(row, facts)) {
    if (settleDates(draft, row, facts) !== 'sprint') return;
    draft.set(start, { kind: 'day', day: sprint.startDay }, 'decided');
  }
  const end = { table: 'tasks', row, column: END } as const;
  if (isOpen(draft, end)) draft.set(end, { kind: 'day', day: sprint.endDay }, 'task_end');
  noteOddities(draft, row, facts);
}

function noteOddities(
  draft: MigrationDraft,
  row: MigrationRow,
  { sprint, sprints }: SprintFacts,
): void {
  if (placeInSprint(sprint.startDay, sprints).kind === 'overlap')
    note(draft, row, `its sprint \`${sprint.name}\` shares its days with another`);
  const [first, last] = [dayOf(row, START), dayOf(row, END)];
  if (first !== undefined && last !== undefined && last < first)
    note(draft, row, `its end ${last} lies before its start ${first}`);
}

function isInSprint(row: MigrationRow, { sprint, sprints }: SprintFacts): boolean {
  const place = placeInSprint(dayOf(row, START), sprints);
  if (place.kind === 'overlap') return place.sprints.some(({ rowId }) => rowId === sprint.rowId);
  return place.kind === 'sprint' && place.sprint.rowId === sprint.rowId;
}

function settleDates(
  draft: MigrationDraft,
  row: MigrationRow,
  { sprint }: SprintFacts,
): string | undefined {
  const { rowId, name } = row;
  const why = `starts on ${dayOf(row, START) ?? textOf(row, START)}, outside of its sprint \`${sprint.name}\``;
  return draft.ask({ kind: 'task_dates', rowId, name, why, choices: ['sprint', 'date'] });
}

const note = (draft: MigrationDraft, { rowId, name }: MigrationRow, message: string): void =>
  draft.note({ kind: 'unclear', table: 'tasks', rowId, name, message });
