import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { FOUNDER_HQ_TABLES } from '#shared/doc/index.ts';
import { registerImport } from '#worker/cli/import.ts';
import { describeReport } from '#worker/cli/import-text.ts';
import { runProgram } from '#worker/cli/program.ts';
import { importHistory } from '#worker/import/index.ts';
import { createDocFromTables, type Listening } from '#worker/local-doc/index.ts';

const MAIN = resolve('sync-worker/main.ts');
const doc = createDocFromTables(FOUNDER_HQ_TABLES);
const folder = mkdtempSync(join(tmpdir(), 'founder-hq-import-'));
let server: Listening;
beforeAll(async () => {
  server = await doc.listen();
  mkdirSync(join(folder, '.founder-hq'));
  const { docId, token } = doc;
  const state = { baseUrl: server.baseUrl, docId, token, profile: 'instant' };
  writeFileSync(join(folder, '.founder-hq', 'local-doc.json'), JSON.stringify(state));
});
afterAll(async () => {
  await server.close();
  doc.close();
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});

async function run(...argv: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, 'import', 'history', ...argv], {
    cwd: folder,
    env: { ...process.env, CODA_API_TOKEN: '' },
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => void (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => void (err += chunk.toString()));
  const [code]: readonly unknown[] = await once(child, 'close');
  return { code, out, err };
}

const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return name;
};
const HEADER = 'Ticket;Type;Estimate;Hours;started_on';
const mixed = () =>
  write(
    'mixed.csv',
    `\uFEFF${HEADER}\n1;Audit;2;3,5;2026-01-02\n2;"Au\ndit";2;-3;\n3;Audit;2;x;\n`,
  );

describe('founder-hq import history', () => {
  it('shows how it reads a file, sums it, and lists each bad row by its line', async () => {
    const { code, out } = await run(mixed(), '--dry-run');
    expect(out).toContain('mixed.csv: fields separated by semicolons');
    expect(out).toMatch(/actual_hours +← Hours/);
    expect(out).toContain('1 row is good, 2 refused; estimate 2.0 h, actual 3.5 h.');
    expect(out).toContain('line 3: actual_hours is negative, received `-3`');
    expect(out).toContain('line 5: actual_hours is not a number');
    expect(code).toBe(4);
  });

  it('fails where no row is good, with and without a doc', async () => {
    const bad = write('bad-only.csv', `${HEADER}\n1;Audit;2;x;\n`);
    expect((await run(bad, '--dry-run')).code).toBe(1);
    expect((await run(bad)).code).toBe(1);
  });

  it('loads the good rows, ends with 4 while some are bad, and lists all in a file', async () => {
    const { code, out } = await run(mixed(), '--json', '--refused', join(folder, 'bad.csv'));
    const report: unknown = JSON.parse(out);
    expect(report).toMatchObject({
      outcome: 'loaded',
      accepted: 1,
      refused: [{ line: 3 }, { line: 5 }],
      load: { tables: { tasks: { found: 1 } }, differences: [] },
    });
    expect(doc.person.readRows('tasks')).toHaveLength(1);
    expect(code).toBe(4);
  });

  it('writes bad rows so that they can be mended where they stand, and imported', async () => {
    const bad = join(folder, 'bad.csv');
    const text = readFileSync(bad, 'utf8');
    expect(text).toBe(
      [
        `refused_line;refused_reason;${HEADER}`,
        '3;actual_hours is negative, received `-3`;2;"Au\ndit";2;-3;',
        '5;actual_hours is not a number of hours like 1.5, received `x`;3;Audit;2;x;',
        '',
      ].join('\n'),
    );
    writeFileSync(bad, text.replace(';-3;', ';3;').replace(';x;', ';4;'));
    const { code, out } = await run('bad.csv', '--dry-run');
    expect(out).toContain('2 rows are good, 0 refused; estimate 4.0 h, actual 7.0 h.');
    expect(code).toBe(0);
  });

  it('never writes bad rows over the file they come from', async () => {
    const { code, err } = await run(mixed(), '--dry-run', '--refused', join(folder, 'mixed.csv'));
    expect([code, err]).toEqual([1, expect.stringContaining('name another')]);
    expect(readFileSync(join(folder, 'mixed.csv'), 'utf8')).toContain('1;Audit;2;3,5');
  });

  it('ends with 0 where every row is in the doc', async () => {
    const { code, out } = await run(write('good.csv', `${HEADER}\n1;Audit;2;3,5;2026-01-02\n`));
    expect(out).toMatch(/execution_runs +1 of 1 in the doc, 0 sent/);
    expect(code).toBe(0);
  });

  it('opens no file before it may be read, so that one refusal is the only thing it says', async () => {
    const { code, err } = await run('none.csv', '--doc', 'AbCdEfGhIj');
    expect(err).toMatch(/^error: CODA_API_TOKEN is not set: .+\n$/);
    expect(code).toBe(1);
  });

  it('says that a file without estimates is good for the cost side only', async () => {
    const text = Buffer.from('task_id,workflow,actual_hours\n1,Audit,2\n');
    const report = await importHistory({ source: Readable.from([text]) });
    expect(describeReport(report, 'costs.csv')).toContain('good for the cost side only');
  });

  it('prints the first bad rows and counts the others', async () => {
    const rows = Array.from({ length: 1_030 }, (_, at) => `${at},Audit,many\n`).join('');
    const text = Buffer.from(`task_id,workflow,actual_hours\n${rows}`);
    const lines = describeReport(await importHistory({ source: Readable.from([text]) }), 'x.csv');
    expect(lines.match(/^ {2}line \d+:/gm)).toHaveLength(20);
    expect(lines).toContain('and 1,010 more; --json or --refused FILE gives all');
  });

  it.each([
    ['an empty file', ['empty.csv', '--dry-run'], 1, /is empty/],
    ['a missing file', ['none.csv', '--dry-run'], 1, /is not there/],
    ['a missing column', ['few.csv', '--dry-run'], 1, /no column `actual_hours`/],
    ['a field that does not exist', ['few.csv', '--map', 'colour=x'], 2, /field=column/],
    ['a delimiter that is none', ['few.csv', '--delimiter', 'x'], 2, /Expected one of/],
    ['a doc without a token', ['few.csv', '--doc', 'AbCdEfGhIj'], 1, /CODA_API_TOKEN is not set/],
  ])('meets %s with one clear line', async (_, [file = '', ...options], exitCode, words) => {
    write('empty.csv', '');
    write('few.csv', 'task_id,workflow\n1,2\n');
    vi.stubEnv('CODA_API_TOKEN', '');
    let err = '';
    const io = { out: () => {}, err: (text: string) => void (err += text), isDebug: false };
    const argv = ['import', 'history', join(folder, file), ...options];
    const code = await runProgram(argv, [{ heading: 'Your data', commands: [registerImport] }], io);
    expect(err).toMatch(words);
    expect(err).toMatch(/^error: /);
    expect(err).not.toMatch(/\n\s+at /);
    expect(code).toBe(exitCode);
  });
});
