import type { ApiRow } from '#shared/coda/index.ts';
import { CODECS } from '#shared/doc/index.ts';
import type { Day } from '#shared/kernel/index.ts';
import type { DailyThreadRow, TemplatePerformanceRow } from '#shared/planning/index.ts';
import {
  type TargetDoc,
  toWantedRow,
  type WantedRow,
  type WantedValue,
} from '#worker/import/index.ts';
import type { FoundTable } from './observer-tables.ts';

/** The rows of a review. */
export interface ReviewRows {
  readonly dailyThread: DailyThreadRow;
  readonly templatePerformance: readonly TemplatePerformanceRow[];
}

/** The column types of a relation; in any other column a template is told by its name. */
const RELATION = 'lookup';

/**
 * The row of a review in the daily thread. Where a person has begun the row of that day, and it is the only one, the review of the day
 * goes into it; any other has a row of its own.
 */
export async function toThreadRow(
  doc: TargetDoc,
  table: FoundTable,
  { key, date, metrics }: DailyThreadRow,
): Promise<WantedRow> {
  const begun = key.endsWith('/daily') ? await findBegun(doc, table, { key, date }) : undefined;
  const said = { metrics: text(metrics) };
  if (begun !== undefined) return { ...toWantedRow('', said), rowId: begun };
  return toWantedRow(key, { external_id: text(key), date: { kind: 'day', day: date }, ...said });
}

async function findBegun(
  { api, docId }: TargetDoc,
  { tableId, keyColumnId, columnIds }: FoundTable,
  { key, date }: { readonly key: string; readonly date: Day },
): Promise<string | undefined> {
  const dateColumnId = columnIds.get('date');
  if (dateColumnId === undefined) return undefined;
  const begun: string[] = [];
  for await (const { rows } of api.listRows(docId, tableId)) {
    for (const row of rows) {
      const own = readText(row, keyColumnId);
      if (own === key) return undefined;
      if (own === '' && readDay(row, dateColumnId) === date) begun.push(row.id);
    }
  }
  return begun.length === 1 ? begun[0] : undefined;
}

/** The rows of a review in the performance of templates. */
export const toPerformanceRows = (
  { formats }: FoundTable,
  rows: readonly TemplatePerformanceRow[],
  names: ReadonlyMap<string, string>,
): readonly WantedRow[] =>
  rows.map(({ key, templateId, window, n, typical, total, low, high, state, sinceDate }) =>
    toWantedRow(key, {
      external_id: text(key),
      template:
        formats.get('template') === RELATION
          ? { kind: 'row', rowId: templateId }
          : text(names.get(templateId) ?? templateId),
      window: text(window),
      n: number(n),
      typical_variance_pct: number(typical),
      total_variance_pct: number(total),
      range_low: number(low),
      range_high: number(high),
      variance_state: text(state),
      since: sinceDate === null ? undefined : { kind: 'day', day: sinceDate },
    }),
  );

const text = (words: string): WantedValue => ({ kind: 'text', text: words });

/** Hours are the plain numbers of a load. To four decimals, as far as anybody reads. */
const number = (value: number | null): WantedValue | undefined =>
  value === null ? undefined : { kind: 'hours', hours: Math.round(value * 10_000) / 10_000 };

function readText(row: ApiRow, columnId: string): string {
  const cell = row.values[columnId];
  const read = cell === undefined ? undefined : CODECS.text.decode(cell);
  return read?.ok === true ? (read.value ?? '').trim() : '';
}

function readDay(row: ApiRow, columnId: string): Day | undefined {
  const cell = row.values[columnId];
  const read = cell === undefined ? undefined : CODECS.day.decode(cell);
  return read?.ok === true ? read.value : undefined;
}
