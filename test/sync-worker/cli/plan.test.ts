import { beforeAll, describe, expect, it } from 'vitest';
import type { ProjectProposal } from '#shared/planning/index.ts';
import { registerPlan } from '#worker/cli/plan.ts';
import { runCommand } from './run-command.ts';
import { useServedDoc } from './served-doc.ts';

const { doc, add, edit, rows } = useServedDoc();
const { person } = doc;
const planAs = (name: string, offer: string, ...words: readonly string[]) =>
  runCommand(registerPlan, ['plan', offer, '--name', name, '--start', '2026-01-05', ...words]);
const plan = (offer: string, ...words: readonly string[]) => planAs('Audit Acme', offer, ...words);
const rowOf = (table: string, name: string) =>
  person.readRows(table).find(({ cells }) => cells['name'] === name)?.rowId ?? '';
const ROWS = [
  'Audit Acme: Growth audit → Audit',
  '  engagement  Audit Acme',
  '  project     Audit Acme (one project for each template: Four weeks)',
  `  2026-01-05  ${'Interview'.padEnd(40)}  3.0 h, typically 0.9–7.5`,
  `  2026-01-05  ${'Report'.padEnd(40)}  2.0 h, typically 0.6–5.0`,
  '  ranges of Four weeks rest on no finished task yet: ranges of work at large',
  '4 rows to make, 0 there already',
];

