import type { RecordFilter } from './port.ts';
import { RECORD_TABLES, type RecordTableName } from './record-tables.ts';

/** A column a listing may choose by, and the value it has to have. */
export interface RecordCondition {
  readonly column: 'run_id' | 'task_id' | 'state';
  readonly value: string;
}

/** What a filter asks of a table's columns, or nothing where the table has no such column, so that no document fits. */
export function toConditions(
  table: RecordTableName,
  { runId, taskId, state }: RecordFilter,
): readonly RecordCondition[] | undefined {
  const { references, hasState } = RECORD_TABLES[table];
  const wanted = [
    { column: 'run_id', value: runId, isKnown: 'runId' in references },
    { column: 'task_id', value: taskId, isKnown: 'taskId' in references },
    { column: 'state', value: state, isKnown: hasState === true },
  ] as const;
  const given = wanted.flatMap(({ value, ...column }) =>
    value === undefined ? [] : [{ ...column, value }],
  );
  return given.every(({ isKnown }) => isKnown)
    ? given.map(({ column, value }) => ({ column, value }))
    : undefined;
}
