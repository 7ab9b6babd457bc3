import { msToHours, toInstant } from '#shared/kernel/index.ts';
import { toWantedRow, type WantedRow, type WantedValue } from '#worker/import/index.ts';
import type { MatchedWork } from './match-work.ts';
import type { TimeEntry } from './time-entry.ts';

/** The cells of a run's row by the core's name of the column: texts, row ids, days and moments, and hours as numbers. */
export type RunCells = Readonly<Record<string, string | number>>;

/** What the row of an entry's run is to hold. Hours alone have their day; where a clock ran, both its ends. */
export function toRunCells(entry: TimeEntry, { task, person }: MatchedWork): RunCells {
  const { startedAt, endedAt, day, note, netMs } = entry;
  return {
    run_type: 'Process',
    task: task.rowId,
    ...(person === undefined ? {} : { executed_by: person.rowId }),
    started_at: startedAt ?? day,
    ...(startedAt === undefined || endedAt === undefined ? {} : { ended_at: endedAt }),
    actual_hours: msToHours(netMs),
    ...(note === undefined ? {} : { outcome_notes: note }),
  };
}

/** The row a run should have; cells that still hold what an earlier import wrote give way. */
export function toRunRow(runId: string, cells: RunCells, earlier: readonly RunCells[]): WantedRow {
  const wanted = toWantedRow(runId, { run_id: { kind: 'text', text: runId }, ...toValues(cells) });
  return { ...wanted, replaces: earlier.map((some) => new Map(Object.entries(toValues(some)))) };
}

function toValues(cells: RunCells): Readonly<Record<string, WantedValue>> {
  return Object.fromEntries(
    Object.entries(cells).map(([column, value]) => [column, toValue(column, value)] as const),
  );
}

function toValue(column: string, value: string | number): WantedValue {
  if (typeof value === 'number') return { kind: 'hours', hours: value };
  switch (column) {
    case 'task':
    case 'executed_by':
      return { kind: 'row', rowId: value };
    case 'started_at':
    case 'ended_at':
      return value.includes('T')
        ? { kind: 'moment', at: toInstant(Date.parse(value)) }
        : { kind: 'day', day: value };
    default:
      return { kind: 'text', text: value };
  }
}