/** The commands are given one after the other, as a founder would. */
describe('founder-hq plan', () => {
  beforeAll(() => {
    add('service_blueprints', { name: 'Audit' });
    add('offers', { name: 'Growth audit', service_blueprint: 'Audit' });
    add('workflows', { name: 'Marketing', service_blueprint: 'Audit' });
    const checklist = 'Interview (3 h)\nReport (2 h)';
    add('process_templates', { name: 'Four weeks', workflow: 'Marketing', checklist });
  });

  it('shows the rows and writes none of them', async () => {
    const { code, out } = await plan('growth audit');
    expect([code, out.split('\n')]).toEqual([
      0,
      [...ROWS, 'Nothing was written to the doc; --apply makes the rows.', ''],
    ]);
    expect([rows('engagements'), rows('projects'), rows('tasks')]).toEqual([[], [], []]);
  });

  it('makes them with --apply, after showing them, each linked to what it hangs below', async () => {
    const { code, out } = await plan('Growth audit', '--apply');
    expect([code, out.split('\n')]).toEqual([
      0,
      [...ROWS, 'Made in the doc: 1 engagement, 1 project, 2 tasks.', ''],
    ]);
    const key = expect.stringMatching(/^plan-[0-9A-Z]{26}$/);
    expect(rows('engagements')).toMatchObject([
      { name: 'Audit Acme', external_id: key, offer: 'Growth audit' },
    ]);
    expect(rows('projects')).toMatchObject([
      { external_id: key, engagement: 'Audit Acme', process_template: 'Four weeks' },
    ]);
    const task = { external_id: key, project: 'Audit Acme', status: 'Draft' };
    const day = { scheduled_start_date: expect.stringMatching(/^2026-01-05/) };
    expect(rows('tasks')).toMatchObject([
      { name: 'Interview', estimated_hours: '3', ...task, ...day },
      { name: 'Report', estimated_hours: '2', ...task, ...day },
    ]);
  });

  it('adds nothing the second time', async () => {
    const before = JSON.stringify([rows('engagements'), rows('projects'), rows('tasks')]);
    const { code, out } = await plan('Growth audit', '--apply');
    expect([code, out.split('\n').slice(1)]).toEqual([
      0,
      ['0 rows to make, 4 there already', 'Nothing was to be made.', ''],
    ]);
    expect(JSON.stringify([rows('engagements'), rows('projects'), rows('tasks')])).toBe(before);
  });

  it('leaves what people have changed, deleted and added as it is, and names it', async () => {
    edit('tasks', 'Interview', { name: 'Talk', estimated_hours: '5' });
    edit('engagements', 'Audit Acme', { name: 'Acme 2026' });
    person.deleteRow('tasks', rowOf('tasks', 'Report'));
    add('tasks', { name: 'Errand', project: 'Audit Acme' });
    const shown = [
      'Audit Acme: Growth audit → Audit',
      '0 rows to make, 3 there already',
      'Different from the pattern, and left as it is:',
      '  renamed: Audit Acme is now Acme 2026',
      '  renamed: Interview is now Talk',
      '  estimated anew: Talk, 3.0 h in the template, 5.0 h in the task',
      '  deleted: Report',
      '  in no checklist: Errand',
    ];
    expect((await plan('Growth audit', '--apply')).out.split('\n')).toEqual([
      ...shown,
      'Nothing was to be made.',
      '',
    ]);
    // What was made is remembered with the ledger, so that looking tells the same.
    expect((await plan('Growth audit')).out.split('\n').slice(0, -2)).toEqual(shown);
    expect(rows('tasks').map(({ name }) => name)).toEqual(['Talk', 'Errand']);
  });

  it('knows rows made by hand under the same names', async () => {
    const offer = rowOf('offers', 'Growth audit');
    const engagement = add('engagements', { name: 'Audit Beta', offer });
    const project = add('projects', { name: 'Audit Beta', engagement });
    add('tasks', { name: 'interview', project, estimated_hours: 4 });
    const again = await planAs('Audit Beta', 'Growth audit', '--apply', '--json');
    const told = JSON.parse(again.out) as ProjectProposal & { applied: object };
    expect([told.rows.map(({ name }) => name), told.present]).toEqual([['Report'], 3]);
    expect(told.differences.map(({ kind }) => kind)).toEqual([
      'renamed',
      're_estimated',
      'rescheduled',
    ]);
    expect(told.applied).toMatchObject({
      made: { engagements: 0, projects: 0, tasks: 1 },
      status: 'Draft',
    });
    expect(rows('tasks').filter((row) => row['project'] === 'Audit Beta')).toMatchObject([
      { name: 'interview', estimated_hours: '4', status: '' },
      { name: 'Report', status: 'Draft' },
    ]);
  });

  it('makes a row of its own beside one of the same name that belongs to something else', async () => {
    add('offers', { name: 'Second audit', service_blueprint: 'Audit' });
    await plan('Second audit', '--apply');
    expect(rows('engagements').filter(({ name }) => name === 'Audit Acme')).toMatchObject([
      { offer: 'Second audit' },
    ]);
    expect(rows('projects').filter(({ name }) => name === 'Audit Acme')).toMatchObject([
      { engagement: 'Acme 2026' },
      { engagement: 'Audit Acme' },
    ]);
  });

  it('says which offers there are, and what stands in the way of one', async () => {
    expect(await plan('Retainer')).toMatchObject({
      code: 1,
      err: 'error: No offer is called `Retainer`: there are `Growth audit`, `Second audit`.\n',
    });
    add('offers', { name: 'Coaching' });
    expect(await plan('Coaching')).toMatchObject({
      code: 1,
      err: expect.stringContaining('`Coaching` has no service blueprint: link one'),
    });
    add('offers', { name: 'Coaching' });
    expect(await plan('Coaching')).toMatchObject({
      err: expect.stringContaining('row id instead'),
    });
  });

  it.each([
    [['--hours-per-day', '0'], /above 0 and up to 24/],
    [['--start', 'Monday'], /Expected a day/],
    [['--dry-run'], /unknown option/],
  ])('answers %j with what may stand there', async (words, allowed) => {
    const { code, err } = await plan('x', ...words);
    expect([code, err]).toEqual([2, expect.stringMatching(allowed)]);
  });

  it('sends nothing to a doc that cannot keep the rows apart, and says what to add', async () => {
    person.deleteColumn('engagements', 'external_id');
    const before = rows('tasks').length;
    const { code, err } = await planAs('Audit Corvid', 'Growth audit', '--apply');
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(
        /cannot take the plan in:\n {2}- Column `engagements.external_id` is missing/,
      ),
    ]);
    expect(rows('tasks')).toHaveLength(before);
  });
});
