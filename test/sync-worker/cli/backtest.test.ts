import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { registerBacktest } from '#worker/cli/backtest.ts';
import { runCommand } from './run-command.ts';

const HEADER = 'task_id,workflow,person,estimated_hours,actual_hours,estimated_on,completed_on';
/** Ten tasks, one a day, each known the next day; every one took twice its estimate. */
const ROWS = Array.from(
  { length: 10 },
  (_, day) => `t${day},Audit,dana,2,4,2026-03-${day + 10},2026-03-${day + 11}`,
);

const folder = mkdtempSync(join(tmpdir(), 'founder-hq-backtest-'));
afterAll(() => rmSync(folder, { recursive: true }));
const write = (...lines: readonly string[]): string => {
  const path = join(folder, 'tasks.csv');
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
};
const run = (...argv: readonly string[]) => runCommand(registerBacktest, ['backtest', ...argv]);
const runJson = async (...argv: readonly string[]) => {
  const { out, ...rest } = await run(...argv, '--json');
  return { ...rest, json: JSON.parse(out) };
};

describe('founder-hq backtest', () => {
  it('prints one object of figures, model by model', async () => {
    const { code, err, json } = await runJson(write(HEADER, ...ROWS));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(Object.keys(json)).toEqual(['rows', 'excluded', 'scored', 'models']);
    expect(json).toMatchObject({ rows: 10, excluded: 0, scored: 8 });
    expect(Object.keys(json.models).slice(0, 2)).toEqual(['founder-hq', 'raw']);
    // Below 20 finished tasks the estimate stands, in our forecasts too.
    const figures = { n: 8, excluded: 0, mdmre: 0.5, pred25: 0, maeHours: 2 };
    expect(json.models).toMatchObject({ 'founder-hq': figures, raw: figures });
    expect(json.models.raw.maeLn).toBeCloseTo(Math.LN2, 12);
    // A rule that learns from one task has it right from the second day on.
    expect(json.models['workflow-median'].maeHours).toBeCloseTo(0, 12);
    expect(Object.keys(json.models.raw)).toEqual([
      'n',
      'excluded',
      'maeLn',
      'mdmre',
      'pred25',
      'biasLn',
      'maeHours',
      'coverage80',
      'winklerLn',
      'hiLo',
    ]);
  });

  it('says what the figures mean', async () => {
    const { out } = await run(write(HEADER, ...ROWS));
    expect(out).toContain('8 tasks of 10 rows scored');
    expect(out).toContain(
      'forecasts were off by a factor of 2.00 on average, your estimates by 2.00',
    );
  });

  it('leaves out what nobody can be judged by, counted by reason and named by line', async () => {
    const file = write(
      HEADER,
      ...ROWS,
      'a,Audit,dana,,4,2026-03-20,',
      'b,Audit,dana,0,4,2026-03-20,',
      'c,Audit,dana,-1,4,2026-03-20,',
      'd,Audit,dana,2,NaN,2026-03-20,',
      'e,Audit,dana,2,4,,',
      'f,Audit,dana,two,4,2026-03-20,',
      'g,Audit,dana,2,4,yesterday,',
      'h,Audit',
    );
    const { json, err } = await runJson(file);
    expect(json).toMatchObject({ rows: 10, excluded: 8, models: { raw: { excluded: 8, n: 8 } } });
    expect(err).toContain('3 × rows without estimated_hours above zero');
    expect(err).toContain('1 × rows without actual_hours above zero');
    expect(err).toContain('1 × rows without estimated_on');
    expect(err).toContain('3 × rows that cannot be read');
    expect(err).toContain('line 17: estimated_hours is not a number like 1.5, received `two`');
    expect(err).toContain('line 18: estimated_on is not a day like 2026-03-31');
    expect(err).toContain('line 19: expected 7 fields as in the header, received 2');
    const { out } = await run(file);
    expect(out).toContain('3 × rows that cannot be read');
  });

  it.each(['--map', '--column-map'])('reads a field from the column named by %s', async (flag) => {
    const odd = HEADER.replace('actual_hours', 'Spent');
    const { code, json } = await runJson(write(odd, ...ROWS), flag, 'actual_hours=Spent');
    expect({ code, rows: json.rows }).toEqual({ code: 0, rows: 10 });
  });

  it('scores from a day on', async () => {
    const { json } = await runJson(write(HEADER, ...ROWS), '--score-from', '2026-03-17');
    expect(json).toMatchObject({ rows: 10, scored: 3, models: { raw: { n: 3 } } });
  });

  it('leaves out, uncounted, what was completed on the day of its estimate', async () => {
    const sameDay = 'z,Audit,dana,2,4,2026-03-21,2026-03-21';
    const { json } = await runJson(write(HEADER, ...ROWS, sameDay), '--genuine');
    expect(json).toMatchObject({ rows: 10, excluded: 0 });
  });

  it('has numbers for a single row', async () => {
    const { code, json } = await runJson(write(HEADER, ROWS[0] ?? ''));
    expect(code).toBe(0);
    expect(json).toMatchObject({ rows: 1, scored: 1 });
    const figures = Object.values(json.models).flatMap((model) => Object.values(model ?? {}));
    expect(figures.every((figure) => Number.isFinite(figure))).toBe(true);
  });

  it.each([
    ['no row at all', [HEADER], [], /^error: No row of the file can be judged/],
    ['no row that can be judged', [HEADER, 'a,,,0,0,,'], [], /^error: No row of the file can be/m],
    ['a day after the last', [HEADER, ...ROWS], ['--score-from', '2027-01-01'], /on or after 2027/],
  ])('fails with a reason and no figure for %s', async (_, lines, argv, reason) => {
    const { code, err, json } = await runJson(write(...lines), ...argv);
    expect(code).toBe(1);
    expect(err).toMatch(reason);
    expect(json).toMatchObject({ scored: 0, models: {} });
    const { out } = await run(write(...lines), ...argv);
    expect(out).toBe('');
  });

  it('draws how often our ranges held', async () => {
    const plot = join(folder, 'plot.svg');
    const { code } = await run(write(HEADER, ...ROWS), '--plot', plot);
    expect(code).toBe(0);
    expect(readFileSync(plot, 'utf8')).toMatch(/^<svg .*>n 8</);
  });

  it.each([
    ['a column that is missing', ['--map', 'person=Nobody'], 1, /no column `Nobody` for person/],
    ['a field that does not exist', ['--map', 'colour=x'], 2, /field=column/],
    ['a day that is none', ['--score-from', 'May'], 2, /such as 2026-03-31/],
  ])('refuses %s', async (_, argv, code, reason) => {
    const result = await run(write(HEADER, ...ROWS), ...argv);
    expect(result.code).toBe(code);
    expect(result.err).toMatch(reason);
  });
});
