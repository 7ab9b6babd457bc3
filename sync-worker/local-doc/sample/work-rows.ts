import type { Day } from '#shared/kernel/index.ts';
import { createDiary, type Stretch, toDay } from './diary.ts';
import type { PlannedRun, PlannedTask } from './planned-work.ts';
import { type SampleRow, type SampleTable, toSampleId } from './sample-table.ts';

interface BookedRun {
  readonly run: PlannedRun;
  readonly stretch: Stretch;
  readonly task?: PlannedTask;
}

const HOURS_IN_QUARTER = 0.25;
/** Nobody types hours into every run: of each so many, one is left to its clock. */
const CLOCKED_EVERY = 6;
/** Every task is given so long after the day it starts on. */
const SCHEDULED_WORKDAYS = 2;

/**
 * How work went: `tasks` twice, first those without a parent, so that a parent is there before its children; then the runs.
 */
export function createWorkTables(
  tasks: readonly PlannedTask[],
  strays: readonly PlannedRun[],
  firstMonday: Day,
): readonly SampleTable[] {
  const booked = bookRuns(tasks, strays, firstMonday);
  // A task's runs are in the order of time, so the last one written here is its last.
  const lastDays = new Map(booked.map(({ task, stretch }) => [task, stretch.startDay]));
  const rows = tasks.map((task, index) => ({
    isChild: task.parent !== undefined,
    row: {
      external_id: toSampleId('T', index),
      ...toTaskRow(task, firstMonday),
      ...(task.status === 'Done'
        ? { completed_on: toCompletion(task, lastDays, firstMonday) }
        : {}),
    },
  }));
  const tasksOf = (isChild: boolean): SampleTable => ({
    table: 'tasks',
    key: 'external_id',
    rows: rows.filter((task) => task.isChild === isChild).map((task) => task.row),
  });
  const runs = booked.map((run, index) => toRunRow(run, index));
  return [tasksOf(false), tasksOf(true), { table: 'execution_runs', key: 'run_id', rows: runs }];
}

function bookRuns(
  tasks: readonly PlannedTask[],
  strays: readonly PlannedRun[],
  firstMonday: Day,
): readonly BookedRun[] {
  const book = createDiary(firstMonday);
  const planned = tasks.flatMap((task) => task.runs.map((run) => ({ run, task })));
  return [...planned, ...strays.map((run) => ({ run }))]
    .sort((left, right) => left.run.fromWorkday - right.run.fromWorkday)
    .map((entry) => ({ ...entry, stretch: book(entry.run) }));
}

function toTaskRow(task: PlannedTask, firstMonday: Day): SampleRow {
  const { name, project, parent, status, estimateHours, startWorkday } = task;
  return {
    name,
    project,
    status,
    ...(parent === undefined ? {} : { parent }),
    ...(estimateHours === undefined ? {} : { estimated_hours: estimateHours }),
    ...(startWorkday === undefined ? {} : toSchedule(startWorkday, firstMonday)),
  };
}

const toSchedule = (startWorkday: number, firstMonday: Day): SampleRow => ({
  scheduled_start_date: toDay(firstMonday, startWorkday),
  scheduled_end_date: toDay(firstMonday, startWorkday + SCHEDULED_WORKDAYS),
});

function toCompletion(
  task: PlannedTask,
  lastDays: ReadonlyMap<PlannedTask | undefined, Day>,
  firstMonday: Day,
): Day {
  return lastDays.get(task) ?? toDay(firstMonday, task.startWorkday ?? 0);
}

function toRunRow({ run, task, stretch }: BookedRun, index: number): SampleRow {
  const { quarters, interruptMinutes, workflow, processTemplate, notes } = run;
  const isTyped = quarters !== undefined && index % CLOCKED_EVERY !== 0;
  return {
    run_id: toSampleId('run', index),
    run_type: 'Process',
    ...(task === undefined ? {} : { task: task.name }),
    ...(workflow === undefined ? {} : { workflow }),
    ...(processTemplate === undefined ? {} : { process_template: processTemplate }),
    started_at: stretch.startedAt,
    ...(stretch.endedAt === undefined ? {} : { ended_at: stretch.endedAt }),
    ...(isTyped ? { actual_hours: quarters * HOURS_IN_QUARTER } : {}),
    ...(interruptMinutes === 0 ? {} : { interrupt_minutes: interruptMinutes }),
    executed_by: run.person,
    ...(notes === undefined ? {} : { outcome_notes: notes }),
  };
}
