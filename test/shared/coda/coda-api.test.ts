import { describe, expect, it } from 'vitest';
import { type CodaAnswer, type CodaRequest, createCodaApi } from '#shared/coda/index.ts';
import { isDomainError } from '#shared/kernel/index.ts';

/** An API over answers, or bodies of a 200, written out in advance; it remembers what was sent. */
function scripted(...answers: readonly unknown[]) {
  const sent: CodaRequest[] = [];
  const script = [...answers];
  const api = createCodaApi(async (request) => {
    sent.push(request);
    const next = script.shift();
    const isAnswer = typeof next === 'object' && next !== null && 'status' in next;
    return isAnswer ? (next as CodaAnswer) : { status: 200, body: next };
  });
  return { api, sent };
}

const row = (id: string, values: Record<string, unknown> = {}) => ({
  id,
  name: id,
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-02T00:00:00.000Z',
  index: 3,
  values,
});

async function collect<Item>(pages: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const page of pages) all.push(page);
  return all;
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return isDomainError(error) ? error.code : `no domain error: ${String(error)}`;
}

describe('reading', () => {
  it('asks who the token belongs to', async () => {
    const dana = { name: 'Dana', loginId: 'dana@example.com' };
    const { api, sent } = scripted({ ...dana, scoped: true }, dana);
    expect(await api.whoami()).toEqual({ ...dana, isScoped: true });
    expect(await api.whoami()).toEqual({ ...dana, isScoped: false });
    expect(sent[0]).toStrictEqual({ method: 'GET', path: '/whoami' });
  });

  it('reads a doc with or without its size and zone', async () => {
    const doc = { id: 'd1', name: 'HQ', browserLink: 'https://coda.io/d/_dd1' };
    const docSize = { overApiSizeLimit: true };
    const { api, sent } = scripted(doc, { ...doc, timezone: 'Europe/Berlin', docSize });
    expect(await api.getDoc('d/1')).toStrictEqual({ ...doc, isOverApiSizeLimit: false });
    expect(await api.getDoc('d1')).toMatchObject({
      timezone: 'Europe/Berlin',
      isOverApiSizeLimit: true,
    });
    expect(sent[0]?.path).toBe('/docs/d%2F1');
  });

  it('reads tables and views, and goes on by the page token alone', async () => {
    const { api, sent } = scripted(
      {
        items: [{ id: 'grid-1', name: 'Tasks', tableType: 'table', rowCount: 7 }],
        nextPageToken: 'p2',
        nextPageLink: 'https://elsewhere.example/steal',
      },
      { items: [{ id: 'table-1', name: 'My tasks', tableType: 'view' }], nextPageToken: '' },
    );
    expect(await api.listTables('d1')).toEqual([
      { id: 'grid-1', name: 'Tasks', isView: false, rowCount: 7 },
      { id: 'table-1', name: 'My tasks', isView: true },
    ]);
    const path = '/docs/d1/tables';
    expect(sent).toEqual([
      { method: 'GET', path, query: { limit: '100', tableTypes: 'table,view' } },
      { method: 'GET', path, query: { pageToken: 'p2' } },
    ]);
  });

  it('reads what a column holds', async () => {
    const { api, sent } = scripted({
      items: [
        { id: 'c-1', name: 'Name', display: true, format: { type: 'text', isArray: false } },
        {
          id: 'c-2',
          name: 'Project',
          calculated: true,
          format: { type: 'lookup', isArray: true, table: { id: 'grid-2', name: 'Projects' } },
        },
        { id: 'c-3', name: 'Status', format: { type: 'select', options: [{ name: 'Done' }] } },
      ],
    });
    const plain = { isDisplay: false, isCalculated: false };
    expect(await api.listColumns('d1', 'grid-1')).toEqual([
      {
        id: 'c-1',
        name: 'Name',
        ...plain,
        isDisplay: true,
        format: { type: 'text', isArray: false },
      },
      {
        id: 'c-2',
        name: 'Project',
        isDisplay: false,
        isCalculated: true,
        format: { type: 'lookup', isArray: true, tableId: 'grid-2' },
      },
      {
        id: 'c-3',
        name: 'Status',
        ...plain,
        format: { type: 'select', isArray: false, options: ['Done'] },
      },
    ]);
    const path = '/docs/d1/tables/grid-1/columns';
    expect(sent).toEqual([{ method: 'GET', path, query: { limit: '100' } }]);
  });

  it('lists the docs of the account', async () => {
    const { api, sent } = scripted({ items: [{ id: 'd1', name: 'HQ', browserLink: 'https://x' }] });
    expect(await api.listDocs()).toHaveLength(1);
    expect(sent).toEqual([{ method: 'GET', path: '/docs', query: { limit: '100' } }]);
  });

  it('reads one row rich', async () => {
    const { api, sent } = scripted(row('i-1', { 'c-1': '```Audit```', 'c-2': null }));
    expect(await api.getRow('d1', 'grid-1', 'i-1')).toEqual({
      id: 'i-1',
      name: 'i-1',
      createdAt: '2026-01-01T00:00:00.000Z',
      updatedAt: '2026-01-02T00:00:00.000Z',
      values: { 'c-1': { kind: 'text', text: 'Audit' }, 'c-2': { kind: 'blank' } },
    });
    const path = '/docs/d1/tables/grid-1/rows/i-1';
    expect(sent).toEqual([{ method: 'GET', path, query: { valueFormat: 'rich' } }]);
  });
});

