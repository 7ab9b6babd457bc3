import { DomainError, hoursToMs, type Ms } from '#shared/kernel/index.ts';
import { type ColumnMapping, explainMappingRefusal, mapColumns } from './column-mapping.ts';
import { type FinishedTask, parseFinishedTask } from './finished-task.ts';
import { HISTORY_FIELDS, type HistoryField } from './history-fields.ts';
import { LineIndex } from './line-index.ts';
import { type CsvRecord, type Delimiter, openCsv } from './read-csv.ts';

/** A row that was not taken, and why. */
export interface RefusedRow {
  /** The line of the file on which the row begins, from 1. */
  readonly line: number;
  readonly reason: string;
  /** The task it names, where that much can be read. */
  readonly taskId?: string;
}

/** What a file of finished work holds. */
export interface History {
  readonly delimiter: Delimiter;
  readonly mapping: ColumnMapping<HistoryField>;
  /** Rows that are good. */
  readonly accepted: number;
  /** Rows that are not. */
  readonly refusedCount: number;
  /** The first 100,000 of them, in the order of the file. */
  readonly refused: readonly RefusedRow[];
  /** Good rows with an estimate above zero; without any, only the cost side can be answered. */
  readonly estimatedCount: number;
  /** Sums over the good rows. */
  readonly estimateMs: Ms;
  readonly actualMs: Ms;
  /** The good rows, or none where there are more than `keepMax` of them. */
  readonly tasks: readonly FinishedTask[];
}

/** How a file is read. */
export interface ReadHistoryOptions {
  /** @default the one found in the header */
  readonly delimiter?: Delimiter | undefined;
  /** Headers chosen by hand, over the guess. */
  readonly columns?: ReadonlyMap<HistoryField, string> | undefined;
  /** Whether the command that reads it takes `--map`. @default false */
  readonly takesMap?: boolean | undefined;
  /** Beyond so many good rows they are counted and checked but not kept. */
  readonly keepMax: number;
  /** Told the header before any row. */
  readonly onHeader?: ((header: readonly string[], delimiter: Delimiter) => void) | undefined;
  /** Told every refused row with its fields, those that are not kept included. */
  readonly onRefused?: ((row: RefusedRow, fields: readonly string[]) => void) | undefined;
  /** Told the number of rows read, once in 10,000. */
  readonly onProgress?: ((rows: number) => void) | undefined;
}

/** Refused rows kept in memory; the rest are counted, and told to `onRefused`. */
const REFUSED_KEPT_MAX = 100_000;
/** Rows between two reports of progress. */
const PROGRESS_STEP_ROWS = 10_000;

/**
 * Reads and checks a file of finished work in one pass, in memory that grows by the ids alone.
 * Errors: `CSV_UNREADABLE`, `CSV_EMPTY` (no rows), `CSV_COLUMNS` (a column missing, or there twice).
 */
export async function readHistory(
  source: AsyncIterable<Uint8Array>,
  options: ReadHistoryOptions,
): Promise<History> {
  const file = await openCsv(source, options.delimiter);
  let fold: HistoryFold | undefined;
  let rows = 0;
  for await (const record of file.records) {
    if (fold === undefined) {
      fold = createHistoryFold(readHeader(record, options), options);
      options.onHeader?.(record.fields, file.delimiter);
      continue;
    }
    fold.add(record);
    rows += 1;
    if (rows % PROGRESS_STEP_ROWS === 0) options.onProgress?.(rows);
  }
  if (fold === undefined) throw empty('is empty');
  if (rows === 0) throw empty('has a header and no rows');
  return { delimiter: file.delimiter, ...fold.result() };
}

function readHeader(record: CsvRecord, options: ReadHistoryOptions): ColumnMapping<HistoryField> {
  const mapping = mapColumns(HISTORY_FIELDS, record.fields, options.columns);
  if (mapping.ok) return mapping.value;
  throw new DomainError(
    'CSV_COLUMNS',
    explainMappingRefusal(mapping.refusal, {
      header: record.fields,
      takesMap: options.takesMap === true,
    }),
  );
}

interface HistoryFold {
  readonly add: (record: CsvRecord) => void;
  readonly result: () => Omit<History, 'delimiter'>;
}

function createHistoryFold(
  mapping: ColumnMapping<HistoryField>,
  options: ReadHistoryOptions,
): HistoryFold {
  const lines = new LineIndex();
  const refused: RefusedRow[] = [];
  let tasks: FinishedTask[] = [];
  const sums = { accepted: 0, refusedCount: 0, estimatedCount: 0, estimateMs: 0, actualMs: 0 };

  const refuseRow = (row: RefusedRow, fields: readonly string[]): void => {
    sums.refusedCount += 1;
    if (refused.length < REFUSED_KEPT_MAX) refused.push(row);
    options.onRefused?.(row, fields);
  };
  const acceptRow = (task: FinishedTask): void => {
    sums.accepted += 1;
    sums.actualMs += hoursToMs(task.actualHours);
    sums.estimateMs += hoursToMs(task.estimateHours ?? 0);
    if ((task.estimateHours ?? 0) > 0) sums.estimatedCount += 1;
    if (sums.accepted <= options.keepMax) tasks.push(task);
    else tasks = [];
  };
  return {
    add: (record) => {
      const { line, fields } = record;
      const task = parseFinishedTask(record, mapping);
      if (!task.ok) return refuseRow({ line, reason: task.refusal }, fields);
      const earlier = lines.findOrAdd(task.value.taskId, line);
      if (earlier === undefined) return acceptRow(task.value);
      const reason = `task_id \`${task.value.taskId}\` is already on line ${earlier}`;
      refuseRow({ line, reason }, fields);
    },
    result: () => ({ mapping, refused, tasks, ...sums }),
  };
}

const empty = (what: string): DomainError =>
  new DomainError(
    'CSV_EMPTY',
    `The CSV file ${what}; expected a header and one row a finished task.`,
  );
