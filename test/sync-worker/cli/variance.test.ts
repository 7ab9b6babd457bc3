import { describe, expect, it } from 'vitest';
import { registerVariance } from '#worker/cli/variance.ts';
import { runCommand, useEmptyFolder } from './run-command.ts';

const SESSIONS = `run_id,task_id,workflow,person,started_at,ended_at,net_minutes,interruption_minutes
r1,t1,Audit,dana,2026-03-02 09:00,2026-03-02 11:30,,20
r2,t1,Audit,dana,2026-03-02 11:00,2026-03-02 12:30,,
r3,t2,Audit,alex,2026-03-03 09:00,2026-03-05 09:00,,
r3,t2,Audit,alex,2026-03-03 09:00,2026-03-05 09:00,,
r4,t3,,alex,2026-03-03 09:00,2026-03-03 10:00,,
r5,t3,Sales,alex,yesterday,2026-03-03 10:00,,
r6,t4,Night,sam,2026-10-25 01:00,2026-10-25 04:00,,
`;
const TASKS = `task_id,parent_id,workflow,estimated_hours,estimated_on,completed_on
t1,,Audit,4,2026-03-01,2026-03-02
t1,,Audit,8,2026-03-05,
t2,,Audit,2,2026-03-01,2026-03-06
t3,,Audit,2,2026-03-04,2026-03-06
t4,,Night,2,,2026-10-26
`;

const write = useEmptyFolder();

const runVariance = (...argv: readonly string[]) =>
  runCommand(registerVariance, ['variance', ...argv]);

