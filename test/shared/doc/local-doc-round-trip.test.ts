import { afterEach, describe, expect, it } from 'vitest';
import { type CodaApi, createCodaApi, type WireValue } from '#shared/coda/index.ts';
import {
  type Binding,
  CODECS,
  columnIdOf,
  FOUNDER_HQ_TABLES,
  type FounderHqTable,
  readBinding,
  readFounderHq,
  readLedgerRows,
  toVarianceInput,
} from '#shared/doc/index.ts';
import { HOUR_MS, toInstant } from '#shared/kernel/index.ts';
import { varianceByGroup } from '#shared/variance/index.ts';
import { createLocalDoc, type LocalDoc } from '#worker/local-doc/index.ts';

let doc: LocalDoc | undefined;
afterEach(() => {
  doc?.close();
  doc = undefined;
});

interface Opened {
  readonly api: CodaApi;
  readonly docId: string;
  readonly binding: Binding;
}

async function open(): Promise<Opened> {
  doc = createLocalDoc({
    file: ':memory:',
    profile: 'instant',
    seed: 1,
    timezone: 'America/Los_Angeles',
    tables: FOUNDER_HQ_TABLES,
  });
  const api = createCodaApi(doc.transport);
  return { api, docId: doc.docId, binding: await readBinding(api, doc.docId) };
}

async function insert(
  { api, docId, binding }: Opened,
  table: FounderHqTable,
  rows: readonly Readonly<Record<string, WireValue>>[],
): Promise<readonly string[]> {
  const tableId = binding.tables.get(table)?.tableId ?? '';
  const { addedRowIds } = await api.upsertRows(docId, tableId, {
    rows: rows.map((row) =>
      Object.entries(row).map(([name, value]) => ({
        column: columnIdOf(binding, table, name) ?? '',
        value,
      })),
    ),
    isParsingDisabled: table === 'Ledger',
  });
  return addedRowIds ?? [];
}

describe('a doc made from FOUNDER_HQ_TABLES', () => {
  it('is bound without a finding', async () => {
    const { binding } = await open();
    expect(binding.findings).toEqual([]);
    expect(binding.tables.size).toBe(FOUNDER_HQ_TABLES.length);
  });

  it('gives back what the codecs wrote, and its numbers', async () => {
    const opened = await open();
    const { link, hours, day, instant, text } = CODECS;
    const named = (rowId = '') => link.encode({ rowId, name: '' });
    const [workflow] = await insert(opened, 'workflows', [{ name: text.encode('=Audit') }]);
    const [template] = await insert(opened, 'process_templates', [
      { name: 'Audit v1', workflow: named(workflow) },
    ]);
    const [project] = await insert(opened, 'projects', [
      { name: 'Acme', process_template: named(template), billable: true },
    ]);
    const [task] = await insert(opened, 'tasks', [
      {
        name: text.encode('- first look'),
        external_id: '0042',
        project: named(project),
        status: 'Done',
        estimated_hours: hours.encode(4 * HOUR_MS),
        baseline_hours: hours.encode(4 * HOUR_MS),
        scheduled_start_date: day.encode('2025-12-14'),
      },
    ]);
    const startedAt = toInstant(Date.UTC(2025, 11, 15, 7, 30));
    const endedAt = toInstant(Date.UTC(2025, 11, 15, 10, 0));
    await insert(opened, 'execution_runs', [
      {
        run_id: '01A',
        task: named(task),
        started_at: instant.encode(startedAt),
        ended_at: instant.encode(endedAt),
        interrupt_minutes: 20,
      },
      { run_id: '01B', task: named(task), actual_hours: hours.encode(2.17 * HOUR_MS) },
    ]);

    const reading = await readFounderHq(opened);
    expect(reading.findings).toEqual([]);
    expect(reading.doc.workflows).toMatchObject([{ rowId: workflow, name: '=Audit' }]);
    expect(reading.doc.projects).toMatchObject([{ isBillable: true }]);
    expect(reading.doc.tasks).toEqual([
      {
        rowId: task,
        name: '- first look',
        externalId: '0042',
        project: { rowId: project, name: 'Acme' },
        status: 'Done',
        estimateMs: 4 * HOUR_MS,
        baselineMs: 4 * HOUR_MS,
        scheduledStart: '2025-12-14',
        createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    ]);
    expect(reading.doc.executionRuns).toMatchObject([
      { runId: '01A', startedAt, endedAt, interruptMs: 20 * 60_000 },
      { runId: '01B', netMs: 2.17 * HOUR_MS },
    ]);
    const { tasks, sessions, findings } = toVarianceInput(reading.doc);
    expect(findings).toEqual([]);
    expect(varianceByGroup(tasks, sessions)).toMatchObject([
      { group: workflow, nTasks: 1, nRuns: 2, actualMs: 130 * 60_000 + 2.17 * HOUR_MS },
    ]);
  });

  it('gives the Ledger back word for word', async () => {
    const opened = await open();
    const data = '{"hours":"2.50","note":"```=1+1``` · déjà vu"}';
    await insert(opened, 'Ledger', [
      { title: '=x', kind: 'command', seq: '007', at: '2025-12-14', data },
    ]);
    expect(await readLedgerRows(opened)).toMatchObject([
      { title: '=x', kind: 'command', seq: '007', at: '2025-12-14', data, outcome: '' },
    ]);
  });

  it('stays bound by id when a person renames a column, and says what is missing when they delete its meaning', async () => {
    const opened = await open();
    doc?.person.renameColumn('tasks', 'estimated_hours', 'Guess');
    const again = await readBinding(opened.api, opened.docId);
    expect(again.findings).toMatchObject([{ code: 'COLUMN_MISSING', column: 'estimated_hours' }]);
    await insert(opened, 'tasks', [{ name: 'k', estimated_hours: 2 }]);
    expect((await readFounderHq(opened, ['tasks'])).doc.tasks).toMatchObject([
      { estimateMs: 2 * HOUR_MS },
    ]);
  });
});