describe('listRows', () => {
  it('asks with every option first and with the token alone after', async () => {
    const { api, sent } = scripted({ items: [], nextPageToken: 'p2' }, { items: [] });
    const query = { columnId: 'c-1', value: 'a "b"' };
    const options = { limit: 50, query, syncToken: 's1', valueFormat: 'simple' } as const;
    await collect(api.listRows('d1', 'grid-1', options));
    expect(sent.map((request) => request.query)).toEqual([
      { limit: '50', valueFormat: 'simple', query: String.raw`c-1:"a \"b\""`, syncToken: 's1' },
      { pageToken: 'p2' },
    ]);
  });

  it('gives each page as it arrives, no row twice', async () => {
    const { api, sent } = scripted(
      { items: [row('i-1'), row('i-2')], nextPageToken: 'p2' },
      { items: [row('i-2'), row('i-3')], nextSyncToken: 's2' },
    );
    const pages = api.listRows('d1', 'grid-1')[Symbol.asyncIterator]();
    expect((await pages.next()).value?.rows.map((r: { id: string }) => r.id)).toEqual([
      'i-1',
      'i-2',
    ]);
    expect(sent).toHaveLength(1);
    const last = (await pages.next()).value;
    expect(last?.rows.map((r: { id: string }) => r.id)).toEqual(['i-3']);
    expect(last?.nextSyncToken).toBe('s2');
  });

  it('asks for rich values and takes their fences off, unless simple ones are wanted', async () => {
    const fenced = { items: [row('i-1', { 'c-1': '```a```' })] };
    const { api, sent } = scripted(fenced, fenced);
    const [rich] = await collect(api.listRows('d1', 'grid-1'));
    expect(rich?.rows[0]?.values['c-1']).toEqual({ kind: 'text', text: 'a' });
    expect(sent[0]).toStrictEqual({
      method: 'GET',
      path: '/docs/d1/tables/grid-1/rows',
      query: { limit: '200', valueFormat: 'rich' },
    });
    const [page] = await collect(api.listRows('d1', 'grid-1', { valueFormat: 'simple' }));
    expect(page?.rows[0]?.values['c-1']).toEqual({ kind: 'text', text: '```a```' });
  });

  it('fails as a whole when a page fails', async () => {
    const { api } = scripted(
      { items: [row('i-1')], nextPageToken: 'p2' },
      { status: 500, body: '' },
    );
    expect(await codeOf(collect(api.listRows('d1', 'grid-1')))).toBe('SERVER_ERROR');
  });

  it.each([
    ['at another host', { nextPageToken: 'p2', nextPageLink: 'https://elsewhere.example/rows' }],
    ['without saying where', { nextPageLink: 'https://coda.io/apis/v1/rows' }],
  ])('fails when the next page lies %s, and takes no row of that page', async (why, next) => {
    const { api, sent } = scripted({ items: [row('i-1')], href: 'https://coda.io/x', ...next });
    const pages: unknown[] = [];
    const read = async () => {
      for await (const page of api.listRows('d', 't')) pages.push(page);
    };
    await expect(read()).rejects.toMatchObject({
      code: 'UNREADABLE',
      message: expect.stringContaining(`the list goes on ${why}`),
    });
    expect([pages, sent.length]).toEqual([[], 1]);
  });

  it('fails when the pages lead round in a circle', async () => {
    const { api, sent } = scripted(
      { items: [], nextPageToken: 'p2' },
      { items: [], nextPageToken: 'p3' },
      { items: [], nextPageToken: 'p2' },
    );
    expect(await codeOf(collect(api.listRows('d1', 'grid-1')))).toBe('UNREADABLE');
    expect(sent).toHaveLength(3);
  });

  it('fails when the pages never end', async () => {
    let page = 0;
    const api = createCodaApi(async () => {
      page += 1;
      return { status: 200, body: { items: [], nextPageToken: `p${page}` } };
    });
    expect(await codeOf(collect(api.listRows('d1', 'grid-1')))).toBe('UNREADABLE');
    expect(page).toBe(2_000);
  });

  it('starts again with half the rows a page after a time-out, and gives no row twice', async () => {
    const timedOut = { status: 504, body: '<html>Gateway Timeout</html>' };
    const { api, sent } = scripted({ items: [row('i-1')], nextPageToken: 'p2' }, timedOut, {
      items: [row('i-1'), row('i-2')],
      nextSyncToken: 's2',
    });
    const pages = await collect(api.listRows('d1', 'grid-1'));
    expect(pages.map(({ rows }) => rows.map(({ id }) => id))).toEqual([['i-1'], ['i-2']]);
    expect(sent.map((request) => request.query?.['limit'])).toEqual(['200', undefined, '100']);
    // A change of i-1 between the two listings would be missed by the token of the second.
    expect(pages.at(-1)).not.toHaveProperty('nextSyncToken');
  });

  it('keeps the sync token when nothing had been given before the restart', async () => {
    const { api } = scripted(
      { status: 504, body: '' },
      { items: [row('i-1')], nextSyncToken: 's2' },
    );
    expect(await collect(api.listRows('d1', 'grid-1'))).toMatchObject([{ nextSyncToken: 's2' }]);
  });

  it('gives up when even small pages take too long', async () => {
    const sent: CodaRequest[] = [];
    const api = createCodaApi(async (request) => {
      sent.push(request);
      return { status: 504, body: '' };
    });
    expect(await codeOf(collect(api.listRows('d1', 'grid-1')))).toBe('TIMED_OUT');
    const limits = sent.map((request) => request.query?.['limit']);
    expect(limits).toEqual(['200', '100', '50', '25', '12', '6']);
  });
});

