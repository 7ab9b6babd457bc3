import { accept, DomainError, type Result, refuse } from '#shared/kernel/index.ts';
import {
  type ColumnMapping,
  explainMappingRefusal,
  type FieldTable,
  fieldsOf,
  mapColumns,
} from './column-mapping.ts';
import { createFieldReader, type FieldReader, type OddClock } from './field-reader.ts';
import { type CsvRecord, openCsv } from './read-csv.ts';
import type { RefusedRow } from './read-history.ts';

/** A table of a file, read whole. */
export interface ReadTable<Field extends string, Row> {
  readonly mapping: ColumnMapping<Field>;
  /** The good rows, in the order of the file. */
  readonly rows: readonly Row[];
  /** The others, each with every reason against it. */
  readonly refused: readonly RefusedRow[];
  /** Times of the good rows that clocks of their zone show twice or never, by line. */
  readonly oddClocks: readonly (OddClock & { readonly line: number })[];
}

/** What a table holds and how a row of it is read. */
export interface TableReading<Field extends string, Row> {
  readonly fields: FieldTable<Field>;
  /** What the file is called within a sentence. @default the file */
  readonly file?: string;
  /** Whether the command that reads it takes `--map`. @default false */
  readonly takesMap?: boolean;
  /** Headers chosen by hand, over the guess. */
  readonly columns?: ReadonlyMap<Field, string> | undefined;
  /** Asks the reader for what it wants; a row with any problem is refused whole. */
  readonly parse: (read: FieldReader<Field>) => Row;
  /** The task a row names, for those who look for it among the refused. */
  readonly taskIdOf?: (row: Row) => string | undefined;
}

/**
 * Reads a CSV table of any kind. A file with a header alone is a table without rows.
 * Errors: `CSV_UNREADABLE`, `CSV_EMPTY` (not even a header), `CSV_COLUMNS` (a column missing, or there twice).
 */
export async function readTable<Field extends string, Row>(
  source: AsyncIterable<Uint8Array>,
  reading: TableReading<Field, Row>,
): Promise<ReadTable<Field, Row>> {
  const rows: Row[] = [];
  const refused: RefusedRow[] = [];
  const oddClocks: (OddClock & { readonly line: number })[] = [];
  let mapping: ColumnMapping<Field> | undefined;
  for await (const record of (await openCsv(source)).records) {
    if (mapping === undefined) {
      mapping = readHeader(record, reading);
      continue;
    }
    const read = readRow(record, mapping, reading);
    if (!read.ok) {
      refused.push(read.refusal);
      continue;
    }
    rows.push(read.value.row);
    oddClocks.push(...read.value.oddClocks.map((odd) => ({ line: record.line, ...odd })));
  }
  if (mapping === undefined) {
    throw new DomainError('CSV_EMPTY', 'The CSV file is empty; expected a header and rows.');
  }
  return { mapping, rows, refused, oddClocks };
}

function readHeader<Field extends string, Row>(
  { fields: header }: CsvRecord,
  { fields, file, takesMap = false, columns }: TableReading<Field, Row>,
): ColumnMapping<Field> {
  const mapped = mapColumns(fields, header, columns);
  if (mapped.ok && mapped.value.columns.size > 0) return mapped.value;
  if (mapped.ok) {
    const known = fieldsOf(fields).join(', ');
    throw new DomainError('CSV_COLUMNS', `No column of ${file ?? 'the file'} is one of ${known}.`);
  }
  const explained = explainMappingRefusal(mapped.refusal, { file, header, takesMap });
  throw new DomainError('CSV_COLUMNS', explained);
}

function readRow<Field extends string, Row>(
  { fields, line }: CsvRecord,
  mapping: ColumnMapping<Field>,
  { parse, taskIdOf }: TableReading<Field, Row>,
): Result<{ readonly row: Row; readonly oddClocks: readonly OddClock[] }, RefusedRow> {
  if (fields.length !== mapping.width) {
    const reason = `expected ${mapping.width} fields as in the header, received ${fields.length}`;
    return refuse({ line, reason });
  }
  const read = createFieldReader(fields, mapping);
  const row = parse(read);
  if (read.problems.length === 0) return accept({ row, oddClocks: read.oddClocks });
  const reason = read.problems.join('; ');
  const taskId = taskIdOf?.(row) ?? '';
  return refuse({ line, reason, ...(taskId === '' ? {} : { taskId }) });
}
