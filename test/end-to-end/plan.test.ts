import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FOUNDER_HQ_TABLES } from '#shared/doc/index.ts';
import type { ProjectProposal } from '#shared/planning/index.ts';
import { createDocFromTables } from '#worker/local-doc/index.ts';
import { useFolder } from './founder-hq.ts';

const CHECKLIST = 'Interview (3 h)\nReport (2 h)';

describe('founder-hq plan', () => {
  const folder = useFolder();
  const doc = createDocFromTables(FOUNDER_HQ_TABLES);
  let server: { readonly baseUrl: string; readonly close: () => Promise<void> };
  beforeAll(async () => {
    const { person, docId, token } = doc;
    const blueprint = person.insertRow('service_blueprints', { name: 'Audit' });
    person.insertRow('offers', { name: 'Growth audit', service_blueprint: blueprint });
    const workflow = person.insertRow('workflows', {
      name: 'Marketing',
      service_blueprint: blueprint,
    });
    const row = { name: 'Four weeks', workflow, checklist: CHECKLIST };
    person.insertRow('process_templates', row);
    server = await doc.listen();
    folder.announce({ baseUrl: server.baseUrl, docId, token });
  });
  afterAll(async () => {
    await server.close();
    doc.close();
  });
  const plan = (...words: readonly string[]) =>
    folder.run('plan', ...words, '--name', 'Audit Acme', '--start', '2026-01-05');

  it('shows the rows, writes none of them, and knows the ones a person has made', async () => {
    const first = await plan('growth audit');
    expect(first.out.split('\n')).toEqual([
      'Audit Acme: Growth audit → Audit',
      '  engagement  Audit Acme',
      '  project     Audit Acme (one project for each template: Four weeks)',
      `  2026-01-05  ${'Interview'.padEnd(40)}  3.0 h, typically 0.9–7.5`,
      `  2026-01-05  ${'Report'.padEnd(40)}  2.0 h, typically 0.6–5.0`,
      '  ranges of Four weeks rest on no finished task yet: ranges of work at large',
      '4 rows to make, 0 there already',
      'Nothing was written to the doc.',
      '',
    ]);
    expect(doc.person.readRows('tasks')).toEqual([]);
    const [{ rowId: offer } = { rowId: '' }] = doc.person.readRows('offers');
    const engagement = doc.person.insertRow('engagements', { name: 'Audit Acme', offer });
    const project = doc.person.insertRow('projects', { name: 'Audit Acme', engagement });
    doc.person.insertRow('tasks', { name: 'interview', project, estimated_hours: 4 });
    const again = await plan('Growth audit', '--json');
    const { rows, present, differences } = JSON.parse(again.out) as ProjectProposal;
    expect([rows.map(({ name }) => name), present]).toEqual([['Report'], 3]);
    expect(differences.map(({ kind }) => kind)).toEqual(['renamed', 're_estimated', 'rescheduled']);
  });

  it('says which offers there are, and what stands in the way of one', async () => {
    expect(await plan('Retainer')).toMatchObject({
      code: 1,
      err: 'error: No offer is called `Retainer`: there are `Growth audit`.\n',
    });
    doc.person.insertRow('offers', { name: 'Coaching' });
    expect(await plan('Coaching')).toMatchObject({
      code: 1,
      err: expect.stringContaining('`Coaching` has no service blueprint: link one'),
    });
    doc.person.insertRow('offers', { name: 'Coaching' });
    expect(await plan('Coaching')).toMatchObject({
      err: expect.stringContaining('row id instead'),
    });
  });

  it.each([
    [['--hours-per-day', '0'], /above 0 and up to 24/],
    [['--start', 'Monday'], /Expected a day/],
  ])('answers %j with what may stand there', async (words, allowed) => {
    const { code, err } = await folder.run(
      'plan',
      'x',
      '--name',
      'n',
      '--start',
      '2026-01-05',
      ...words,
    );
    expect([code, err]).toEqual([2, expect.stringMatching(allowed)]);
  });
});
