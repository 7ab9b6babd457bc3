import { beforeAll, describe, expect, it } from 'vitest';
import { createCommand, toCommandRow } from '#shared/ledger/index.ts';
import { registerForecast } from '#worker/cli/forecast.ts';
import { sha256 } from '#worker/store/index.ts';
import { runCommand, useEmptyFolder } from './run-command.ts';
import { useServedDoc } from './served-doc.ts';

const TASKS = `task_id,parent_id,project,workflow,person,estimated_hours,estimated_on,completed_on,depends_on,due_on,actual_hours
a1,,Acme,Audit,dana,4,2026-02-01,2026-02-10,,2026-02-09,5
a2,,Acme,Audit,dana,4,2026-02-01,2026-02-12,,2026-02-12,6
a3,,Acme,Audit,alex,8,2026-02-01,,a2,2026-03-01,3
a3,,Acme,Audit,alex,10,2026-02-15,,,,
a4,,Acme,Audit,dana,8,2026-02-20,,a3 ; a1,2026-03-06,
a5,,Acme,Audit,,4,2026-02-20,,,2026-03-10,
a6,,Acme,Audit,dana,,2026-02-21,,,,
a7,,Acme,Audit,dana,2,2026-02-21,,a6;zz,,
a8,,Acme,Audit,dana,two,2026-02-21,,,,
b1,,Beta,Sales,dana,20,2026-01-01,,,,
`;
const SESSIONS = `run_id,task_id,project,person,started_at,ended_at,net_minutes
r1,a1,,dana,2026-02-09 09:00,,300
r2,a3,,alex,2026-02-16 09:00,,240
r3,a3,,alex,2026-02-17 09:00,,
r4,,Acme,dana,2026-02-18 09:00,,90
`;
const HISTORY = `workflow,estimated_hours,actual_hours,estimated_on,completed_on
Audit,4,8,2025-12-01,2025-12-09
Audit,0,8,2025-12-01,2025-12-09
`;

const write = useEmptyFolder();
const forecast = (...argv: readonly string[]) =>
  runCommand(registerForecast, ['forecast', ...argv]);
const files = (...argv: readonly string[]) =>
  forecast('--tasks', write('tasks.csv', TASKS), '--date', '2026-03-02', ...argv);
const json = async (...argv: readonly string[]) => {
  const { code, out, err } = await files(...argv, '--json');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out);
};

