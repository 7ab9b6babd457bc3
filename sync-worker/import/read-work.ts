import { type RecordedWork, toRecordedWork } from '#shared/variance/index.ts';
import type { RefusedRow } from './read-history.ts';
import { type ReadTable, readTable } from './read-table.ts';
import { parseSession, SESSION_FIELDS } from './session-file.ts';
import { parseTaskRow, TASK_FIELDS, toTaskRecords } from './task-file.ts';

/** Files of work, and the zone of those who did it. */
export interface WorkFiles {
  readonly sessions: AsyncIterable<Uint8Array>;
  /** Absent where nobody estimated: then there are hours and no variance. */
  readonly tasks?: AsyncIterable<Uint8Array> | undefined;
  readonly timeZone: string;
}

/** Work as files tell it, with what of them could not be used. */
export interface WorkRead extends RecordedWork {
  readonly refused: readonly (RefusedRow & { readonly file: 'sessions' | 'tasks' })[];
  /** Times that clocks of the zone show twice or never. */
  readonly oddClocks: readonly (ReadTable<string, unknown>['oddClocks'][number] & {
    readonly file: 'sessions' | 'tasks';
  })[];
  /** Whether any file says which tasks are finished; where none does, every task of the task file counts as finished. */
  readonly tellsCompletion: boolean;
}

/** Reads runs and tasks from plain files. Errors: those of {@link readTable}. */
export async function readWork({ sessions, tasks, timeZone }: WorkFiles): Promise<WorkRead> {
  const sessionTable = await readTable(sessions, {
    fields: SESSION_FIELDS,
    file: 'the session file',
    parse: (read) => parseSession(read, timeZone),
    taskIdOf: ({ taskId }) => taskId,
  });
  const taskTable =
    tasks === undefined
      ? undefined
      : await readTable(tasks, {
          fields: TASK_FIELDS,
          file: 'the task file',
          parse: (read) => parseTaskRow(read, timeZone),
          taskIdOf: ({ taskId }) => taskId,
        });
  const tellsCompletion = taskTable?.mapping.columns.has('completed_on') ?? true;
  const records = toTaskRecords(taskTable?.rows ?? [], tellsCompletion);
  return {
    ...toRecordedWork(records, sessionTable.rows, timeZone),
    tellsCompletion,
    oddClocks: [
      ...sessionTable.oddClocks.map((odd) => ({ file: 'sessions' as const, ...odd })),
      ...(taskTable?.oddClocks ?? []).map((odd) => ({ file: 'tasks' as const, ...odd })),
    ],
    refused: [
      ...sessionTable.refused.map((row) => ({ ...row, file: 'sessions' as const })),
      ...(taskTable?.refused ?? []).map((row) => ({ ...row, file: 'tasks' as const })),
    ],
  };
}
