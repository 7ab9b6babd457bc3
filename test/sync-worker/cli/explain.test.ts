import { beforeAll, describe, expect, it } from 'vitest';
import { createCommand, toCommandRow } from '#shared/ledger/index.ts';
import { registerExplain } from '#worker/cli/explain.ts';
import { registerVariance } from '#worker/cli/variance.ts';
import { sha256 } from '#worker/store/index.ts';
import { runCommand, useEmptyFolder } from './run-command.ts';
import { useServedDoc } from './served-doc.ts';

const SESSIONS = `run_id,task_id,workflow,started_at,ended_at,net_minutes
r1,t1,Audit,2026-03-02 09:00,,120
r2,t1,Audit,2026-03-03 09:00,,90
r3,t2,Audit,2026-03-03 09:00,,180
r4,t3,Audit,2026-03-03 09:00,,60
r5,t4,Audit,2026-03-03 09:00,,45
r6,t5,Audit,2026-03-03 09:00,2026-03-05 09:00,
r7,t6,Audit,2026-03-03 09:00,,15
r8,p,Audit,2026-03-04 09:00,,30
r9,c,Audit,2026-03-04 10:00,,75
r10,,Audit,2026-03-04 12:00,,20
s1,s,Sales,2026-03-04 10:00,,75
`;
const TASKS = `task_id,parent_id,workflow,estimated_hours,estimated_on,completed_on
t1,,Audit,4,2026-03-01,2026-03-03
t1,,Audit,8,2026-03-05,
t2,,Audit,2,2026-03-01,2026-03-03
t3,,Audit,,,2026-03-03
t4,,Audit,2,2026-03-04,2026-03-05
t5,,Audit,2,2026-03-01,2026-03-05
t6,,Audit,2,2026-03-01,
p,,Audit,,,2026-03-04
c,p,Audit,1,2026-03-01,2026-03-04
s,,Sales,1,2026-03-01,2026-03-04
`;

const write = useEmptyFolder();
const explain = (name: string, ...argv: readonly string[]) => {
  const files = ['--sessions', write('s.csv', SESSIONS), '--tasks', write('t.csv', TASKS)];
  return runCommand(registerExplain, ['explain', 'workflow', name, ...files, ...argv]);
};
const explainJson = async (name: string) => JSON.parse((await explain(name, '--json')).out);

