import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FOUNDER_HQ_TABLES } from '#shared/doc/index.ts';
import { createDocFromTables } from '#worker/local-doc/index.ts';
import { useFolder } from './founder-hq.ts';

describe('founder-hq report', () => {
  const folder = useFolder();
  const doc = createDocFromTables(FOUNDER_HQ_TABLES);
  const add = (table: string, cells: Readonly<Record<string, string | number | boolean>>) =>
    doc.person.insertRow(table, cells);
  let server: { readonly baseUrl: string; readonly close: () => Promise<void> };
  beforeAll(async () => {
    add('people', { name: 'Dana', cost_rate: 50, billable_rate: 120 });
    add('projects', { name: 'Acme', billable: true });
    add('tasks', { name: 'Interview', project: 'Acme' });
    const run = { task: 'Interview', executed_by: 'Dana', actual_hours: 1.5 };
    add('execution_runs', { ...run, run_id: 'R1', ended_at: '2026-03-10T10:00:00Z' });
    server = await doc.listen();
    const { docId, token } = doc;
    folder.announce({ baseUrl: server.baseUrl, docId, token });
  });
  afterAll(async () => {
    await server.close();
    doc.close();
  });

  it('asks for a ledger in a dry run, and closes a month once', async () => {
    expect(await folder.run('report', '--dry-run')).toMatchObject({
      code: 1,
      err: expect.stringContaining('There is no ledger'),
    });
    const closed = await folder.run('report', '--close', '2026-03');
    expect(closed).toMatchObject({ code: 0, err: '' });
    expect(closed.out).toMatch(/^Closed\. Costs of 2026-03 in UTC, closed \S+ at event 2 of/);
    expect(closed.out).toContain('Acme      1.50       USD  75.00    180.00  105.00    120.00');
    const again = await folder.run('report', '--close', '2026-03');
    expect(closed.out.replace('Closed.', 'Already closed.')).toContain(again.out);

    const json = await folder.run('report', '--month', '2026-03', '--dry-run', '--json');
    expect(JSON.parse(json.out)).toMatchObject({
      month: '2026-03',
      closed: { head: { position: 2 } },
      rows: [{ names: ['Acme'], hours: 1.5, perHour: { micros: '120000000', currency: 'USD' } }],
      adjustments: [],
    });
  });

  it.each([
    [['--month', '2026-13'], /Expected a month such as 2026-03/],
    [['--by', 'project,colour'], /Expected some of project, workflow/],
    [['--by', 'project,project'], /each once/],
    [['--time-zone', 'Berlin'], /Expected a zone such as/],
    [['--currency', 'euro'], /three capital letters/],
  ])('refuses %j as a slip of the command line', async (words, message) => {
    expect(await folder.run('report', ...words)).toMatchObject({
      code: 2,
      err: expect.stringMatching(message),
    });
  });
});
