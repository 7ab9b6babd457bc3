import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createCodaApi } from '#shared/coda/index.ts';
import { importHistory } from '#worker/import/index.ts';
import type { LocalDoc } from '#worker/local-doc/index.ts';
import { createScene, digestOf, fileOf, HEADER, TABLES } from './import-scene.ts';

const rowNamed = (doc: LocalDoc, table: string, name: string) => {
  const row = doc.person.readRows(table).find(({ cells }) => cells['name'] === name);
  if (row === undefined) throw new Error(`no row \`${name}\``);
  return row;
};

describe('importHistory into a doc', () => {
  it('writes each row as the file tells it, with relations as rows and days in the doc’s zone', async () => {
    const { doc, load } = createScene({ timezone: 'America/Los_Angeles' });
    const report = await load(
      `${HEADER}\n17,Audit,Acme,Dana,4,5.25,2026-03-08,2026-03-08,2026-03-09`,
    );
    expect(report).toMatchObject({ outcome: 'loaded', accepted: 1, load: { differences: [] } });
    expect(doc.person.readRows('tasks')[0]?.cells).toMatchObject({
      external_id: '17',
      name: 'Audit #17',
      project: 'Acme',
      status: 'Done',
      estimated_hours: '4',
      baseline_hours: '4',
      completed_on: '2026-03-09T00:00:00.000-07:00',
    });
    expect(doc.person.readRows('execution_runs')[0]?.cells).toMatchObject({
      run_id: expect.stringMatching(/^[0-9A-Z]{26}$/),
      run_type: 'Process',
      task: 'Audit #17',
      workflow: 'Audit',
      executed_by: 'Dana',
      started_at: '2026-03-08T00:00:00.000-08:00',
      ended_at: '',
      actual_hours: '5.25',
    });
  });

  it('leaves blank what the file does not tell', async () => {
    const { doc, load } = createScene();
    await load('task_id,workflow,actual_hours\n1,Audit,0.333\n');
    expect(doc.person.readRows('tasks')[0]?.cells).toMatchObject({
      estimated_hours: '',
      project: '',
      completed_on: '',
    });
    expect(doc.person.readRows('execution_runs')[0]?.cells).toMatchObject({
      actual_hours: '0.333',
      started_at: '',
      executed_by: '',
    });
  });

  it('sends and lists no more than has to be, and nothing at all the second time', async () => {
    const { doc, load } = createScene();
    const first = await load(fileOf(450));
    // 3 small tables in one write each; 450 rows are 5 writes; listed once empty and once full.
    expect(first.load).toMatchObject({ contentWrites: 3 + 5 + 5, listPages: 5 + 3 + 3 + 3 });
    const before = digestOf(doc);
    const second = await load(fileOf(450));
    expect(second.load).toMatchObject({ contentWrites: 0, listPages: 3 + 3 + 3, differences: [] });
    expect(digestOf(doc)).toEqual(before);
  });

  it('keeps what people changed and says so, and mends what is blank or points nowhere', async () => {
    const { doc, load } = createScene();
    await load(fileOf(3));
    const task = rowNamed(doc, 'tasks', "'@audit 1 #T1");
    doc.person.editCell('tasks', task.rowId, { estimated_hours: 40, project: 'no such project' });
    const again = await load(fileOf(3));
    expect(again.load?.tables.tasks.sent).toBe(1);
    expect(again.load?.differences).toEqual([
      {
        table: 'tasks',
        key: 'T1',
        kind: 'changed',
        message: 'estimated_hours is `40` in the doc',
      },
    ]);
    const mended = rowNamed(doc, 'tasks', "'@audit 1 #T1").cells;
    expect(mended).toMatchObject({ project: "'=Acme 1", estimated_hours: '40' });
  });

  it('brings back a row that somebody deleted', async () => {
    const { doc, load } = createScene();
    await load(fileOf(5));
    const [run] = doc.person.readRows('execution_runs');
    doc.person.deleteRow('execution_runs', run?.rowId ?? '');
    const again = await load(fileOf(5));
    expect(again.load?.tables.execution_runs).toEqual({ wanted: 5, found: 5, sent: 1 });
  });

  it('links to a workflow of the same name that people made', async () => {
    const { doc, load } = createScene();
    doc.person.insertRow('workflows', { name: 'Marketing Audit' });
    const report = await load('task_id,workflow,actual_hours\n1,Marketing Audit,2\n');
    expect(report.load?.tables.workflows).toEqual({ wanted: 1, found: 1, sent: 0 });
    expect(doc.person.readRows('execution_runs')[0]?.cells['workflow']).toBe('Marketing Audit');
  });

  it('reports a row that is there twice', async () => {
    const { doc, load } = createScene();
    await load(fileOf(1));
    doc.person.insertRow('tasks', { external_id: 'T0', name: 'copy' });
    const again = await load(fileOf(1));
    expect(again.load?.differences).toContainEqual(
      expect.objectContaining({ key: 'T0', kind: 'doubled', message: 'is there 2 times' }),
    );
  });

  it('tells two sources with the same ids apart by a prefix', async () => {
    const { doc } = createScene();
    const into = (idPrefix?: string) =>
      importHistory({
        source: Readable.from([Buffer.from(fileOf(2))]),
        idPrefix,
        doc: {
          api: createCodaApi(doc.transport),
          docId: doc.docId,
          clock: Date.now,
          wait: async () => {},
          lagMs: 0,
        },
      });
    await into();
    await into('jira');
    const ids = doc.person.readRows('tasks').map(({ cells }) => cells['external_id']);
    expect(ids).toEqual(['T0', 'T1', 'jira:T0', 'jira:T1']);
    expect(doc.person.readRows('execution_runs')).toHaveLength(4);
    expect(doc.person.readRows('workflows')).toHaveLength(2);
  });
});

