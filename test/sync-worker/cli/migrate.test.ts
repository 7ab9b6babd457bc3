import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerMigrate } from '#worker/cli/migrate.ts';
import { cellsOf, oldTables } from '../migrate/old-doc.ts';
import { runCommand } from './run-command.ts';
import { useServedDoc } from './served-doc.ts';

const { doc, add, rows, folder } = useServedDoc([], oldTables());
const migrate = (...words: readonly string[]) => runCommand(registerMigrate, ['migrate', ...words]);
const file = join(folder, 'decisions.csv');
const decide = (decision: string) => {
  const [head = '', line = ''] = readFileSync(file, 'utf8').trimEnd().split('\n');
  writeFileSync(file, `${head}\n${line.replace(/[^,]*$/, decision)}\n`);
};

/** The commands are given one after the other, as a founder would. */
describe('founder-hq migrate', () => {
  let before: readonly string[] = [];

  beforeAll(() => {
    const sprint = { name: '2025-W49', start_date: '2025-12-01', end_date: '2025-12-07' };
    const week = add('sprints', sprint);
    add('tasks', { name: 'Interview', external_id: 'T-1', Sprint: week });
    add('tasks', { name: 'Report', Sprint: week, scheduled_start_date: '2025-12-03' });
    add('DB Templates', { Name: 'Kick-off', Checklist: 'Call\nMinutes' });
    add('DB Templates', { Name: '=Thing', Content: 'Words, and more.' });
    add('offers', { name: 'Audit' });
    before = cellsOf(doc);
  });

  const PLAN = [
    '1 × a template that says how to work is a process template',
    '  process_templates  Kick-off  new row  has a checklist',
    '1 × a task starts when its sprint does',
    '  tasks  Interview  scheduled_start_date  blank → 2025-12-01',
    '2 × a task without an end is due when its sprint ends',
    '  tasks  Interview  scheduled_end_date  blank → 2025-12-07',
    '  tasks  Report     scheduled_end_date  blank → 2025-12-07',
    '2 × an offer without a blueprint gets a first one',
    '  service_blueprints  Audit  new row            nothing leads the offer `Audit` to one',
    '  offers              Audit  service_blueprint  blank → Audit (new)',
    '1 × a blueprint without a workflow gets a first one',
    '  workflows  Audit delivery  new row  no workflow belongs to the blueprint `Audit`',
    'For a person to decide, and left until then:',
    '  template  =Thing: nothing says what it is; process | resource | skip',
  ];

  it('shows every cell and row with its rule, what is left to decide, and what would hold', async () => {
    const { code, out } = await migrate('--dry-run');
    expect([code, out.split('\n')]).toEqual([
      0,
      [
        ...PLAN,
        'Rows: service_blueprints 0 → 1, workflows 0 → 1, process_templates 0 → 1; no other table gains or loses any',
        'After it:',
        '  holds        every task is in the sprint it had (2)',
        '  not for 1    every old template is in one of the new tables (2)',
        '    db_templates  =Thing: waits for a decision',
        '  holds        every offer has a blueprint (1)',
        '  holds        every blueprint has a workflow (1)',
        '  holds        every relation leads to a row (4)',
        '  holds        every row that was there is there (6)',
        'To decide, add --decisions FILE and fill in the file.',
        'Nothing was written to the doc; --apply writes it.',
        '',
      ],
    ]);
    expect(cellsOf(doc)).toEqual(before);
  });

  it('writes the open questions into a file, once, and no formula with them', async () => {
    const first = await migrate('--decisions', file);
    expect(first.out).toContain(`${file}: 1 added for you to decide.`);
    const text = readFileSync(file, 'utf8');
    expect(text).toMatch(
      /^question,row,name,why,choices,decision\ntemplate,i-[\w-]+,'=Thing,nothing says what it is,process \| resource \| skip,\n$/,
    );
    expect((await migrate('--decisions', file)).out).not.toContain('added');
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('refuses a decision that is none, and a file that is none, before it writes', async () => {
    decide('maybe');
    const { code, err } = await migrate('--apply', '--decisions', file);
    expect([code, err]).toEqual([
      1,
      'error: `maybe` is no decision on `=Thing` (template): expected one of `process`, `resource`, `skip`.\nnext: mend that line of the decisions file and run the same command again\n',
    ]);
    const bad = join(folder, 'bad.csv');
    writeFileSync(bad, 'question,row\ntemplate,i-1\n');
    expect((await migrate('--apply', '--decisions', bad)).err).toMatch(/no column `decision`/);
    writeFileSync(bad, 'row,question,decision\nr,template,skip\nr,template,process\n');
    expect((await migrate('--apply', '--decisions', bad)).err).toMatch(/line 3 decides once more/);
    expect(cellsOf(doc)).toEqual(before);
  });

  it('writes with --apply and looks again, and is done in part while a question is open', async () => {
    const { code, out } = await migrate('--apply');
    expect(code).toBe(4);
    expect(out).toMatch(/^Written: 7 of 7 cells and rows, in \d requests\.\n/);
    expect(out).toContain(
      'Read back from the doc:\n  holds        every task is in the sprint it had',
    );
    expect(rows('tasks').map((row) => row['scheduled_end_date']?.slice(0, 10))).toEqual([
      '2025-12-07',
      '2025-12-07',
    ]);
    expect(rows('workflows')).toMatchObject([
      { name: 'Audit delivery', service_blueprint: 'Audit' },
    ]);
  });

  it('is done once all is decided, and stays so without the file', async () => {
    decide('skip');
    const decided = await migrate('--apply', '--decisions', file);
    expect([decided.code, decided.out.split('\n')[0]]).toEqual([0, 'Nothing was to be written.']);
    const shown = await migrate();
    expect(shown.out).toMatch(/^Nothing is left to write\.\n7 cells and rows written before\n/);
    expect(shown.out).not.toContain('not for');
    const { plan, checks } = JSON.parse((await migrate('--json')).out) as {
      plan: { changes: unknown[] };
      checks: unknown[];
    };
    expect([plan.changes, checks]).toEqual([[], expect.any(Array)]);
  });

  it('is refused by a check that does not hold, though nothing is left to write', async () => {
    const [task] = doc.person.readRows('tasks');
    const start = 'scheduled_start_date';
    doc.person.editCell('tasks', task?.rowId ?? '', { [start]: '' });
    expect((await migrate('--apply')).code).toBe(3);
    doc.person.editCell('tasks', task?.rowId ?? '', { [start]: '2025-12-01' });
  });

  it('puts everything back with --undo, and says what it had to leave', async () => {
    const [task] = doc.person.readRows('tasks');
    doc.person.editCell('tasks', task?.rowId ?? '', { scheduled_end_date: '2025-12-05' });
    const { code, out } = await migrate('--undo');
    expect([code, out]).toEqual([
      4,
      'Put back: 3 cells. Removed: 3 rows.\nLeft as they are:\n  tasks `Interview` `scheduled_end_date` was changed since, and stays so\n',
    ]);
    doc.person.editCell('tasks', task?.rowId ?? '', { scheduled_end_date: '' });
    expect(cellsOf(doc)).toEqual(before);
    const again = await migrate('--undo', '--json');
    expect([again.code, JSON.parse(again.out)]).toEqual([
      0,
      { cells: 0, rows: 0, left: [], remaining: 0 },
    ]);
    expect((await migrate('--undo')).out).toBe('Nothing was written here that could be undone.\n');
  });

  it('names what the doc lacks, and writes nothing without it', async () => {
    doc.person.deleteColumn('offers', 'service_blueprint');
    const shown = await migrate();
    expect([shown.code, shown.out]).toEqual([
      1,
      expect.stringContaining(
        'Before anything can be written:\n  Add a column `service_blueprint` (relation to `service_blueprints`) to `offers`.\n',
      ),
    ]);
    const { code, err } = await migrate('--apply');
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/^error: The doc cannot take the migration in yet:\n {2}- Add/),
    ]);
  });

  it('takes one way at a time', async () => {
    expect((await migrate('--apply', '--undo')).code).toBe(2);
  });
});
