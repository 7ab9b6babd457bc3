/** A story as its doc would show it, once the worker has frozen what it could. */
import type { CellValue } from '#shared/coda/index.ts';
import {
  bindTables,
  createRowParser,
  type FounderHqDoc,
  type RowByTable,
} from '#shared/doc/index.ts';
import { toInstant } from '#shared/kernel/index.ts';
import { PLAIN_COLUMNS, PLAIN_TABLES, plainRow } from '../../shared/doc/plain-doc.ts';
import { docWith } from '../../shared/doc/small-doc.ts';
import {
  beginOf,
  PEOPLE,
  PROJECTS,
  type Story,
  type StoryRun,
  type StoryTask,
  TEMPLATES,
  WORKFLOWS,
} from './work-story.ts';

const binding = bindTables(PLAIN_TABLES, PLAIN_COLUMNS);
type Cells = Readonly<Record<string, CellValue | undefined>>;

/** What the rows of a story's doc say, read as those of any doc. */
export function readAsDoc(story: Story): FounderHqDoc {
  return docWith({
    workflows: read('workflows', WORKFLOWS, () => ({})),
    processTemplates: read('process_templates', [...TEMPLATES.keys()], (id) => ({
      workflow: link(TEMPLATES.get(id)),
    })),
    projects: read('projects', [...PROJECTS.keys()], (id) => ({
      process_template: link(PROJECTS.get(id)),
    })),
    people: read('people', PEOPLE, () => ({})),
    tasks: story.tasks.flatMap((task) => read('tasks', [task.id], () => toTaskCells(task, story))),
    executionRuns: story.runs.flatMap((run, place) =>
      read('execution_runs', [`i-${String(place).padStart(3, '0')}`], () => toRunCells(run)),
    ),
  });
}

function read<Table extends keyof RowByTable>(
  table: Table,
  ids: readonly string[],
  cellsOf: (id: string) => Cells,
): readonly RowByTable[Table][] {
  const { parse } = createRowParser(binding, table);
  return ids.map((id) => {
    const filled = Object.entries(cellsOf(id)).flatMap(([name, cell]) =>
      cell === undefined ? [] : [[name, cell] as const],
    );
    return parse(plainRow(table, id, Object.fromEntries(filled)));
  });
}

function toTaskCells(task: StoryTask, story: Story): Cells {
  const { parent, project, completedOn, estimates } = task;
  const isDone = completedOn !== undefined || !story.tellsCompletion;
  return {
    parent: link(parent),
    project: link(project),
    status: text(isDone ? 'Done' : 'In progress'),
    completed_on: story.tellsCompletion ? text(completedOn) : undefined,
    estimated_hours: number(estimates.at(-1)?.hours),
    baseline_hours: number(toFrozenHours(task, story)),
  };
}

/** What the worker froze when it saw the first run: the estimate of that day, or 0 where there was none. */
function toFrozenHours({ id, estimates }: StoryTask, story: Story): number | undefined {
  const begun = beginOf(story, id);
  const isUndated = estimates.some(({ day }) => day === undefined);
  if (begun === undefined || begun === 'unknown' || isUndated) return undefined;
  // Nobody foresees no work at all, so an estimate of 0 replaces none.
  const inForce = estimates.filter(({ hours, day = '' }) => hours > 0 && day <= begun);
  return inForce.at(-1)?.hours ?? 0;
}

function toRunCells(run: StoryRun): Cells {
  const { id, task, link: own, person, startMs, endMs, interruptMinutes, netHundredths } = run;
  const at = (ms: number | undefined): CellValue | undefined =>
    ms === undefined ? undefined : text(toInstant(ms));
  return {
    run_id: text(id),
    task: link(task),
    workflow: own?.to === 'workflow' ? link(own.id) : undefined,
    process_template: own?.to === 'template' ? link(own.id) : undefined,
    project: own?.to === 'project' ? link(own.id) : undefined,
    executed_by: link(person),
    started_at: at(startMs),
    ended_at: at(endMs),
    interrupt_minutes: number(interruptMinutes),
    actual_hours: number(netHundredths === undefined ? undefined : netHundredths / 100),
  };
}

const text = (words: string | undefined): CellValue | undefined =>
  words === undefined ? undefined : { kind: 'text', text: words };
const number = (value: number | undefined): CellValue | undefined =>
  value === undefined ? undefined : { kind: 'number', number: value };
const link = (rowId: string | undefined): CellValue | undefined =>
  rowId === undefined ? undefined : { kind: 'link', rowId, name: rowId, tableId: 'grid' };
