import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerImport } from '#worker/cli/import.ts';
import { registerSync } from '#worker/cli/sync.ts';
import { HARVEST, KIMAI_COLONS, TOGGL } from '../time/time-samples.ts';
import { runCommand } from './run-command.ts';
import { useServedDoc } from './served-doc.ts';

const { add, rows, folder } = useServedDoc();
const run = (...words: readonly string[]) =>
  runCommand(registerImport, ['import', 'time', ...words]);
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return name;
};

beforeAll(() => {
  add('projects', { name: 'Audit Acme' });
  for (const name of ['Dana Reed', 'Sam Ode']) add('people', { name });
  add('tasks', { name: 'Interviews', project: 'Audit Acme', external_id: 'T-1' });
});

describe('founder-hq import calendar', () => {
  const EVENTS = [
    'BEGIN:VCALENDAR',
    'BEGIN:VEVENT',
    'UID:1',
    'DTSTART;TZID=My Zone:20260302T090000',
    'DURATION:PT1H',
    'SUMMARY:Interviews',
    'END:VEVENT',
    'BEGIN:VEVENT',
    'UID:2',
    'DTSTART:20260302T130000Z',
    'DURATION:PT1H',
    'SUMMARY:Lunch',
    'END:VEVENT',
    'END:VCALENDAR',
  ];

  it('takes what is about a task, names the rest, and keeps what it cannot read', async () => {
    const file = write('dana.ics', EVENTS.join('\r\n'));
    const left = join(folder, 'left-events.csv');
    const calendar = (...words: readonly string[]) =>
      runCommand(registerImport, ['import', 'calendar', file, ...words]);
    const first = await calendar('--dry-run', '--refused', left);
    expect(first).toMatchObject({ code: 1, out: expect.stringContaining('1 refused') });
    expect(readFileSync(left, 'utf8')).toMatch(
      /^refused_line,refused_reason,uid,summary,start,end\n3,.*My Zone.*\n9,.*Lunch/,
    );
    const known = await calendar('--dry-run', '--tzid', 'My Zone=Europe/Berlin', '--json');
    expect([known.code, JSON.parse(known.out)]).toMatchObject([
      0,
      { source: 'calendar', new: 1, unmatched: [{ line: 9 }], skipped: {} },
    ]);
    expect(await calendar('--tzid', 'My Zone=Nowhere')).toMatchObject({ code: 2 });
  });
});

describe('founder-hq import git', () => {
  it('takes the log of a repository from a file, and says which trailer is missing', async () => {
    const author = 'Author: Dana Reed <dana@acme.example>\nDate:   2026-03-02T09:00:00Z\n';
    const file = write(
      'site.log',
      `commit aaaaaaa\n${author}\n    Do\n\n    Task: T-1\n    Time-Spent: 1h\n\ncommit bbbbbbb\n${author}\n    More\n`,
    );
    const { code, out } = await runCommand(registerImport, ['import', 'git', file, '--dry-run']);
    expect(out).toContain('1 passed over: commits without a trailer such as `Time-Spent: 1h30m`.');
    expect([code, out]).toEqual([0, expect.stringContaining('Runs: 1 new')]);
  });

  it('says what is no repository', async () => {
    const { code, err } = await runCommand(registerImport, ['import', 'git', '.', '--dry-run']);
    expect([code, err]).toEqual([1, expect.stringMatching(/^error: git cannot read the log of/)]);
  });
});

