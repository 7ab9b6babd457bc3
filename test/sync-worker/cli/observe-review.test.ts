import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { registerObserve } from '#worker/cli/observe.ts';
import { runCommand } from './run-command.ts';
import { useServedDoc } from './served-doc.ts';

describe('founder-hq observe', () => {
  const { doc } = useServedDoc();
  const observe = (...words: readonly string[]) =>
    runCommand(registerObserve, ['observe', ...words]);
  beforeAll(() => {
    const { person } = doc;
    const workflow = person.insertRow('workflows', { name: 'Audit' });
    const template = person.insertRow('process_templates', { name: 'Four weeks', workflow });
    const project = person.insertRow('projects', {
      name: 'Acme',
      process_template: template,
      billable: true,
    });
    person.insertRow('sprints', {
      name: '2026-W02',
      start_date: '2026-01-05',
      end_date: '2026-01-11',
    });
    const row = { name: 'Interview', project, status: 'Done', scheduled_start_date: '2026-01-05' };
    const task = person.insertRow('tasks', {
      ...row,
      estimated_hours: 2,
      completed_on: '2026-01-06',
    });
    const run = { run_id: 'r1', task, started_at: '2026-01-06T10:00:00Z', actual_hours: 2.5 };
    person.insertRow('execution_runs', { ...run, outcome_notes: 'blocked' });
  });

  it('looks back on a week in plain text, and writes nothing', async () => {
    const before = JSON.stringify(doc.person.readRows('tasks'));
    const { code, out } = await observe('weekly', '--date', '2026-01-09');
    expect([code, out.split('\n')]).toEqual([
      0,
      [
        'Week 2026-01-03 to 2026-01-09 (UTC)',
        'Sprint 2026-W02: 2 h billable planned, 2.5 h done (125 %)',
        'Finished: 1 task, 0 the week before',
        'Done: Interview, 2.5 h, estimated 2 h: +25 %',
        'Worked: 2.5 h in 1 run',
        'Audit: n too small (1), needs ≈31 more finished tasks',
        'Four weeks: n too small (1), needs ≈31 more finished tasks',
        '',
      ],
    ]);
    expect(JSON.stringify(doc.person.readRows('tasks'))).toBe(before);
  });

  it('gives the rows behind every statement, and the rows to post, as JSON', async () => {
    const { out } = await observe('daily', '--date', '2026-01-06', '--json', '--runway', '8');
    expect(JSON.parse(out)).toMatchObject({
      kind: 'daily',
      finished: [{ name: 'Interview', variance: 0.25, rowIds: [expect.any(String), 'r1'] }],
      runway: null,
      rows: { dailyThread: { key: '2026-01-06/daily' }, templatePerformance: [] },
    });
  });

  it('writes nothing without a table for it, and says which', async () => {
    const { code, out, err } = await observe('daily', '--date', '2026-01-06', '--apply');
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('no table `daily_thread` or `template_performance`');
  });

  it.each([
    [['monthly'], /daily, weekly/],
    [['daily', '--zone', 'Mars'], /Expected a zone/],
    [['daily', '--runway', 'long'], /Expected a number of weeks/],
  ])('answers %j with what may stand there', async (words, allowed) => {
    const { code, err } = await observe(...words);
    expect([code, err]).toEqual([2, expect.stringMatching(allowed)]);
  });
});

describe('founder-hq observe without --zone', () => {
  useServedDoc();
  afterAll(() => void vi.unstubAllGlobals());

  it('counts the days of the zone the doc tells, as every other command does', async () => {
    const asServed = fetch;
    vi.stubGlobal('fetch', async (...asked: Parameters<typeof fetch>) => {
      const response = await asServed(...asked);
      if (!/\/docs\/[^/]+$/.test(response.url)) return response;
      return Response.json({ ...Object(await response.json()), timezone: 'Asia/Tokyo' });
    });
    const observe = (...words: readonly string[]) =>
      runCommand(registerObserve, ['observe', 'weekly', '--date', '2026-01-09', ...words]);
    expect((await observe()).out).toContain('Week 2026-01-03 to 2026-01-09 (Asia/Tokyo)');
    expect((await observe('--zone', 'UTC')).out).toContain('2026-01-09 (UTC)');
  });
});
