import { createHash } from 'node:crypto';
import type { CodaApi } from '#shared/coda/index.ts';
import { DomainError, msToHours } from '#shared/kernel/index.ts';
import { TABLE_ROWS_MAX } from './bring-tables.ts';
import { isLateEstimate } from './finished-task.ts';
import type { HistoryField } from './history-fields.ts';
import { openImportTarget } from './import-target.ts';
import { type LoadReport, loadHistory } from './load-history.ts';
import type { LoadOptions } from './load-model.ts';
import type { Delimiter } from './read-csv.ts';
import {
  type History,
  type ReadHistoryOptions,
  type RefusedRow,
  readHistory,
} from './read-history.ts';
import { toWantedRows } from './wanted-rows.ts';

/** A file of finished work, and what to do with it. */
export interface ImportRequest {
  /** The bytes of the file. */
  readonly source: AsyncIterable<Uint8Array>;
  /** @default the one found in the header */
  readonly delimiter?: Delimiter | undefined;
  /** Headers chosen by hand, over the guess. */
  readonly columns?: ReadonlyMap<HistoryField, string> | undefined;
  /** Whether the command that asks takes `--map`. @default false */
  readonly takesMap?: boolean | undefined;
  /** Set before the ids of the file, where ids of several sources meet in one doc. @default none */
  readonly idPrefix?: string | undefined;
  /** Whether one bad row stops the whole file. @default false */
  readonly isStrict?: boolean | undefined;
  /** Told the header before any row. */
  readonly onHeader?: ReadHistoryOptions['onHeader'];
  /** Told every bad row. */
  readonly onRefused?: ReadHistoryOptions['onRefused'];
  /** Told now and then how many rows have been read. */
  readonly onRead?: ((rows: number) => void) | undefined;
  /** Where the good rows go. @default nowhere: the file is only read and checked */
  readonly doc?: ImportDoc | undefined;
}

/** The doc that takes a history in. */
export interface ImportDoc extends LoadOptions {
  readonly api: CodaApi;
  readonly docId: string;
}

/** What came of an import. */
export interface ImportReport {
  /** `refused`: no row is good, or one is bad and the import was strict; nothing was loaded. */
  readonly outcome: 'checked' | 'loaded' | 'refused';
  readonly accepted: number;
  readonly refusedCount: number;
  /** The bad rows, up to the number that is kept. */
  readonly refused: readonly RefusedRow[];
  readonly delimiter: Delimiter;
  /** The header of the column each field was read from. */
  readonly mapping: Readonly<Partial<Record<HistoryField, string>>>;
  /** Headers of columns nothing was read from. */
  readonly unusedColumns: readonly string[];
  /** Whether any good row has an estimate above zero; without one only the cost side can be answered. */
  readonly hasEstimates: boolean;
  /** Good rows with such an estimate. */
  readonly estimatedCount: number;
  /** Sums over the good rows. Units: hours. */
  readonly estimateHours: number;
  readonly actualHours: number;
  /** Rows whose estimate was made after the work began or ended; of a file too large to load, none. */
  readonly lateEstimates: readonly LateEstimate[];
  /** What was done to the doc; absent where nothing was to be. */
  readonly load?: LoadReport;
}

/** A row whose estimate foresaw nothing. */
export interface LateEstimate {
  readonly line: number;
  readonly taskId: string;
}

/**
 * Reads a file of finished work, checks every row, and brings the good ones into a doc as workflows, projects,
 * people, tasks and execution runs. Nothing is sent before the whole file has been read.
 * Errors: those of reading (`CSV_…`), `DOC_NOT_READY`, `DOC_LIMIT`, `INTERRUPTED`, and those of the API.
 */
export async function importHistory(request: ImportRequest): Promise<ImportReport> {
  const { doc, delimiter, columns, takesMap, onHeader, onRefused, onRead } = request;
  const history = await readHistory(request.source, {
    delimiter,
    columns,
    takesMap,
    keepMax: TABLE_ROWS_MAX,
    onHeader,
    onRefused,
    onProgress: onRead,
  });
  const isStopped = request.isStrict === true && history.refusedCount > 0;
  if (isStopped || history.accepted === 0) return toReport(history, 'refused');
  if (doc === undefined) return toReport(history, 'checked');
  refuseTooLarge(history);
  const target = await openImportTarget(doc.api, doc.docId);
  const wanted = toWantedRows(history.tasks, {
    doneStatus: target.doneStatus,
    idPrefix: request.idPrefix,
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
  });
  const load = await loadHistory(target, wanted, doc);
  return { ...toReport(history, 'loaded'), load };
}

function refuseTooLarge({ accepted }: History): void {
  if (accepted <= TABLE_ROWS_MAX) return;
  const [rows, limit] = [accepted, TABLE_ROWS_MAX].map((count) => count.toLocaleString('en-US'));
  throw new DomainError(
    'DOC_LIMIT',
    `The file has ${rows} good rows and a doc's table takes ${limit}; import the latest years only.`,
  );
}

function toReport(history: History, outcome: ImportReport['outcome']): ImportReport {
  const { mapping, tasks, estimateMs, actualMs } = history;
  return {
    outcome,
    accepted: history.accepted,
    refusedCount: history.refusedCount,
    refused: history.refused,
    delimiter: history.delimiter,
    mapping: Object.fromEntries(
      [...mapping.columns].map(([field, { header }]) => [field, header] as const),
    ),
    unusedColumns: mapping.unused,
    hasEstimates: history.estimatedCount > 0,
    estimatedCount: history.estimatedCount,
    estimateHours: msToHours(estimateMs),
    actualHours: msToHours(actualMs),
    lateEstimates: tasks.filter(isLateEstimate).map(({ line, taskId }) => ({ line, taskId })),
  };
}
