import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CONTRACT_NAMES, parseContract } from '#shared/contracts/index.ts';
import { createCommand, toCommandRow } from '#shared/ledger/index.ts';
import { registerExport } from '#worker/cli/export.ts';
import { toOpenMetrics } from '#worker/cli/open-metrics.ts';
import { registerSync } from '#worker/cli/sync.ts';
import { sha256 } from '#worker/store/index.ts';
import { readMetrics } from './read-metrics.ts';
import { runCommand } from './run-command.ts';
import { useServedDoc } from './served-doc.ts';

const DANA = 'dana@studio.example';
const ODD = 'Audit "A\\B"\nand more';
const { doc, add } = useServedDoc([{ name: 'Dana', email: DANA }]);
const exported = (...words: readonly string[]) => runCommand(registerExport, ['export', ...words]);
const press = (type: 'StartRun' | 'FinishRun') => {
  const data = { task: 'Interview', person: 'Dana' };
  const command = createCommand({ type, data, atMs: Date.now(), by: DANA }, sha256);
  doc.person.insertRow('Ledger', { ...toCommandRow(command, type) });
  vi.setSystemTime(Date.now() + 3_600_000);
};
beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 3, 11) });
  add('people', { name: 'Dana', email: DANA, cost_rate: 50 });
  add('workflows', { name: ODD, external_id: 'W1' });
  add('process_templates', { name: 'T1', workflow: ODD });
  const gates = { required_gates: 'client approval' };
  add('projects', { name: 'Acme', process_template: 'T1', budget: 400, ...gates });
  add('tasks', { name: 'Done', project: 'Acme', estimated_hours: 4, status: 'Done' });
  add('tasks', { name: 'Interview', project: 'Acme', estimated_hours: 4 });
  const run = { task: 'Done', executed_by: 'Dana', ended_at: '2026-04-02T10:00:00Z' };
  add('execution_runs', { ...run, actual_hours: 5 });
  press('StartRun');
  press('FinishRun');
  await runCommand(registerSync, ['sync']);
});
afterAll(() => void vi.useRealTimers());

describe('founder-hq export events', () => {
  it('writes a document of the contract a line, in the order of the ledger, and counts the rest', async () => {
    const { code, out, err } = await exported('events');
    const events = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(code).toBe(0);
    for (const event of events) expect(parseContract(event, 'execution_event').ok).toBe(true);
    expect(events.map(({ type }) => type)).toContain('run_started');
    const places = events.map(({ position }) => position);
    expect(places).toEqual([...places].sort((one, other) => one - other));
    expect(err).toMatch(/^\d+ events of the ledger’s own bookkeeping were left out\.\n$/);
  });

  it('goes on after a place', async () => {
    const all = (await exported('events')).out.trimEnd().split('\n');
    const { position } = JSON.parse(all[1] ?? '');
    const { out } = await exported('events', '--after', String(position));
    expect(out.trimEnd().split('\n')).toEqual(all.slice(2));
    expect(await exported('events', '--after', '-1')).toMatchObject({ code: 2 });
    expect(await exported('events', '--after', '1000000')).toEqual({ code: 0, out: '', err: '' });
  });
});

describe('founder-hq export schemas', () => {
  it('writes every contract, or one by itself', async () => {
    const all = JSON.parse((await exported('schemas')).out);
    expect(Object.keys(all)).toHaveLength(CONTRACT_NAMES.length);
    const one = JSON.parse((await exported('schemas', '--name', 'cost_entry')).out);
    expect(one).toEqual(all['cost_entry.v1']);
    expect(one).toMatchObject({ $schema: 'http://json-schema.org/draft-07/schema#' });
    expect(await exported('schemas', '--name', 'cost')).toMatchObject({ code: 2 });
  });
});

describe('founder-hq export metrics', () => {
  it('tells the figures as they stand, each once, in the form of OpenMetrics', async () => {
    const { code, out } = await exported('metrics');
    const metrics = readMetrics(out);
    expect(code).toBe(0);
    const workflow = { workflow: ODD, workflow_id: expect.any(String) };
    expect(metrics.get('founder_hq_workflow_total_variance_ratio')).toMatchObject({
      type: 'gauge',
      unit: 'ratio',
      samples: [{ labels: workflow, value: 0.25 }],
    });
    // Too few tasks to know.
    expect(metrics.has('founder_hq_workflow_drifting')).toBe(false);
    expect(metrics.get('founder_hq_gates')?.samples).toEqual([
      { labels: { status: 'NOT_RUN' }, value: 1 },
    ]);
    expect(metrics.get('founder_hq_project_cost')?.samples).toMatchObject([
      { labels: { project: 'Acme', currency: 'USD' }, value: 300 },
    ]);
    expect(metrics.get('founder_hq_budget_used_ratio')?.samples).toMatchObject([
      { labels: { scope: 'project', name: 'Acme' }, value: 0.75 },
    ]);
    expect(metrics.get('founder_hq_as_of_timestamp_seconds')?.samples[0]?.value).toBe(
      Date.now() / 1_000,
    );
    const counter = metrics.get('founder_hq_ledger_events');
    expect(counter).toMatchObject({ type: 'counter', samples: [{ labels: {} }] });
    expect(counter?.samples[0]?.value).toBeGreaterThan(3);
  });

  it('escapes labels and help, and ends', () => {
    const help = 'a "b" \\ c\nd';
    const samples = [{ labels: { name: ODD, other: 'x\u0007y' }, value: '1.5' }];
    expect(toOpenMetrics([{ name: 'a', type: 'gauge', help, samples }]).split('\n')).toEqual([
      '# TYPE a gauge',
      '# HELP a a \\"b\\" \\\\ c\\nd',
      'a{name="Audit \\"A\\\\B\\"\\nand more",other="x y"} 1.5',
      '# EOF',
      '',
    ]);
    expect(toOpenMetrics([{ name: 'a', type: 'gauge', help, samples: [] }])).toBe('# EOF\n');
  });
});