describe('founder-hq explain workflow', () => {
  it('lists each task with its runs, and why it counts or does not', async () => {
    const { tasks, strayRuns, excluded } = await explainJson('Audit');
    const standings = tasks.map((task: Record<string, unknown>) => [
      task['taskId'],
      task['standing'],
      task['actualHours'],
    ]);
    expect(standings).toEqual([
      ['c', 'sample', 1.25],
      ['p', 'sums', 0.5],
      ['t1', 'sample', 3.5],
      ['t2', 'sample', 3],
      ['t3', 'no_estimate', 1],
      ['t4', 'late_estimate', 0.75],
      ['t5', 'unconfirmed', 0],
      ['t6', 'open', 0.25],
    ]);
    expect(tasks[2]).toMatchObject({
      baselineHours: 4,
      revisions: [{ estimateHours: 8 }],
      runs: [
        { runId: 'r1', standing: 'counted', netMinutes: 120 },
        { runId: 'r2', standing: 'counted', netMinutes: 90 },
      ],
    });
    expect(tasks[6].runs).toMatchObject([{ runId: 'r6', standing: 'suspect' }]);
    expect(strayRuns).toMatchObject([{ runId: 'r10', netMinutes: 20 }]);
    expect(excluded).toMatchObject({ no_estimate: 1, late_estimate: 1, unconfirmed: 1 });
  });

  it('gives every figure on the way, so that each follows by hand from those before it', async () => {
    const told = await explainJson('Audit');
    // 75, 30, 210 and 180 minutes against 1, 4 and 2 hours; the parent's own half hour has no estimate of its own.
    expect([told.estimateHours, told.actualHours]).toEqual([7, 8.25]);
    expect(told.total).toBeCloseTo(8.25 / 7 - 1, 12);
    expect(told.ratios).toEqual([0.875, 1.25, 1.5]);
    expect(told.typical).toBe(0.25);
    expect(told.looks).toBeCloseTo(8.25 / 5 / (7 / 3) - 1, 12);
    const { weight, own, prior, classes } = told.shrinkage;
    expect(weight).toBeCloseTo(3 / 23, 12);
    expect(own.p10).toBeCloseTo(0.875 ** 0.8 * 1.25 ** 0.2, 12);
    expect(classes).toEqual([
      expect.objectContaining({ upToHours: 1, nSample: 1, nOwn: 2, from: 'built_in' }),
      expect.objectContaining({ upToHours: 2, nSample: 1, nOwn: 1, from: 'built_in' }),
      expect.objectContaining({ upToHours: 4, nSample: 1, nOwn: 1, from: 'built_in' }),
    ]);
    expect(prior.p10).toBeCloseTo(Math.cbrt(0.5 * 0.5 * 0.41), 12);
    for (const quantile of ['p10', 'p50', 'p90']) {
      const shrunk = own[quantile] ** weight * prior[quantile] ** (1 - weight);
      expect(told[quantile]).toBeCloseTo(shrunk, 12);
    }
    expect(told.drift).toMatchObject({ state: 'insufficient', n: 3, needed: 29 });
  });

  it('lists tasks by the day they were finished, then by name, the others last', async () => {
    const { out } = await explain('Audit');
    const listed = [...out.matchAll(/^ {3}(\w+)(?: \(its own runs\))?: (?:no )?estimate/gm)];
    expect(listed.map(([, name]) => name)).toEqual(['t1', 't2', 't3', 'c', 'p', 't4', 't5', 't6']);
  });

  it('says it all in words', async () => {
    const { code, out } = await explain('Audit');
    expect(code).toBe(0);
    for (const line of [
      't1: estimate 4 h, actual 3.5 h, ratio 3.5 h ÷ 4 h = 0.875; counts',
      'later estimates, not used: 8 h on 2026-03-05',
      'r1 120 min + r2 90 min',
      'p (its own runs): no estimate, actual 0.5 h; counts in the total, under the estimates below it',
      't5: estimate 2 h, actual 0 h; left out: a run may be a forgotten timer',
      'r6 suspect, counts 0',
      'without a task: r10 20 min',
      '2. 3 ratios, sorted: 0.875 1.25 1.5',
      'typical: median 1.25 − 1 = +25 %',
      'total: Σ actual 8.25 h ÷ Σ estimate 7 h − 1 = +17.86 %',
      'looks: mean of 5 runs 1.65 h ÷ mean estimate 2.333 h − 1 = -29.29 %',
      '= 0.875; counts (2026-03-03)',
      'n ÷ (n + 20) = 3 ÷ 23 = 0.1304',
      '1 × up to 4 h: 0.41, 1, 2.5, from the built-in table',
      '4. Drift: not judged: 3 finished tasks with a known day, needs ≈29 more.',
    ]) {
      expect(out).toContain(line);
    }
  });

  it('tells each later estimate on its day in the zone', async () => {
    const { out } = await explain('Audit', '--zone', 'Europe/Berlin');
    expect(out).toContain('later estimates, not used: 8 h on 2026-03-05');
  });

  it('says where a row was not read, and does not take it for work that was never estimated', async () => {
    const bad = TASKS.replace('t2,,Audit,2,', 't2,,Audit,"1.234,5",');
    const files = ['--sessions', write('s.csv', SESSIONS), '--tasks', write('bad.csv', bad)];
    const argv = ['explain', 'workflow', 'Audit', ...files];
    const { out } = await runCommand(registerExplain, argv);
    const reason = 'estimated_hours is not a number like 1.5, received `1.234,5`';
    expect(out).toContain(`      not read: line 4 of the task file, ${reason}`);
    expect(out).toContain(`1 × rows that cannot be read: tasks line 4: ${reason}`);
    const told = JSON.parse((await runCommand(registerExplain, [...argv, '--json'])).out);
    expect(told.refused).toEqual([{ file: 'tasks', line: 4, taskId: 't2', reason }]);
    const lines = told.tasks.map((task: Record<string, unknown>) => task['refusedLines']);
    expect(lines.filter((each: readonly number[]) => each.length > 0)).toEqual([[4]]);
  });

  it('says of a parent that its estimate is that of the tasks below it', async () => {
    const above = TASKS.replace('p,,Audit,,,', 'p,,Audit,6,2026-03-01,').replace(
      'c,p,Audit,1,2026-03-01,2026-03-04',
      'c,p,Audit,1,2026-03-01,',
    );
    const files = ['--sessions', write('s.csv', SESSIONS), '--tasks', write('above.csv', above)];
    const { out } = await runCommand(registerExplain, ['explain', 'workflow', 'Audit', ...files]);
    expect(out).toContain(
      'p (its own runs): estimate 6 h, replaced by those below it, actual 0.5 h; left out: the estimates are those of the tasks below it, and none of them counts here',
    );
    const { out: table } = await runCommand(registerVariance, ['variance', ...files]);
    expect(table).toContain('1 × finished tasks without an estimate');
    expect(table).toContain('1 × finished parents with runs of their own');
  });

  it('explains a workflow without a sample by the classes of all sizes', async () => {
    const files = ['--sessions', write('only.csv', SESSIONS)];
    const argv = ['explain', 'workflow', 'Sales', ...files];
    const { out } = await runCommand(registerExplain, argv);
    expect(out).toContain('nothing is typical yet');
    expect(out).toContain('3. Range: 0.3, 1, 2.5, that of all sizes together.');
    const { out: json } = await runCommand(registerExplain, [...argv, '--json']);
    expect(JSON.parse(json)).toMatchObject({ shrinkage: null, typical: null, ratios: [] });
  });

  it('tells a drift with its z and what it had to exceed', async () => {
    const many = Array.from({ length: 60 }, (_, place) => place);
    const day = (place: number) =>
      `2026-0${1 + Math.floor(place / 28)}-${10 + ((place % 28) >> 1)}`;
    const sessions = write(
      'many-s.csv',
      [
        'run_id,task_id,workflow,net_minutes',
        ...many.map((n) => `r${n},t${n},Audit,${(n < 30 ? 60 : 150) + n}`),
        '',
      ].join('\n'),
    );
    const tasks = write(
      'many-t.csv',
      [
        'task_id,workflow,estimated_hours,completed_on',
        ...many.map((n) => `t${n},Audit,1,${day(n)}`),
        '',
      ].join('\n'),
    );
    const argv = ['explain', 'workflow', 'Audit', '--sessions', sessions, '--tasks', tasks];
    const { out } = await runCommand(registerExplain, argv);
    expect(out).toMatch(
      /4\. Drift: drifting over, × [\d.]+ since 2026-02-1\d; strongest change z = 6\.\d\d, has to exceed ±3\.20 after 60 tasks/,
    );
    expect(out).toMatch(/60 × up to 1 h: .*, from 60 own tasks/);
  });

  it('names the workflows there are where the one asked for is none of them', async () => {
    const { code, err } = await explain('audit');
    expect(code).toBe(1);
    expect(err).toContain('No workflow `audit` in the files; there are: `Audit`, `Sales`.');
  });
});