describe('founder-hq forecast, of files', () => {
  it('says of one project when it ends, how it grows and what it has earned', async () => {
    const { code, out } = await files('--project', 'Acme', '--target', '2026-03-10');
    expect(code).toBe(0);
    for (const line of [
      'Acme: 2 of 7 tasks finished; from 2026-03-02 on',
      // a3 at its estimate of today.
      '3 tasks simulated, 22.0 h by estimate; drawn from 2 finished of their workflows, 2 in all',
      '1 task without an estimate, in no date: a6',
      '1 task waiting for work without an estimate (a6), in no date: a7',
      '1 task naming nobody, taken for one more person’s: a5',
      'taken for done, since nobody knows them: zz',
      'dana: 4 open tasks, 8.0 h a weekday (logged nothing in the four weeks before)',
      'growth   4 tasks and 14.0 h added since 2026-02-03, 3.5 h a week: in no date; 1 of them without an estimate',
      // Judged by what a3 was first estimated at.
      'earned   planned 30.0 h (BAC), due 16.0 h (PV), finished 8.0 h (EV), spent 14.0 h (AC)',
      'cost index 0.57 (EV ÷ AC), schedule index 0.50 (EV ÷ PV)',
      'at the end 52.5 h at this rate, 36.0 h if the rest goes as planned, 91.0 h at both indices (EAC)',
      'still to come 38.5 h (ETC), to spare -22.5 h (VAC); the rest has to go 1.38 times as planned (TCPI)',
      'outside the plan: 1 task without an estimate, 0.0 h spent',
      '1 × rows that cannot be read: tasks line 10: estimated_hours is not a number like 1.5, received `two`',
    ]) {
      expect(out).toContain(line);
    }
    expect(out).toMatch(
      /^finish {3}P50 2026-03-\d\d, P80 2026-03-\d\d, P95 2026-0\d-\d\d of 1,000 futures$/m,
    );
    expect(out).toMatch(/on 2026-03-10 or before: \d+ %/);
  });

  it('gives a line a project where none is named', async () => {
    const { out } = await files();
    expect(out).toMatch(/^project {2}done {2}P50 .* cost index$/m);
    expect(out).toMatch(/^Acme {6}2\/7 {2}2026-03-\d\d .* 30\.0 h +14\.0 h +0\.57$/m);
    expect(out).toMatch(/^Beta {6}0\/1 {2}2026-03-\d\d .* {2}nothing tracked$/m);
  });

  it('gives every number as JSON, with the reason where there is none', async () => {
    const { projects, ...rest } = await json();
    expect(rest).toMatchObject({ date: '2026-03-02', timeZone: 'UTC', seed: 1, futures: 1_000 });
    expect(projects.map(({ project }: { project: string }) => project)).toEqual(['Acme', 'Beta']);
    expect(projects[0].finish).toMatchObject({
      reason: null,
      onTimeShare: null,
      simulatedTasks: 3,
      unestimated: [{ taskId: 'a6', name: 'a6' }],
      waiting: [{ taskId: 'a7' }],
      waitedFor: [{ taskId: 'a6' }],
      unassigned: [{ taskId: 'a5' }],
      unknownDependencies: ['zz'],
    });
    expect(projects[0].earnedValue).toMatchObject({
      costIndex: { value: 8 / 14, reason: null },
      estimateAtCompletionHours: { atCostIndex: { value: 52.5 }, asPlanned: { value: 36 } },
      unestimatedTasks: 1,
    });
    expect(projects[1].earnedValue).toMatchObject({
      costIndex: { value: null, reason: 'nothing tracked' },
      scheduleIndex: { value: null, reason: 'nothing due' },
      estimateAtCompletionHours: { atCostIndex: { value: null, reason: 'nothing tracked' } },
      toCompleteIndex: { value: 1, reason: null },
    });
  });

  it('gives the same dates for the same seed, and later ones for fewer hours a day', async () => {
    const datesOf = async (...argv: readonly string[]) => {
      const { p50, p80, p95 } = (await json(...argv)).projects[0].finish;
      return [p50, p80, p95];
    };
    const usual = await datesOf();
    expect(await datesOf('--seed', '1')).toEqual(usual);
    const slower = await datesOf('--hours-per-day', '2');
    expect(slower.every((day, at) => day > (usual[at] ?? ''))).toBe(true);
    expect(await datesOf('--hours-per-day', '2', '--capacity', 'alex=8')).not.toEqual(slower);
    const off = await datesOf('--days-off', '2026-03-02,2026-03-03,2026-03-04,2026-03-05');
    expect(off[0] > '2026-03-05').toBe(true);
  });

  it('is never where somebody has no hours, and says who', async () => {
    const { out } = await files('--project', 'Acme', '--capacity', 'dana=0');
    expect(out).toContain('finish   never: no hours of dana to work in');
    const { out: all } = await files('--capacity', 'dana=0');
    expect(all).toMatch(/^Acme {6}2\/7 {2}never {2}– {4}–/m);
  });

  it('takes hours from the runs where they are given, and draws from more finished work', async () => {
    const sessions = write('sessions.csv', SESSIONS);
    const history = write('history.csv', HISTORY);
    const argv = ['--project', 'Acme', '--rule', '50/50'];
    const { projects, uncountedRuns, finishedWithRatio } = await json(
      ...argv,
      '--sessions',
      sessions,
      '--history',
      history,
    );
    expect(projects).toHaveLength(1);
    expect(projects[0].earnedValue).toMatchObject({
      // 5 h on a1, 4 h on a3, 1.5 h on no task.
      spentHours: 10.5,
      // a1 and a2 are finished, and half of a3 is earned, which was begun under its second estimate.
      earnedHours: 13,
      unestimatedSpentHours: 1.5,
    });
    expect(uncountedRuns).toEqual({ open: 1, suspect: 0, invalid: 0 });
    // a1 of the tasks, since a2 has no run, and one of the history.
    expect([projects[0].finish.finishedAlike, finishedWithRatio]).toEqual([2, 2]);
  });

  it('shows the hours that lead to no project, and counts those that lead to several', async () => {
    const runs = `${SESSIONS}r5,,,dana,2026-02-18 12:00,,420
r6,b1,Acme,dana,2026-02-18 20:00,,60
`;
    const { out } = await files('--sessions', write('stray.csv', runs));
    expect(out).toMatch(/^\(no project\) +0\/0 +nothing open .* 7\.0 h +0\.00$/m);
    expect(out).toContain('1 × runs that lead to several projects, in none of them: 1.0 h');
  });

  it('has nothing to say of nothing', async () => {
    const header = write('header.csv', `${TASKS.split('\n')[0]}\n`);
    expect((await forecast('--tasks', header)).out).toBe('No task and no run of any project.\n');
  });

  it.each<[string, readonly string[], number, RegExp]>([
    [
      'a project nobody knows',
      ['--project', 'acme'],
      1,
      /No project is called `acme`: there are `Acme`, `Beta`\./,
    ],
    [
      'a person nobody knows',
      ['--capacity', 'sam=4'],
      1,
      /No person is called `sam`: there are `alex`, `dana`\./,
    ],
    ['more hours than a day has', ['--hours-per-day', '25'], 2, /from 0 to 24/],
    ['hours of nobody', ['--capacity', '=4'], 2, /person=hours/],
    ['a day off that is none', ['--days-off', '2026-02-30'], 2, /Expected days/],
    ['a seed that is no number', ['--seed', 'x'], 2, /whole number/],
    ['another rule', ['--rule', '20/80'], 2, /0\/100, 50\/50/],
    ['a doc beside the files', ['--doc', 'x'], 2, /cannot be used with/],
  ])('refuses %s in plain words', async (_what, argv, exitCode, words) => {
    const { code, out, err } = await files(...argv);
    expect([code, out]).toEqual([exitCode, '']);
    expect(err).toMatch(words);
  });

  it.each<[readonly string[], RegExp]>([
    [[], /no work is named: add `--tasks FILE`, or `--doc URL`/],
    [['--sessions', 's.csv'], /`--sessions` tells nothing of what is open: add `--tasks FILE`/],
    [['--history', 'h.csv'], /`--history` tells nothing of what is open/],
  ])('asks for what is missing beside %j', async (argv, words) => {
    const { code, err } = await forecast(...argv);
    expect(code).toBe(2);
    expect(err).toMatch(words);
  });
});

