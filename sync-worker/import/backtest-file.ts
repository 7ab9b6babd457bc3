import type { HistoryRow, TRAITS } from '#shared/variance/index.ts';
import type { FieldTable } from './column-mapping.ts';
import { type FieldReader, HOURS_MAX } from './field-reader.ts';
import { HISTORY_FIELDS } from './history-fields.ts';
import type { RefusedRow } from './read-history.ts';
import { readTable, type TableReading } from './read-table.ts';

/** What a row of finished work may tell of how well it was foreseen. */
export const BACKTEST_FIELDS = {
  workflow: { ...HISTORY_FIELDS.workflow, isRequired: false },
  person: HISTORY_FIELDS.person,
  category: { isRequired: false, synonyms: ['categories', 'area'] },
  subcategory: { isRequired: false, synonyms: ['subtype'] },
  project: HISTORY_FIELDS.project,
  priority: { isRequired: false, synonyms: ['prio'] },
  estimated_hours: { ...HISTORY_FIELDS.estimated_hours, isRequired: true },
  actual_hours: HISTORY_FIELDS.actual_hours,
  estimated_on: { ...HISTORY_FIELDS.estimated_on, isRequired: true },
  completed_on: HISTORY_FIELDS.completed_on,
} as const satisfies FieldTable<string>;

/** One thing a row of finished work may tell of how well it was foreseen. */
export type BacktestField = keyof typeof BACKTEST_FIELDS;

/** A history of finished work, with the rows that cannot be read. */
export interface BacktestRead {
  readonly history: readonly HistoryRow[];
  readonly refused: readonly RefusedRow[];
}

/** Reads finished work from a CSV file, a row a task, in days and hours. Errors: those of {@link readTable}. */
export async function readBacktestFile(
  source: AsyncIterable<Uint8Array>,
  reading: Pick<TableReading<BacktestField, HistoryRow>, 'columns' | 'file' | 'takesMap'> = {},
): Promise<BacktestRead> {
  const { rows, refused } = await readTable(source, {
    ...reading,
    fields: BACKTEST_FIELDS,
    parse: parseRow,
  });
  return { history: rows, refused };
}

const parseRow = (read: FieldReader<BacktestField>): HistoryRow => ({
  task: readTraits(read),
  estimateHours: parseHours(read, 'estimated_hours'),
  actualHours: parseHours(read, 'actual_hours'),
  estimatedOn: read.day('estimated_on'),
  completedOn: read.day('completed_on'),
});

/** The names a task goes by. */
export const readTraits = (
  read: Pick<FieldReader<(typeof TRAITS)[number]>, 'text'>,
): HistoryRow['task'] => ({
  workflow: read.text('workflow'),
  person: read.text('person'),
  category: read.text('category'),
  subcategory: read.text('subcategory'),
  project: read.text('project'),
  priority: read.text('priority'),
});

/** Hours, blank where programs that write tables say `NaN`. */
export function parseHours<Field extends string>(
  read: Pick<FieldReader<Field>, 'text' | 'number'>,
  field: Field,
): number | undefined {
  return read.text(field)?.toLowerCase() === 'nan' ? undefined : read.number(field, HOURS_MAX);
}
