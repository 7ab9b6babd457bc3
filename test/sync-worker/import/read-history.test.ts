import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '#shared/kernel/index.ts';
import { type ReadHistoryOptions, readHistory } from '#worker/import/read-history.ts';

const HEADER = 'task_id,workflow,estimated_hours,actual_hours';
const read = (text: string, options: Partial<ReadHistoryOptions> = {}) =>
  readHistory(Readable.from([Buffer.from(text)]), { keepMax: 10_000, ...options });

async function* generateRows(count: number): AsyncGenerator<Uint8Array, void> {
  yield Buffer.from(`${HEADER}\n`);
  for (let at = 0; at < count; at += 500) {
    const ids = Array.from({ length: 500 }, (_, step) => at + step);
    yield Buffer.from(ids.map((id) => `${id},Audit of the month,2,3\n`).join(''));
  }
}

describe('readHistory', () => {
  it('keeps the good rows and lists the others by line and reason', async () => {
    const history = await read(
      `${HEADER}\n1,Audit,2,3\n2,Audit,2,x\n\n"3","Au\ndit",1,1\n1,Audit,5,5\n4,Audit,,0.5\n`,
    );
    expect(history.tasks.map((task) => [task.line, task.taskId])).toEqual([
      [2, '1'],
      [5, '3'],
      [8, '4'],
    ]);
    expect(history.refused).toEqual([
      { line: 3, reason: expect.stringContaining('actual_hours is not a number') },
      { line: 7, reason: 'task_id `1` is already on line 2' },
    ]);
    expect(history).toMatchObject({
      accepted: 3,
      refusedCount: 2,
      estimatedCount: 2,
      estimateMs: 3 * HOUR_MS,
      actualMs: 4.5 * HOUR_MS,
    });
  });

  it('lets a good row have the id of an earlier bad one', async () => {
    const history = await read(`${HEADER}\n1,Audit,2,x\n1,Audit,2,3\n`);
    expect(history.tasks).toMatchObject([{ line: 3, taskId: '1' }]);
  });

  it('keeps no task of a file with more than it was told to keep, and still checks all', async () => {
    const rows = Array.from({ length: 12 }, (_, at) => `${at},Audit,1,1\n`).join('');
    const history = await read(`${HEADER}\n${rows}x,,1,1\n`, { keepMax: 10 });
    expect(history).toMatchObject({ accepted: 12, refusedCount: 1, tasks: [] });
  });

  it.each([
    ['', 'CSV_EMPTY'],
    ['\n \n', 'CSV_EMPTY'],
    [`${HEADER}\n`, 'CSV_EMPTY'],
    ['task_id,workflow\n1,2\n', 'CSV_COLUMNS'],
  ])('stops at %j', async (text, code) => {
    await expect(read(text)).rejects.toMatchObject({ code });
  });

  it('accounts for every row: accepted or refused, by the line it stands on', async () => {
    const hours = fc.constantFrom('1', '2.5', '-1', '', 'many');
    const law = fc.asyncProperty(fc.array(hours, { minLength: 1, maxLength: 30 }), async (all) => {
      const rows = all.map((text, at) => `${at},Audit,1,${text}\n`).join('');
      const history = await read(`${HEADER}\n${rows}`);
      const lines = [...history.tasks, ...history.refused].map((row) => row.line);
      expect(lines.toSorted((a, b) => a - b)).toEqual(all.map((_, at) => at + 2));
    });
    await fc.assert(law, { numRuns: 50 });
  });

  it('needs no more memory for many rows than for their ids', async () => {
    const heapMb: number[] = [];
    const onProgress = () => heapMb.push(process.memoryUsage().heapUsed / 1_000_000);
    const history = await readHistory(generateRows(100_000), { keepMax: 100, onProgress });
    expect(history.accepted).toBe(100_000);
    // A hundred bytes a row for the ids and room for what the collector has not met yet.
    expect(Math.max(...heapMb) - (heapMb[0] ?? 0)).toBeLessThan(80);
  });
});

const SIP = '../shared/data/sip-before-2012.csv';
describe.skipIf(!existsSync(SIP))('the SiP file (skipped where it is absent)', () => {
  it('gives the sums of its own columns', async () => {
    const history = await readHistory(createReadStream(SIP), { keepMax: 10_000 });
    // The oracle knows nothing of quotes, mappings or milliseconds: hundredths of hours by column number.
    const cells = readFileSync(SIP, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((row) => row.split(','));
    const hundredths = (column: number) =>
      cells.reduce((sum, row) => sum + Math.round(Number(row[column]) * 100), 0);
    expect(history).toMatchObject({ accepted: 8_389, refusedCount: 0, estimatedCount: 8_389 });
    expect(history.estimateMs).toBe((hundredths(3) * HOUR_MS) / 100);
    expect(history.actualMs).toBe((hundredths(4) * HOUR_MS) / 100);
    expect((history.estimateMs / HOUR_MS).toFixed(1)).toBe('65365.7');
    expect((history.actualMs / HOUR_MS).toFixed(1)).toBe('72903.1');
  });
});