describe('founder-hq forecast, of a doc', () => {
  const { add } = useServedDoc();
  beforeAll(() => {
    const [dana, alex] = ['Dana', 'Alex'].map((name) => add('people', { name }));
    const workflow = add('workflows', { name: 'Audit' });
    const template = add('process_templates', { name: 'Audit v1', workflow });
    const project = add('projects', { name: 'Acme', process_template: template });
    add('projects', { name: 'Empty' });
    add('sprints', {
      name: 'Week 10',
      start_date: '2026-03-02',
      end_date: '2026-03-08',
      capacity_hrs: 8,
    });
    add('sprints', {
      name: 'Odd',
      start_date: '2026-03-09',
      end_date: '2026-03-01',
      capacity_hrs: 8,
    });
    add('sprints', { name: ' ', capacity_hrs: 8 });
    const task = (name: string, cells: Parameters<typeof add>[1]) =>
      add('tasks', { name, project, status: 'Not started', ...cells });
    const first = task('First', {
      estimated_hours: 4,
      assignee: alex ?? '',
      scheduled_end_date: '2026-02-20',
    });
    task('Second', { estimated_hours: 4, assignee: dana ?? '', depends_on: [first] });
    task('Gone', { estimated_hours: 40, assignee: dana ?? '', status: 'Canceled' });
    task('Vague', { estimated_hours: 'soon', assignee: dana ?? '' });
    const done = task('Done', { estimated_hours: 2, baseline_hours: 2, status: 'Done' });
    add('execution_runs', { run_id: 'r1', task: done, executed_by: alex ?? '', actual_hours: 3 });
    const press = (type: 'StartRun' | 'FinishRun', at: string) => {
      const data = { task: 'First', person: 'Alex' };
      const command = createCommand({ type, data, atMs: Date.parse(at), by: 'alex' }, sha256);
      add('Ledger', { ...toCommandRow(command, type) });
    };
    press('StartRun', '2026-02-27T09:00:00Z');
    press('FinishRun', '2026-02-27T10:00:00Z');
  });
  const argv = ['forecast', '--date', '2026-03-02', '--zone', 'Europe/Berlin'];
  const ask = (...more: readonly string[]) => runCommand(registerForecast, [...argv, ...more]);

  it('reads who does what, what waits for what, and what a sprint holds', async () => {
    const { projects, people, sprints, unusableSprints, docFindings } = JSON.parse(
      (await ask('--project', 'acme', '--json')).out,
    );
    expect(projects).toMatchObject([
      {
        project: 'Acme',
        openTasks: 3,
        finishedTasks: 1,
        droppedTasks: 1,
        finish: {
          reason: null,
          simulatedTasks: 2,
          unassigned: [],
          unknownDependencies: [],
          unestimated: [{ name: 'Vague' }],
        },
        // 3 h typed and 1 h by the button; the canceled task has no part in it.
        earnedValue: { plannedHours: 10, dueHours: 4, earnedHours: 2, spentHours: 4 },
        scopeGrowth: { undatedTasks: 0 },
      },
    ]);
    expect(people.map(({ person }: { person: string }) => person).sort()).toEqual(['Alex', 'Dana']);
    expect(sprints).toEqual([{ startDate: '2026-03-02', endDate: '2026-03-08', capacityHours: 8 }]);
    expect(unusableSprints).toEqual(['Odd', expect.stringMatching(/^i-/)]);
    expect(docFindings).toMatchObject([{ code: 'CELL_UNREADABLE' }, { code: 'ESTIMATE_UNFROZEN' }]);
  });

  it('lets a sprint without hours put work off, and says so in words', async () => {
    const { out } = await ask('--project', 'Acme');
    // Together they have 8 h in the week: 4 h each, so Second cannot be done in it before First is.
    expect(out).toMatch(/^finish {3}P50 2026-03-\d\d/m);
    expect(out).toContain('Acme: 1 of 4 tasks finished, 1 dropped; from 2026-03-02 on');
    expect(out).toContain('2 × sprints whose days or capacity make no sense: Odd, i-');
    expect(out).toContain('1 cell of `tasks.estimated_hours` cannot be read');
    const { out: slow } = await ask('--project', 'Acme', '--capacity', 'dana=0');
    expect(slow).toContain('never: no hours of Dana to work in');
  });

  it.each([
    ['Empty', 1, /The project `Empty` has no task and no run/],
    ['Beta', 1, /No project is called `Beta`: there are `Acme`, `Empty`\./],
  ])('says why there is no forecast of %s', async (name, exitCode, words) => {
    const { code, out, err } = await ask('--project', name);
    expect([code, out]).toEqual([exitCode, '']);
    expect(err).toMatch(words);
  });
});