describe('founder-hq explain workflow, where no doc is served', () => {
  it.each<[string, readonly string[], RegExp]>([
    ['files and a doc at once', ['--sessions', 's.csv', '--doc', 'x'], /cannot be used with/],
    ['tasks without runs', ['--tasks', 't.csv'], /add `--sessions FILE`/],
    ['nothing at all', [], /no work is named: add `--sessions FILE`, or `--doc URL`/],
  ])('takes %s for a slip of the command line', async (_what, argv, words) => {
    const asked = ['explain', 'workflow', 'Audit', ...argv];
    const { code, out, err } = await runCommand(registerExplain, asked);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(words);
  });
});

describe('founder-hq explain workflow, of a doc', () => {
  const { doc } = useServedDoc();
  const { person } = doc;
  beforeAll(() => {
    const workflow = person.insertRow('workflows', { name: 'Audit' });
    for (const name of ['Twin', 'twin', 'Idle']) person.insertRow('workflows', { name });
    const template = person.insertRow('process_templates', { name: 'Audit v1', workflow });
    const project = person.insertRow('projects', { name: 'Acme', process_template: template });
    const add = (name: string, cells: Readonly<Record<string, string | number>>) =>
      person.insertRow('tasks', { name, project, status: 'Done', ...cells });
    const interview = add('Interview', { estimated_hours: 5, baseline_hours: 2 });
    add('Report', { estimated_hours: 4, baseline_hours: 4 });
    const late = add('Late', { estimated_hours: 1, baseline_hours: 0 });
    const typed = (
      run_id: string,
      task: string,
      cells: Readonly<Record<string, string | number>>,
    ) => person.insertRow('execution_runs', { run_id, task, ...cells });
    const clock = { started_at: '2026-01-06T10:00:00Z', ended_at: '2026-01-06T12:30:00Z' };
    typed('r1', interview, { ...clock, interrupt_minutes: 20 });
    typed('r2', late, { actual_hours: 1 });
    typed('r3', interview, { actual_hours: 'an hour' });
    const press = (type: 'StartRun' | 'FinishRun', at: string) => {
      const data = { task: 'Report', person: 'Dana' };
      const command = createCommand({ type, data, atMs: Date.parse(at), by: 'dana' }, sha256);
      person.insertRow('Ledger', { ...toCommandRow(command, type) });
    };
    press('StartRun', '2026-01-07T09:00:00Z');
    press('FinishRun', '2026-01-07T12:00:00Z');
  });
  const ask = (name: string, ...argv: readonly string[]) =>
    runCommand(registerExplain, ['explain', 'workflow', name, ...argv]);

  it('tells every step from its rows and from the presses of its buttons', async () => {
    const { code, out } = await ask('audit');
    expect(code).toBe(0);
    for (const line of [
      'How the variance of Audit comes about',
      'Interview: estimate 2 h, actual 2.167 h, ratio 2.167 h ÷ 2 h = 1.083; counts',
      'later estimates, not used: 5 h',
      'r1 130 min (150 on the clock)',
      'Report: estimate 4 h, actual 3 h, ratio 3 h ÷ 4 h = 0.75; counts',
      'Late: estimate 1 h, actual 1 h; left out: first estimated after work had begun',
      '2. 2 ratios, sorted: 0.75 1.083',
      'total: Σ actual 5.167 h ÷ Σ estimate 6 h − 1 = -13.89 %',
    ]) {
      expect(out).toContain(line);
    }
  });

  const variance = ['variance', '--doc', doc.docId];

  it('names in the variance table what no flag counts, once', async () => {
    const { out } = await runCommand(registerVariance, variance);
    expect(out).toMatch(/^Audit +2 /m);
    expect(out).toContain('1 × finished tasks first estimated after work had begun');
    expect(out).toContain('1 cell of `execution_runs.actual_hours` cannot be read');
    expect(out).not.toContain('1 task was first estimated');
  });

  it('comes to the number of the variance command on the same doc', async () => {
    const told = JSON.parse((await ask('Audit', '--json')).out);
    const { out } = await runCommand(registerVariance, [...variance, '--json']);
    const { groups, flags, docFindings } = JSON.parse(out);
    expect(groups).toMatchObject([{ name: 'Audit', total: told.total, typical: told.typical }]);
    expect(told.workflowId).toBe(groups[0].group);
    expect(flags).toMatchObject({ lateEstimate: 1, excluded: { late_estimate: 1 } });
    expect(docFindings.map(({ code }: { code: string }) => code)).toEqual([
      'CELL_UNREADABLE',
      'RUN_INVALID',
      'ESTIMATE_LATE',
    ]);
  });

  it.each([
    ['Retainer', /No workflow is called `Retainer`: there are `Audit`, `Twin`, `twin`, `Idle`\./],
    ['TWIN', /Several workflows are called `TWIN`: name the row id instead, one of `i-/],
    ['Idle', /Nobody has worked on the workflow `Idle`/],
  ])('says why it cannot explain %s', async (name, words) => {
    const { code, out, err } = await ask(name);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(words);
  });
});
