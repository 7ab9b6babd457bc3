import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CsvRecord,
  DELIMITERS,
  type Delimiter,
  detectDelimiter,
  openCsv,
} from '#worker/import/read-csv.ts';

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array, void> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function collect(records: AsyncIterable<CsvRecord>): Promise<readonly CsvRecord[]> {
  const all: CsvRecord[] = [];
  for await (const record of records) all.push(record);
  return all;
}

async function readAll(
  text: string | Uint8Array,
  options: { delimiter?: Delimiter; chunk?: number } = {},
): Promise<readonly CsvRecord[]> {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const file = await openCsv(inChunks(bytes, options.chunk ?? 7), options.delimiter);
  return collect(file.records);
}

const codeOf = (text: string | Uint8Array) =>
  readAll(text).then(
    () => undefined,
    (error: { code?: string }) => error.code,
  );

async function* broken(): AsyncGenerator<Uint8Array, void> {
  yield new TextEncoder().encode('a,b\n1,2\n');
  throw new Error('the disk went away');
}

describe('openCsv', () => {
  it('counts the lines of the file, quoted line breaks and blank lines included', async () => {
    const text = '\uFEFFid,note\r\n1,"one\r\ntwo\nthree"\r\n\r\n2,plain\r\n3,"say ""hi"""';
    expect(await readAll(text)).toEqual([
      { line: 1, fields: ['id', 'note'] },
      { line: 2, fields: ['1', 'one\r\ntwo\nthree'] },
      { line: 6, fields: ['2', 'plain'] },
      { line: 7, fields: ['3', 'say "hi"'] },
    ]);
  });

  it.each([
    ['id,name;x,y\n1,2,3', ','],
    ['\n\n"a,b,c";d;e\n', ';'],
    ['id\tname,or so\thours\n', '\t'],
    ['only\n', ','],
  ])('finds the delimiter of %j', async (text, delimiter) => {
    expect(detectDelimiter(text)).toBe(delimiter);
    const file = await openCsv(inChunks(new TextEncoder().encode(text), 3));
    expect(file.delimiter).toBe(delimiter);
  });

  it('reads a quote in the middle of a field as an ordinary character', async () => {
    expect(await readAll('a,b\n5" pipe,x\n')).toContainEqual({ line: 2, fields: ['5" pipe', 'x'] });
  });

  it('refuses a quote that never closes by the line it opens on', async () => {
    const reading = readAll('a,b\n1,2\n3,"4\n5,6\n');
    await expect(reading).rejects.toMatchObject({
      code: 'CSV_UNREADABLE',
      message: expect.stringContaining('line 3:'),
    });
  });

  it('gives up on an open quote within a bounded number of bytes', async () => {
    let served = 0;
    async function* endless(): AsyncGenerator<Uint8Array, void> {
      yield new TextEncoder().encode('a,b\n1,"');
      for (; served < 100; served += 1) yield Buffer.alloc(100_000, 'x');
    }
    const file = await openCsv(endless());
    await expect(collect(file.records)).rejects.toMatchObject({ code: 'CSV_UNREADABLE' });
    expect(served).toBeLessThan(50);
  });

  it('refuses a line that is longer than a record may be, and says so', async () => {
    const reading = readAll(`a,b\n${'x'.repeat(1_100_000)}`, { chunk: 100_000 });
    await expect(reading).rejects.toMatchObject({
      code: 'CSV_UNREADABLE',
      message: expect.stringMatching(/line 2: .*over 1 MB long/),
    });
  });

  it.each([
    ['a workbook', Buffer.from('PK\u0003\u0004rest', 'latin1')],
    ['UTF-16', Buffer.from('\uFEFFid,name\n', 'utf16le')],
    ['binary data', Buffer.from([1, 2, 0, 3])],
  ])('refuses %s in words', async (_, bytes) => {
    expect(await codeOf(bytes)).toBe('CSV_UNREADABLE');
  });

  it('passes on that the source broke', async () => {
    const file = await openCsv(broken());
    await expect(collect(file.records)).rejects.toThrow('the disk went away');
  });

  it.each([
    ['its reader has seen enough', 'a,b\n1,2\n3,4\n', 'seen line 1'],
    ['its format is refused', 'PK\u0003\u0004rest\n', 'CSV_UNREADABLE'],
  ])('lets go of its source where %s', async (_, text, outcome) => {
    let letGo = (): void => {};
    const isLetGo = new Promise<void>((resolve) => (letGo = resolve));
    async function* source(): AsyncGenerator<Uint8Array, void> {
      try {
        for (;;) yield new TextEncoder().encode(text);
      } finally {
        letGo();
      }
    }
    const read = async () => {
      const { records } = await openCsv(source());
      for await (const { line } of records) return `seen line ${line}`;
      return 'seen nothing';
    };
    expect(await read().catch((error: { code?: string }) => error.code)).toBe(outcome);
    await isLetGo;
  });

  it('gives back any fields from any quoting, with the line each record begins on', async () => {
    const field = fc.string({
      unit: fc.constantFrom('a', 'é', '😀', '"', ',', ';', '\t', '\n', '\r\n', ' ', '-'),
      maxLength: 6,
    });
    const record = fc.array(fc.record({ field, isQuoted: fc.boolean() }), {
      minLength: 2,
      maxLength: 4,
    });
    const shape = fc.record({
      records: fc.array(record, { minLength: 1, maxLength: 6 }),
      delimiter: fc.constantFrom(...DELIMITERS),
      lineBreak: fc.constantFrom('\n', '\r\n', '\r'),
      chunk: fc.integer({ min: 1, max: 20 }),
    });
    const law = fc.asyncProperty(shape, async ({ records, delimiter, lineBreak, chunk }) => {
      const text = records
        .map((cells) => cells.map((cell) => quote(cell, delimiter)).join(delimiter) + lineBreak)
        .join('');
      const expected = expectRecords(records.map((cells) => cells.map((cell) => cell.field)));
      expect(await readAll(text, { delimiter, chunk })).toEqual(expected);
    });
    await fc.assert(law, { numRuns: 300 });
  });
});

function quote(cell: { field: string; isQuoted: boolean }, delimiter: Delimiter): string {
  const isBare = !cell.isQuoted && !/["\r\n]/.test(cell.field) && !cell.field.includes(delimiter);
  return isBare ? cell.field : `"${cell.field.replaceAll('"', '""')}"`;
}

/** Lines counted the slow way: a record takes one line and one more for each line break it holds. */
function expectRecords(table: readonly (readonly string[])[]): readonly CsvRecord[] {
  let line = 1;
  return table.map((fields) => {
    const record = { line, fields };
    line += 1 + (fields.join(' ').match(/\r\n|\r|\n/g)?.length ?? 0);
    return record;
  });
}
