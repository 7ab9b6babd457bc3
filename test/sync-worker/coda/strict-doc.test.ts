import { afterEach, describe, expect, it } from 'vitest';
import {
  type ApiRow,
  type CellValue,
  type CodaApi,
  createCodaApi,
  splitIntoBatches,
  toWireValue,
} from '#shared/coda/index.ts';
import { awaitMutations, createHttpTransport, createPacedTransport } from '#worker/coda/index.ts';
import {
  createDocFromTables,
  type LocalDoc,
  type LocalDocOptions,
} from '#worker/local-doc/index.ts';
import { createVirtualTime } from './virtual-time.ts';

const ROWS = 1_050;
const LAG_MS = 400_000;
const TABLES = [
  {
    name: 'Tasks',
    columns: [
      { name: 'name', type: 'text' },
      { name: 'hours', type: 'number' },
    ],
  },
] as const;

let doc: LocalDoc;
afterEach(() => doc.close());

/** A client of a doc whose clock only waiting moves. */
async function connect(options: Partial<LocalDocOptions>) {
  const time = createVirtualTime();
  doc = createDocFromTables(TABLES, { clock: time.clock, seed: 7, ...options });
  const { clock, wait } = time;
  const { transport, counts } = createPacedTransport(doc.transport, { clock, wait });
  const api = createCodaApi(transport);
  const [table] = await time.run(api.listTables(doc.docId));
  const tableId = table?.id ?? '';
  const columns = await time.run(api.listColumns(doc.docId, tableId));
  return { time, api, counts, tableId, columnIds: columns.map(({ id }) => id) };
}

async function listNames(api: CodaApi, tableId: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { rows } of api.listRows(doc.docId, tableId)) {
    names.push(...rows.map(({ name }) => name));
  }
  return names;
}

describe('a doc that behaves as badly as the service', () => {
  it('takes a load within its limits, confirms it, and gives back every row once', async () => {
    const client = await connect({ profile: 'strict', behaviour: { pageOverlap: 3 } });
    const { api, time, tableId } = client;
    const [name = '', hours = ''] = client.columnIds;
    const names = Array.from({ length: ROWS }, (_, at) => `task ${at}`);
    const rows = names.map((value, at) => [
      { column: name, value },
      { column: hours, value: at / 4 },
    ]);
    const startedAt = time.clock();
    const load = async (): Promise<readonly string[]> => {
      const queued = splitIntoBatches(rows).map((batch) =>
        api.upsertRows(doc.docId, tableId, { rows: batch, keyColumns: [name] }),
      );
      return (await Promise.all(queued)).map(({ requestId }) => requestId);
    };
    const requestIds = await time.run(load());
    // Eleven writes, three in ten seconds.
    expect(time.clock() - startedAt).toBe(30_000);
    const report = await time.run(awaitMutations(api, requestIds, time));
    expect(report).toEqual({ completed: requestIds, warnings: [], unconfirmed: [] });
    await time.run(time.wait(LAG_MS));
    expect((await time.run(listNames(api, tableId))).toSorted()).toEqual(names.toSorted());
    expect(client.counts()).toMatchObject({ contentWrites: 11, rateLimited: 0, retries: 0 });
  });

  it('is read to the end where large pages time out', async () => {
    const client = await connect({ behaviour: { rowsLimitServed: 60 } });
    const { api, time, tableId } = client;
    const [name = ''] = client.columnIds;
    const rows = Array.from({ length: 100 }, (_, at) => [{ column: name, value: `task ${at}` }]);
    await time.run(api.upsertRows(doc.docId, tableId, { rows }));
    expect(await time.run(listNames(api, tableId))).toHaveLength(100);
    // 200 and 100 rows a page time out; 50 are served twice.
    expect(client.counts().listPages).toBe(4);
  });

  it('reports a change that never completes as unconfirmed', async () => {
    const client = await connect({ behaviour: { silentRate: 1 } });
    const { api, time, tableId } = client;
    const [name = ''] = client.columnIds;
    const cells = [{ column: name, value: 'task' }];
    const { requestId } = await time.run(api.upsertRows(doc.docId, tableId, { rows: [cells] }));
    const report = await time.run(awaitMutations(api, [requestId], time));
    expect(report.unconfirmed).toEqual([requestId]);
  });
});

/** Writes one row, a value for each column in turn, and reads it back. */
async function insertRow(
  api: CodaApi,
  tableId = '',
  values: readonly CellValue[] = [],
): Promise<ApiRow> {
  const columns = await api.listColumns(doc.docId, tableId);
  const cells = values.map((value, at) => ({
    column: columns[at]?.id ?? '',
    value: toWireValue(value),
  }));
  const { addedRowIds } = await api.upsertRows(doc.docId, tableId, { rows: [cells] });
  return api.getRow(doc.docId, tableId, addedRowIds?.[0] ?? '');
}

describe('a value written and read rich', () => {
  it('is the same value, whatever its kind', async () => {
    const people = [{ name: 'Dana', email: 'dana@example.com' }];
    doc = createDocFromTables(
      [
        { name: 'Projects', columns: [{ name: 'name', type: 'text' }] },
        {
          name: 'Tasks',
          columns: [
            { name: 'text', type: 'text' },
            { name: 'number', type: 'number' },
            { name: 'done', type: 'checkbox' },
            { name: 'price', type: 'currency', currencyCode: 'EUR' },
            { name: 'projects', type: 'lookup', lookupTable: 'Projects', isArray: true },
            { name: 'owner', type: 'person' },
            { name: 'page', type: 'link' },
            { name: 'nothing', type: 'text' },
          ],
        },
      ],
      { people },
    );
    const api = createCodaApi(doc.transport);
    const [projects, tasks] = (await api.listTables(doc.docId)).map(({ id }) => id);
    const toLink = async (name: string): Promise<CellValue> => {
      const rowId = (await insertRow(api, projects, [{ kind: 'text', text: name }])).id;
      return { kind: 'link', rowId, name, tableId: projects ?? '' };
    };
    const values: readonly CellValue[] = [
      { kind: 'text', text: '=a "b"\nc, ü ```' },
      { kind: 'number', number: -0.125 },
      { kind: 'checkbox', checked: true },
      { kind: 'money', amount: '12.5', currency: 'EUR' },
      { kind: 'list', items: [await toLink('Audit'), await toLink('Rollout')] },
      { kind: 'person', name: 'Dana', email: 'dana@example.com' },
      { kind: 'url', url: 'https://example.com/a?b=c' },
      { kind: 'blank' },
    ];
    const row = await insertRow(api, tasks, values);
    const columns = await api.listColumns(doc.docId, tasks ?? '');
    expect(columns.map(({ id }) => row.values[id])).toEqual(values);
  });
});

describe('a doc served on this computer', () => {
  it('is reached over HTTP with its token, and not without', async () => {
    doc = createDocFromTables(TABLES);
    const listening = await doc.listen();
    const { baseUrl } = listening;
    const toApi = (token: string) => createCodaApi(createHttpTransport({ baseUrl, token }));
    expect(await toApi(doc.token).getDoc(doc.docId)).toMatchObject({ id: doc.docId });
    await expect(toApi('another').whoami()).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    await listening.close();
  });
});
