import { DomainError } from '#shared/kernel/index.ts';
import {
  type ColumnMapping,
  type CsvRecord,
  type Delimiter,
  explainMappingRefusal,
  mapColumns,
  openCsv,
  type RefusedRow,
} from '#worker/import/index.ts';
import { parseTimeRow, type RowReading } from './parse-time-row.ts';
import {
  type ChosenTime,
  type DayRange,
  isWithin,
  type TimeEntry,
  type TimeReading,
} from './time-entry.ts';
import { chooseLayout, type TimeField, type TimeLayout, type TimeSource } from './time-layout.ts';
import { type DateEvidence, type DateOrder, settleOrder, weighDate } from './written-time.ts';

/** A time export, and how it is read. */
export interface TimeCsv extends DayRange {
  /** Opens the file anew: its days are looked through once before any is read. */
  readonly open: () => AsyncIterable<Uint8Array>;
  /** Zone of its clocks. */
  readonly timeZone: string;
  /** @default found in the header */
  readonly source?: TimeSource | undefined;
  readonly columns?: ReadonlyMap<TimeField, string> | undefined;
  /** @default settled by the whole column */
  readonly order?: DateOrder | undefined;
  readonly onHeader?: ((header: readonly string[], delimiter: Delimiter) => void) | undefined;
  readonly onRefused?: ((row: RefusedRow, fields: readonly string[]) => void) | undefined;
  readonly onRead?: ((rows: number) => void) | undefined;
  /** Whether entries keep their rows as they stood. @default false */
  readonly keepsFields?: boolean | undefined;
  /** Whether the file holds only some entries of its days. @default seen in the columns */
  readonly isPart?: boolean | undefined;
}

/** Entries kept; no doc takes a tenth of them. */
const ENTRIES_MAX = 200_000;
/** A file of refused rows has this column, and lacks all that were taken. */
const REFUSED_COLUMN = 'refused_reason';
const PROGRESS_STEP_ROWS = 10_000;

/**
 * Reads the detailed report of a time tracker.
 * Errors: `CSV_UNREADABLE`, `CSV_EMPTY`, `CSV_COLUMNS`, `TIME_SOURCE`, `DATES_UNDECIDED`, `TIME_TOO_MANY`.
 */
export async function readTimeCsv(csv: TimeCsv): Promise<TimeReading> {
  const order = csv.order ?? (await findOrder(csv));
  const file = await openCsv(csv.open());
  let fold: TimeFold | undefined;
  let rows = 0;
  for await (const record of file.records) {
    if (fold === undefined) {
      fold = createTimeFold(readHead(record.fields, csv), { ...csv, order });
      csv.onHeader?.(record.fields, file.delimiter);
      continue;
    }
    fold.add(record);
    rows += 1;
    if (rows % PROGRESS_STEP_ROWS === 0) csv.onRead?.(rows);
  }
  if (fold === undefined || rows === 0) throw empty(fold !== undefined);
  return fold.result();
}

interface TimeFold {
  readonly add: (record: CsvRecord) => void;
  readonly result: () => TimeReading;
}

function createTimeFold(
  { layout, mapping }: Head,
  csv: TimeCsv & { readonly order: DateOrder },
): TimeFold {
  const { order, timeZone, keepsFields = false } = csv;
  const reading: RowReading = { mapping, order, timeZone, keepsFields };
  const entries: TimeEntry[] = [];
  const refused: RefusedRow[] = [];
  const chosenTimes: ChosenTime[] = [];
  let outside = 0;
  return {
    add: (record) => {
      const row = parseTimeRow(record, reading);
      if (!row.ok) {
        const bad = { line: record.line, reason: row.refusal };
        refused.push(bad);
        csv.onRefused?.(bad, record.fields);
      } else if (isWithin(row.value.entry.day, csv)) {
        entries.push(row.value.entry);
        chosenTimes.push(...row.value.chosen);
      } else outside += 1;
      refuseTooMany(entries.length);
    },
    result: () => ({
      source: layout.source,
      title: layout.title,
      mapping: toHeaders(mapping),
      unusedColumns: mapping.unused,
      entries,
      refused,
      skipped: outside === 0 ? new Map() : new Map([['on other days than asked for', outside]]),
      chosenTimes,
      isPart: csv.isPart === true || mapping.unused.includes(REFUSED_COLUMN),
    }),
  };
}

interface Head {
  readonly layout: TimeLayout;
  readonly mapping: ColumnMapping<TimeField>;
}

function readHead(header: readonly string[], { source, columns }: TimeCsv): Head {
  const layout = chooseLayout(header, source);
  const mapping = mapColumns(layout.fields, header, columns);
  if (mapping.ok) return { layout, mapping: mapping.value };
  const facts = { header, takesMap: true };
  throw new DomainError('CSV_COLUMNS', explainMappingRefusal(mapping.refusal, facts));
}

/** Looks through the days of the whole file, since one that leaves no choice may stand on its last line. */
async function findOrder(csv: TimeCsv): Promise<DateOrder> {
  let evidence: DateEvidence = {};
  let places: readonly number[] | undefined;
  for await (const { fields } of (await openCsv(csv.open())).records) {
    if (places === undefined) {
      const { columns } = readHead(fields, csv).mapping;
      const dates = [columns.get('start_date'), columns.get('end_date')];
      places = dates.flatMap((column) => (column === undefined ? [] : [column.index]));
      continue;
    }
    for (const place of places) {
      const [text = ''] = (fields[place] ?? '').trim().split(/[ T]/);
      evidence = weighDate(evidence, text);
    }
  }
  const order = settleOrder(evidence);
  if (order.ok) return order.value;
  const way = 'say which it is with --dates day-first or --dates month-first';
  throw new DomainError('DATES_UNDECIDED', `The dates are not clear: ${order.refusal}; ${way}.`);
}

const toHeaders = ({ columns }: ColumnMapping<TimeField>): Readonly<Record<string, string>> =>
  Object.fromEntries([...columns].map(([field, { header }]) => [field, header] as const));

function refuseTooMany(count: number): void {
  if (count <= ENTRIES_MAX) return;
  const limit = ENTRIES_MAX.toLocaleString('en-US');
  const message = `The file has more than ${limit} entries: take a part of them with --from and --to.`;
  throw new DomainError('TIME_TOO_MANY', message);
}

const empty = (hasHeader: boolean): DomainError =>
  new DomainError(
    'CSV_EMPTY',
    `The CSV file ${hasHeader ? 'has a header and no rows' : 'is empty'}; expected the detailed report of a time tracker.`,
  );