describe('writing', () => {
  const cells = [{ column: 'c-1', value: 'a' }];

  it('inserts rows and learns their ids', async () => {
    const { api, sent } = scripted({
      status: 202,
      body: { requestId: 'mutate:1', addedRowIds: ['i-1'] },
    });
    const answer = await api.upsertRows('d1', 'grid-1', { rows: [cells], isParsingDisabled: true });
    expect(answer).toEqual({ requestId: 'mutate:1', addedRowIds: ['i-1'] });
    expect(sent).toEqual([
      {
        method: 'POST',
        path: '/docs/d1/tables/grid-1/rows',
        query: { disableParsing: 'true' },
        body: { rows: [{ cells }] },
      },
    ]);
  });

  it('upserts by key columns, and then learns no ids', async () => {
    const { api, sent } = scripted({ status: 202, body: { requestId: 'mutate:1' } });
    const answer = await api.upsertRows('d1', 'grid-1', { rows: [cells], keyColumns: ['c-1'] });
    expect(answer).toStrictEqual({ requestId: 'mutate:1' });
    expect(sent[0]?.query).toBeUndefined();
    expect(sent[0]?.body).toEqual({ rows: [{ cells }], keyColumns: ['c-1'] });
  });

  it('stops at an upsert without rows', () => {
    const { api } = scripted();
    expect(() => api.upsertRows('d1', 'grid-1', { rows: [] })).toThrow('without rows');
  });

  it('updates and deletes by id', async () => {
    const queued = { status: 202, body: { requestId: 'mutate:1', id: 'i-1' } };
    const { api, sent } = scripted(queued, queued);
    await api.updateRow('d1', 'grid-1', 'i-1', cells);
    await api.deleteRows('d1', 'grid-1', ['i-1', 'i-2']);
    const path = '/docs/d1/tables/grid-1/rows';
    expect(sent).toEqual([
      { method: 'PUT', path: `${path}/i-1`, body: { row: { cells } } },
      { method: 'DELETE', path, body: { rowIds: ['i-1', 'i-2'] } },
    ]);
  });

  it('asks after a queued change, its id encoded, whatever the warning is', async () => {
    const { api, sent } = scripted(
      { completed: true, warning: null },
      { completed: false, warning: 'odd' },
    );
    expect(await api.mutationStatus('mutate:1/2')).toEqual({ isCompleted: true });
    expect(await api.mutationStatus('mutate:1')).toEqual({ isCompleted: false, warning: 'odd' });
    expect(sent[0]?.path).toBe('/mutationStatus/mutate%3A1%2F2');
  });
});

describe('failing', () => {
  it.each([
    [304, 'BAD_REQUEST', false],
    [400, 'BAD_REQUEST', false],
    [401, 'UNAUTHORIZED', false],
    [403, 'FORBIDDEN', false],
    [404, 'NOT_FOUND', false],
    [410, 'BAD_REQUEST', false],
    [429, 'RATE_LIMITED', true],
    [500, 'SERVER_ERROR', true],
    [502, 'SERVER_ERROR', true],
    [504, 'TIMED_OUT', false],
  ])('tells a %i by the code %s', async (status, code, retryable) => {
    const { api } = scripted({ status, body: { statusCode: status, message: 'Because.' } });
    await expect(api.whoami()).rejects.toMatchObject({
      code,
      retryable,
      message: `Coda's API, \`GET /whoami\`: answered ${status}: Because.`,
    });
  });

  it('says what an error page without JSON said, and not all of it', async () => {
    const { api } = scripted({ status: 502, body: 'x'.repeat(10_000) }, { status: 502, body: '' });
    const error: unknown = await api.whoami().catch((reason: unknown) => reason);
    expect(String(error)).toContain('answered 502: xxx');
    expect(String(error).length).toBeLessThan(500);
    await expect(api.whoami()).rejects.toThrow('no detail');
  });

  it('does not take an answer of another form for one', async () => {
    const { api } = scripted({ name: 'Dana' }, '<html>', { items: 'none' });
    await expect(api.whoami()).rejects.toThrow('not as documented');
    expect(await codeOf(api.whoami())).toBe('UNREADABLE');
    expect(await codeOf(api.listTables('d1'))).toBe('UNREADABLE');
  });
});