const read = (text: string, isStrict = false) =>
  importHistory({ source: Readable.from([Buffer.from(text)]), isStrict });

describe('importHistory without a doc to write to', () => {
  it('only checks', async () => {
    const text = `${HEADER}\n1,Audit,,,2,3,2026-01-05,2026-01-02,\n2,Audit,,,,-1,,,\n`;
    expect(await read(text)).toMatchObject({
      outcome: 'checked',
      accepted: 1,
      refused: [{ line: 3 }],
      hasEstimates: true,
      estimateHours: 2,
      actualHours: 3,
      lateEstimates: [{ line: 2, taskId: '1' }],
    });
  });

  it.each([
    ['a strict import of a bad row', `${HEADER}\n1,Audit,,,2,3,,,\n2,Audit,,,2,x,,,\n`, true],
    ['a file without one good row', `${HEADER}\n2,Audit,,,2,x,,,\n`, false],
  ])('refuses %s', async (_, text, isStrict) => {
    expect(await read(text, isStrict)).toMatchObject({ outcome: 'refused', refusedCount: 1 });
  });

  it('sees that a file has no estimates', async () => {
    const text = 'task_id,workflow,estimated_hours,actual_hours\n1,Audit,0,3\n2,Audit,,3\n';
    expect(await read(text)).toMatchObject({ hasEstimates: false, estimatedCount: 0 });
  });
});

describe('importHistory into a doc that cannot take it', () => {
  it.each([
    [
      'a missing table',
      (doc: LocalDoc) => doc.person.deleteTable('execution_runs'),
      /execution_runs/,
    ],
    [
      'a missing key',
      (doc: LocalDoc) => doc.person.deleteColumn('tasks', 'external_id'),
      /external_id/,
    ],
  ])('names %s and sends nothing', async (_, breakDoc, words) => {
    const { doc, load } = createScene();
    breakDoc(doc);
    await expect(load(fileOf(2))).rejects.toMatchObject({
      code: 'DOC_NOT_READY',
      message: expect.stringMatching(words),
    });
    expect(doc.counts.contentWrites).toBe(0);
  });

  it('refuses a file beyond the limit of a table before it sends anything', async () => {
    const { doc, load } = createScene();
    await expect(load(fileOf(10_001))).rejects.toMatchObject({ code: 'DOC_LIMIT' });
    expect(doc.counts).toMatchObject({ reads: 0, writes: 0 });
  });

  it('passes on that the token may only read', async () => {
    const { doc, load } = createScene({ tokens: [{ token: 'reader', access: 'read' }] });
    const loading = load(fileOf(2), { transport: doc.transportFor('reader') });
    await expect(loading).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});

type Sums = Readonly<Record<string, { estimate: number; actual: number }>>;

/** Hundredths of hours a workflow, over rows of a workflow's name and texts of hours. */
function sumByWorkflow(rows: readonly (readonly [string, string, string])[]): Sums {
  const sums: Record<string, { estimate: number; actual: number }> = {};
  for (const [workflow, estimate, actual] of rows) {
    const sum = (sums[workflow] ??= { estimate: 0, actual: 0 });
    sum.estimate += Math.round(Number(estimate) * 100);
    sum.actual += Math.round(Number(actual) * 100);
  }
  return sums;
}

/** From the file by column numbers alone; it holds no quotes. */
const sumColumns = (csv: string): Sums =>
  sumByWorkflow(
    csv
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','))
      .map(([, workflow = '', , estimate = '', actual = '']) => [workflow, estimate, actual]),
  );

/** From what the doc shows: each run's workflow and hours, and its task's estimate by the task's name. */
function toSums(doc: LocalDoc): Sums {
  const tasks = doc.person.readRows('tasks').map(({ cells }) => cells);
  const estimates = new Map(tasks.map(({ name, estimated_hours: hours }) => [name, hours ?? '']));
  return sumByWorkflow(
    doc.person.readRows('execution_runs').map(({ cells }) => {
      const { workflow = '', task, actual_hours: actual = '' } = cells;
      return [workflow, estimates.get(task) ?? '', actual];
    }),
  );
}

const SIP = '../shared/data/sip-before-2012.csv';
describe.skipIf(!existsSync(SIP))('the SiP file in a doc (skipped where it is absent)', () => {
  it('is loaded whole within 1.1 of the least writes and pages', async () => {
    const { doc } = createScene();
    const report = await importHistory({
      source: createReadStream(SIP),
      doc: {
        api: createCodaApi(doc.transport),
        docId: doc.docId,
        clock: Date.now,
        wait: async () => {},
        lagMs: 0,
      },
    });
    const rows = [181, 17, 21, 8_389, 8_389];
    const least = (size: number) => rows.reduce((sum, count) => sum + Math.ceil(count / size), 0);
    expect(report.load?.differences).toEqual([]);
    expect(TABLES.map((table) => doc.person.readRows(table).length)).toEqual(rows);
    expect(toSums(doc)).toEqual(sumColumns(readFileSync(SIP, 'utf8')));
    expect(doc.counts.contentWrites).toBe(least(100));
    expect(doc.counts.listPages / least(200)).toBeLessThanOrEqual(1.1);
  }, 60_000);
});