describe('founder-hq import time', () => {
  it('shows in a dry run how it reads the file and what would come of it, and makes no ledger', async () => {
    const file = write('toggl.csv', TOGGL);
    const { code, out } = await run(file, '--dry-run');
    expect(out.split('\n')).toEqual([
      'toggl.csv: Toggl Track, read as',
      '  start_date ← Start date',
      '  start_time ← Start time',
      '  end_date   ← End date',
      '  end_time   ← End time',
      '  duration   ← Duration',
      '  person     ← User',
      '  email      ← Email',
      '  client     ← Client',
      '  project    ← Project',
      '  task       ← Task',
      '  note       ← Description',
      '  not read: Billable, Tags, Amount ()',
      '',
      '4 entries are good, 0 refused; 2 belong to 1 task of the doc (3.0 h), 2 to none.',
      '  line 4: no task is called `Report`; the nearest is `Interviews`',
      '  line 5: no task is called `T-2 last touches`; the nearest is `Interviews`',
      'Times alone carry no estimates; those of Tasks count, and 1 of 1 task has none (`Interviews`): it has hours and no variance. Fill estimated_hours, or give --tasks FILE.',
      'Runs: 2 new, 0 changed, 0 as before.',
      'Nothing was sent; without --dry-run these runs go into the doc.',
      '',
    ]);
    expect([code, rows('execution_runs')]).toEqual([1, []]);
    expect(existsSync(join(folder, '.founder-hq', 'last-doc'))).toBe(false);
  });

  it('loads what it knows, ends with 4 while something is left, and writes that into a file', async () => {
    const file = write(
      'harvest.csv',
      `${HARVEST}2026-03-19,Acme,Audit Acme,,Report,,x,,,,,Sam,Ode,,,,,,,,\n`,
    );
    const left = join(folder, 'left.csv');
    const first = await run(file, '--refused', left, '--json');
    expect(first).toMatchObject({ code: 4 });
    const report: unknown = JSON.parse(first.out);
    expect(report).toMatchObject({
      source: 'harvest',
      outcome: 'loaded',
      accepted: 4,
      new: 2,
      sent: 2,
      refused: [{ line: 6 }],
      unmatched: [{ line: 4 }, { line: 5 }],
    });
    const lines = readFileSync(left, 'utf8').split('\n');
    expect(lines[0]).toMatch(/^refused_line,refused_reason,Date,Client/);
    expect(lines.slice(1, 4).map((line) => line.slice(0, 12))).toEqual([
      '6,"hours is ',
      '4,no task is',
      '5,no task is',
    ]);
    write('tasks.csv', 'Key,Task,Project,Estimate\nT-2,Report,Audit Acme,4\n,x,,\n');
    const mended = write('mended.csv', readFileSync(left, 'utf8').replace(',x,', ',1,'));
    const second = await run(mended, '--tasks', 'tasks.csv');
    expect(second.out).toContain('Runs: 3 new, 0 changed, 0 as before.');
    expect(second.out).toContain('These rows of the list of tasks were left out:\n  line 3:');
    expect(second.out).toContain('3 rows of Execution Runs and 1 of Tasks were sent.');
    expect([second.code, rows('execution_runs').length]).toEqual([4, 5]);
  });

  it('ends with 0 where every entry is a run, and says what the second time has not changed', async () => {
    const file = write('kimai.csv', KIMAI_COLONS);
    expect(await run(file)).toMatchObject({ code: 0 });
    const again = await run(file);
    expect(again.out).toContain('Runs: 0 new, 0 changed, 2 as before.');
    expect(again).toMatchObject({ code: 0 });
  });

  it('names what has left the file, what was deleted, and what overlaps', async () => {
    const [, , other = ''] = KIMAI_COLONS.split('\n');
    const text = KIMAI_COLONS.replace(
      other,
      other.replace('Report', 'Interviews').replace('17.', '18.'),
    );
    const line = '02.03.2026,09:30,10:00,0:30,0,Dana Reed,Acme,Audit Acme,Interviews,\n';
    const { out } = await run(write('less.csv', text + line), '--dry-run');
    expect(out).toMatch(
      /No longer in the file, and left in the doc:\n {2}2026-03-17 Report \(2\.25 h\): run /,
    );
    expect(out).toContain('two things at once here; both count:\n  line 4 and line 2\n');
  });

  it('leaves nothing to change after a pass, which counts the runs and writes none of them', async () => {
    const before = rows('execution_runs');
    const { code } = await runCommand(registerSync, ['sync']);
    expect([code, rows('execution_runs')]).toEqual([0, before]);
    const again = await run('kimai.csv');
    expect(again.out).toContain('0 rows of Execution Runs and 0 of Tasks were sent.');
  });

  it('says what it cannot read in two lines', async () => {
    const { code, err } = await run(write('other.csv', 'a,b\n1,2\n'));
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/^error: No known tool writes the header `a`, `b`: .*\n$/),
    ]);
    expect(await run('other.csv', '--source', 'excel')).toMatchObject({ code: 2 });
    expect(await run('other.csv', '--map', 'nothing=a')).toMatchObject({ code: 2 });
  });
});
