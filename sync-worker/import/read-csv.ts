import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { DomainError } from '#shared/kernel/index.ts';

/** One record of a CSV file. */
export interface CsvRecord {
  /** The line of the file on which the record begins, from 1; a quoted line break counts as a line. */
  readonly line: number;
  readonly fields: readonly string[];
}

/** The character between two fields. */
export type Delimiter = ',' | ';' | '\t';

/** What separates fields, in the order in which a tie is settled. */
export const DELIMITERS: readonly Delimiter[] = [',', ';', '\t'];

/** An open CSV file: its delimiter is known, its records are still to be read. */
export interface CsvFile {
  readonly delimiter: Delimiter;
  readonly records: AsyncIterable<CsvRecord>;
}

/** A header longer than this is no header: the file is something else. */
const HEADER_BYTES_MAX = 65_536;
/** A record longer than this is a quote that never closes; without a bound it would take in the file. */
const RECORD_BYTES_MAX = 1_000_000;

/**
 * Opens a CSV stream of any size and reads it record by record, holding one record at a time.
 * A byte order mark is dropped, line breaks may be LF, CRLF or CR, quoted fields may hold line breaks, and a quote in
 * the middle of a bare field is an ordinary character. Blank lines yield nothing but are counted.
 * Errors: `CSV_UNREADABLE` where the bytes are no CSV text, or a quote is never closed.
 */
export async function openCsv(
  source: AsyncIterable<Uint8Array>,
  delimiter?: Delimiter,
): Promise<CsvFile> {
  const chunks = source[Symbol.asyncIterator]();
  const head = await readHead(chunks);
  const foreign = findForeignFormat(head);
  if (foreign !== undefined) {
    await chunks.return?.();
    throw unreadable(foreign);
  }
  const chosen = delimiter ?? detectDelimiter(head.toString('utf8'));
  return { delimiter: chosen, records: readRecords(resume(head, chunks), chosen) };
}

/** The delimiter that occurs most outside quotes in the first line that is not blank. */
export function detectDelimiter(text: string): Delimiter {
  const bare = text.replace(/^\uFEFF/, '').replaceAll(/"[^"]*"?/g, '');
  const header = bare.split(/[\r\n]/).find((line) => line.trim() !== '') ?? '';
  const count = (delimiter: Delimiter): number => header.split(delimiter).length;
  return DELIMITERS.reduce((best, next) => (count(next) > count(best) ? next : best));
}

async function readHead(chunks: AsyncIterator<Uint8Array>): Promise<Buffer> {
  let head = Buffer.alloc(0);
  while (head.length < HEADER_BYTES_MAX && !/\S[^\r\n]*[\r\n]/.test(head.toString('utf8'))) {
    const next = await chunks.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  return head;
}

/** What a file is that is no CSV text, and what to do about it. */
function findForeignFormat(head: Buffer): string | undefined {
  const start = head.subarray(0, 4).toString('latin1');
  if (start.startsWith('PK')) {
    return 'this is a spreadsheet or an archive; save the sheet as CSV (UTF-8)';
  }
  if (start.startsWith('\u00FF\u00FE') || start.startsWith('\u00FE\u00FF')) {
    return 'the text is UTF-16; save it as CSV (UTF-8)';
  }
  return head.includes(0) ? 'this is not a text file; expected CSV (UTF-8)' : undefined;
}

async function* resume(
  head: Buffer,
  chunks: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  try {
    yield head;
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
      yield next.value;
    }
  } finally {
    // Whoever stops reading here has no other way to let go of the file.
    await chunks.return?.();
  }
}

async function* readRecords(
  bytes: AsyncIterable<Uint8Array>,
  delimiter: Delimiter,
): AsyncGenerator<CsvRecord, void> {
  const input = Readable.from(bytes, { objectMode: false });
  let goodRecords = Number.POSITIVE_INFINITY;
  const parser = parse({
    delimiter,
    bom: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: RECORD_BYTES_MAX,
    // An error would throw away records already read, and with them the line it happened on; a skip keeps them.
    skip_records_with_error: true,
    on_skip: () => {
      goodRecords = Math.min(goodRecords, parser.info.records);
      input.unpipe(parser);
      parser.end();
    },
  });
  input.on('error', (error) => parser.destroy(error));
  let line = 1;
  let records = 0;
  try {
    for await (const record of input.pipe(parser)) {
      if (records === goodRecords) break;
      const fields: readonly string[] = record;
      if (fields.length > 1 || (fields[0] ?? '').trim() !== '') yield { line, fields };
      line += 1 + countLineBreaks(fields);
      records += 1;
    }
  } finally {
    input.destroy();
  }
  // Bare quotes are allowed, so only a record without an end can be wrong.
  if (records === goodRecords)
    throw unreadable(`line ${line}: a quote opens here and never closes, or it is over 1 MB long`);
}

/** The parser's own line counter takes a quoted CRLF for two lines, so the breaks are counted here. */
function countLineBreaks(fields: readonly string[]): number {
  let breaks = 0;
  for (const field of fields) {
    if (field.includes('\n') || field.includes('\r'))
      breaks += field.split(/\r\n|\n|\r/).length - 1;
  }
  return breaks;
}

const unreadable = (reason: string): DomainError =>
  new DomainError('CSV_UNREADABLE', `The CSV file cannot be read: ${reason}.`);
