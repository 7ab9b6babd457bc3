import { describe, expect, it } from 'vitest';
import { registerForecast } from '#worker/cli/forecast.ts';
import { runCommand, useEmptyFolder } from './run-command.ts';

const HEADER = 'task_id,workflow,estimated_hours,actual_hours,estimated_on,completed_on';
/** Forty tasks that took twice their estimate, and one whose end nobody knows. */
const HISTORY = [
  HEADER,
  ...Array.from({ length: 40 }, (_, n) => `h${n},Audit,2,4,2026-03-01,2026-03-${10 + (n % 20)}`),
  'h99,Design,2,90,2026-03-01,',
];
const TASKS = [
  'task_id,workflow,estimated_hours,completed_on',
  't1,Audit,2,',
  't2,Design,40,',
  't3,Audit,,',
  't4,Audit,2,2026-04-01',
  't5,Audit,two,',
];

const writeFile = useEmptyFolder();
const write = (name: string, lines: readonly string[]): string =>
  writeFile(name, `${lines.join('\n')}\n`);
const run = (history: readonly string[], tasks: readonly string[], ...argv: readonly string[]) =>
  runCommand(registerForecast, [
    'forecast',
    '--history',
    write('history.csv', history),
    '--tasks',
    write('tasks.csv', tasks),
    ...argv,
  ]);

describe('founder-hq forecast, the hours of open tasks', () => {
  it('corrects an estimate from 20 finished tasks of its kind on, and lets others stand', async () => {
    const { code, out } = await run(HISTORY, TASKS, '--json');
    expect(code).toBe(0);
    const { forecasts, unestimatedIds, refused } = JSON.parse(out);
    expect(forecasts).toMatchObject([
      { taskId: 't1', estimateHours: 2, point: 4, from: 'workflow', n: 40, needed: 0 },
      // The one task of its workflow has no known end, so it teaches nothing.
      { taskId: 't2', estimateHours: 40, point: 40, from: 'built_in', n: 0, needed: 20 },
    ]);
    expect(unestimatedIds).toEqual(['t3']);
    expect(refused).toMatchObject([{ file: 'tasks', line: 6 }]);
  });

  it('says so in words', async () => {
    const { out } = await run(HISTORY, TASKS);
    expect(out).toMatch(
      /^t1: 4 h, typically between .* h, from 40 finished tasks of this workflow/,
    );
    expect(out).toContain('t2: 40 h, typically between');
    expect(out).toContain('t3: no estimate, so no forecast');
    expect(out).toContain('not read: tasks line 6: estimated_hours is not a number');
    expect(out).not.toContain('t4');
  });

  it('takes several rows of a task for revisions, and one that says when for its end', async () => {
    const tasks = [
      ...TASKS.slice(0, 1),
      't1,Audit,2,',
      't1,,8,',
      't1,,0,',
      't2,Audit,2,2026-04-01 12:30',
      't2,Audit,4,',
    ];
    const { forecasts, unestimatedIds, refused } = JSON.parse(
      (await run(HISTORY, tasks, '--json')).out,
    );
    expect(forecasts).toMatchObject([{ taskId: 't1', estimateHours: 8, from: 'workflow' }]);
    expect([unestimatedIds, refused]).toEqual([[], []]);
  });

  it('forecasts by the built-in table where there is no history yet', async () => {
    const { out } = await run([HEADER], TASKS.slice(0, 2));
    expect(out).toContain('t1: 2 h, typically between');
    expect((await run([HEADER], TASKS.slice(0, 1))).out).toBe('No open task with an estimate.\n');
  });

  it('ends with 1 where no row of a file can be read, and names the rows', async () => {
    const bad = [TASKS[0] ?? '', 't1,Audit,much,'];
    const { code, out, err } = await run(HISTORY, bad);
    expect([code, out]).toEqual([1, '']);
    expect(err.split('\n')).toEqual([
      expect.stringMatching(/^1 × rows that cannot be read: tasks line 2: estimated_hours/),
      'error: No row of the task file can be read.',
      expect.stringMatching(/^next: /),
      '',
    ]);
    const unlearnt = await run([HEADER, HISTORY[1]?.replace(/\d/g, 'x') ?? ''], TASKS, '--json');
    expect([unlearnt.code, unlearnt.err]).toEqual([
      1,
      expect.stringContaining('No row of the history file can be read.'),
    ]);
    expect(JSON.parse(unlearnt.out).refused).toHaveLength(2);
  });
});