describe('founder-hq variance', () => {
  const files = () => [
    '--sessions',
    write('sessions.csv', SESSIONS),
    '--tasks',
    write('tasks.csv', TASKS),
  ];
  const runJson = async (...argv: readonly string[]) => {
    const { code, out, err } = await runVariance(...argv, '--json');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    return JSON.parse(out);
  };

  it('fails where no row of the session file can be read, and says why of each', async () => {
    const head = SESSIONS.split('\n')[0] ?? '';
    const path = write('odd.csv', `${head}\nr1,t1,Audit,dana,soon,,,\nr2,t1,Audit,dana,late,,,\n`);
    const { code, out, err } = await runVariance('--sessions', path, '--json');
    expect({ code, refused: JSON.parse(out).refused.length }).toEqual({ code: 1, refused: 2 });
    expect(err).toMatch(
      /^2 × rows .*\nerror: No row of the session file can be read\.\nnext: .*\n$/,
    );
    expect((await runVariance('--sessions', path)).out).toBe('');
    const one = write('one.csv', `${head}\nr1,t1,Audit,dana,soon,,,\nr2,t1,Audit,dana,,,60,\n`);
    expect(await runVariance('--sessions', one)).toMatchObject({ code: 0, err: '' });
    expect((await runVariance('--sessions', write('head.csv', `${head}\n`))).code).toBe(0);
  });

  it('takes characters that steer a terminal for blanks', async () => {
    const head = SESSIONS.split('\n')[0] ?? '';
    const name = '\u001b[31mAu\u0007dit\u009b2J';
    const path = write(
      'steer.csv',
      `${head}\nr1,t1,${name},dana,\u001b[1mnow,,,\nr2,t2,${name},,,,60,\n`,
    );
    const { out } = await runVariance('--sessions', path);
    expect(out).toContain('[31mAu dit 2J');
    expect(out).toContain('received `[1mnow`');
    expect(out.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });

  it('rounds half a percent alike on both sides of an estimate', async () => {
    const sessions = 'task_id,workflow,net_minutes\na,Over,135\nb,Under,105\n';
    const tasks = 'task_id,estimated_hours\na,2\nb,2\n';
    const told = ['--tasks', write('halves-tasks.csv', tasks)];
    const { out } = await runVariance('--sessions', write('halves.csv', sessions), ...told);
    expect(out).toMatch(/Over .*\+13 % {2}\+13 %/);
    expect(out).toMatch(/Under .*-13 % {2}-13 %/);
  });

  it('goes the whole way from runs to figures, and names what it left out', async () => {
    const { groups, flags, refused } = await runJson(...files(), '--zone', 'Europe/Berlin');
    expect(groups).toMatchObject([
      // 01:00 to 04:00 took 4 h in the night the clocks went back.
      { group: 'Night', nTasks: 1, nRuns: 1, actualHours: 4, total: 1, state: 'insufficient' },
      // 130 minutes and 90 against the 4 h that stood when work began.
      { group: 'Audit', nTasks: 1, nRuns: 2, estimateHours: 4, neededN: 31, since: null },
    ]);
    expect(groups[1].actualHours).toBeCloseTo(220 / 60, 12);
    expect(flags).toMatchObject({
      suspect: 1,
      overlap: 1,
      overlapHours: 0.5,
      repeated: 1,
      lateEstimate: 1,
      unresolved: 0,
      conflict: 0,
      refused: 1,
      excluded: { unconfirmed: 1, late_estimate: 1 },
    });
    expect(refused).toEqual([
      {
        file: 'sessions',
        line: 7,
        taskId: 't3',
        reason: 'started_at is not a time like 2026-03-31 14:30, received `yesterday`',
      },
    ]);
  });

  it('lists every task with its baseline and revisions and every overlap on request, and groups by what is asked', async () => {
    const { groups, tasks, overlaps, flagged } = await runJson(
      ...files(),
      '--by',
      'person',
      '--detail',
    );
    expect(groups.map(({ group }: { group: string }) => group).sort()).toEqual([
      'alex',
      'dana',
      'sam',
    ]);
    expect(overlaps).toEqual([
      // 09:00 to 11:30 and 11:00 to 12:30.
      {
        person: 'dana',
        wallHours: 4,
        unionHours: 3.5,
        overlapHours: 0.5,
        runIds: ['r2'],
        pairs: [{ runId: 'r2', onRunId: 'r1' }],
      },
    ]);
    expect(tasks[0]).toMatchObject({
      taskId: 't1',
      baselineHours: 4,
      revisions: [{ estimateHours: 8 }],
      nRuns: 2,
      runs: [
        {
          runId: 'r1',
          standing: 'counted',
          startedAt: '2026-03-02T09:00:00.000Z',
          netMinutes: 130,
        },
        { runId: 'r2', netMinutes: 90, endedAt: '2026-03-02T12:30:00.000Z' },
      ],
    });
    expect(flagged).toMatchObject({
      suspect: ['r3'],
      overlap: ['r2'],
      repeated: ['r3'],
      lateEstimate: ['t3'],
      undatedEstimate: ['t4'],
    });
  });

  it('takes a wish for detail without the object it goes into for a slip of the command line', async () => {
    const { code, out, err } = await runVariance(...files(), '--detail');
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('add `--json`');
  });

  it('names the times that clocks show never or twice', async () => {
    const heads = 'run_id,task_id,workflow,started_at,ended_at';
    const rows = [
      'a,t,Audit,2026-03-29 02:30,2026-03-29 03:30',
      'b,t,Audit,2026-10-25 02:30,2026-10-25 03:30',
      'c,t,Audit,2026-10-25T02:30+01:00,2026-10-25 03:30',
    ];
    const sessions = write('clocks.csv', [heads, ...rows, ''].join('\n'));
    const argv = ['--sessions', sessions, '--zone', 'Europe/Berlin'];
    const { out } = await runVariance(...argv);
    expect(out).toContain(
      '1 × times that the clocks of the zone leap over, taken an hour later: sessions line 2: 2026-03-29 02:30',
    );
    expect(out).toMatch(
      /1 × times that the clocks of the zone show twice, .*: sessions line 3: 2026-10-25 02:30/,
    );
    const { oddClocks } = await runJson(...argv);
    expect(oddClocks).toEqual([
      { file: 'sessions', line: 2, field: 'started_at', text: '2026-03-29 02:30', shown: 'never' },
      { file: 'sessions', line: 3, field: 'started_at', text: '2026-10-25 02:30', shown: 'twice' },
    ]);
    expect((await runJson('--sessions', sessions)).oddClocks).toEqual([]);
  });

  it('puts months one after the other, and gives a group without a finished task no range', async () => {
    const heads = 'run_id,task_id,workflow,started_at,net_minutes';
    const rows = [
      'a,t1,Audit,2026-01-05 09:00,60',
      'b,t2,Audit,2026-02-05 09:00,600',
      'c,t3,Open,2026-03-05 09:00,60',
    ];
    const sessions = write('months.csv', [heads, ...rows, ''].join('\n'));
    const done = 'task_id,estimated_hours,completed_on\nt1,1,2026-01-05\nt2,1,2026-02-05\nt3,1,\n';
    const argv = ['--sessions', sessions, '--tasks', write('months-t.csv', done), '--by', 'month'];
    const { groups } = await runJson(...argv);
    expect(groups.map(({ group }: { group: string }) => group)).toEqual([
      '2026-01',
      '2026-02',
      '2026-03',
    ]);
    const { out } = await runVariance(...argv);
    expect(out).toMatch(/^2026-03 +0 +0 +0\.0 h +0\.0 h +– +– +– +insufficient/m);
  });

  it('lists every other header in its help', async () => {
    const { out } = await runVariance('--help');
    for (const words of [
      'task_id: taskid, task, issuekey, ticket',
      'task_id: taskid, id, key',
      'venture: company, business',
    ]) {
      expect(out).toContain(words);
    }
  });

  it('names what it counts, the first three and how many more', async () => {
    const rows = Array.from(
      { length: 5 },
      (_, n) => `i${n},t,Audit,2026-03-02 10:00,2026-03-02 09:00`,
    );
    const bad = Array.from({ length: 4 }, (_, n) => `b${n},t,Audit,soon,later`);
    const heads = 'run_id,task_id,workflow,started_at,ended_at';
    const sessions = write('odd-times.csv', [heads, ...rows, ...bad, ''].join('\n'));
    const { out } = await runVariance('--sessions', sessions);
    expect(out).toContain(
      '5 × runs whose times make no sense, which count 0: i0, i1, i2, and 2 more',
    );
    expect(out).toMatch(/4 × rows that cannot be read: sessions line 7: .* · and 1 more/);
  });

  it('shows a table and its notes to people', async () => {
    const { code, out } = await runVariance(...files());
    expect(code).toBe(0);
    expect(out).toContain('insufficient, needs ≈31 more');
    expect(out).toContain(
      '1 × runs of over 24 h on the clock; those without net minutes count 0: r3',
    );
    expect(out).toContain(
      '1 × rows that cannot be read: sessions line 7: started_at is not a time',
    );
  });

  it('answers with hours and no variance where there are no estimates, and with nothing where there is nothing', async () => {
    const sessions = write('sessions.csv', SESSIONS);
    const { groups } = await runJson('--sessions', sessions);
    expect(groups[0]).toMatchObject({
      nTasks: 0,
      typical: null,
      total: null,
      unestimatedHours: 220 / 60,
    });
    const header = write('header.csv', `${SESSIONS.split('\n')[0]}\n`);
    expect((await runJson('--sessions', header)).groups).toEqual([]);
    expect((await runVariance('--sessions', header)).out).toBe('No runs and no finished tasks.\n');
  });

  it('takes every task as finished where no file says which are, and says so', async () => {
    const tasks = write('open.csv', TASKS.replaceAll(/,[^,\n]*\n/g, '\n'));
    const argv = ['--sessions', write('sessions.csv', SESSIONS), '--tasks', tasks];
    expect((await runJson(...argv)).groups).toMatchObject([{ nTasks: 1 }, { nTasks: 1 }]);
    expect((await runVariance(...argv)).out).toContain('counts as finished');
  });

  it('refuses a file none of whose columns it knows, which would be rows of nothing', async () => {
    const { code, err } = await runVariance('--sessions', write('wrong.csv', 'a,b\n1,2\n'));
    expect(code).toBe(1);
    expect(err).toMatch(
      /^error: No column of the session file is one of run_id, task_id, person, started_at,/,
    );
  });

  it.each<[string, readonly string[], number, RegExp]>([
    ['a file that is not there', ['--sessions', 'none.csv'], 1, /none\.csv/],
    ['no work at all', [], 2, /no work is named: add `--sessions FILE`/],
    [
      'a zone nobody has',
      ['--sessions', 'none.csv', '--zone', 'Mars/Olympus'],
      2,
      /Europe\/Berlin/,
    ],
    ['a grouping nobody knows', ['--sessions', 'none.csv', '--by', 'mood'], 2, /workflow/],
  ])('refuses %s in plain words', async (_what, argv, exitCode, words) => {
    const { code, out, err } = await runVariance(...argv);
    expect([code, out]).toEqual([exitCode, '']);
    expect(err).toMatch(words);
    expect(err).not.toMatch(/^\s+at /m);
  });
});
