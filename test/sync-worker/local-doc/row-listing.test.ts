import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Behaviour } from '#worker/local-doc/index.ts';
import { bodyOf, bothWays, createStudioDoc, type Row, type StudioDoc } from './studio-doc.ts';

type Query = Readonly<Record<string, string>>;

/** Follows the page tokens to the end: the pages, each as the ids or names of its rows. */
async function pagesOf({ ask, rowsOf }: StudioDoc, query: Query, beside: Query = {}) {
  const pages: string[][] = [];
  let pageToken: string | undefined;
  do {
    const answer = await ask('GET', rowsOf('tasks'), {
      query: pageToken === undefined ? query : { ...beside, pageToken },
    });
    expect(answer.status).toBe(200);
    const { items, nextPageToken } = bodyOf(answer);
    pages.push((items as Row[]).map(({ name }) => name));
    pageToken = nextPageToken as string | undefined;
  } while (pageToken !== undefined);
  return pages;
}

async function withTasks(count: number, behaviour: Partial<Behaviour> = {}): Promise<StudioDoc> {
  const studio = createStudioDoc({ behaviour });
  await studio.insert(
    'tasks',
    Array.from({ length: count }, (_, place) => ({ name: `t${place}`, hours: place % 3 })),
  );
  return studio;
}

describe('a listing of rows', () => {
  it('shows every row once, whatever the limit and the order', async () => {
    const anyOrder = fc.constantFrom('createdAt', 'updatedAt', 'natural', 'none');
    const law = fc.asyncProperty(
      fc.nat(40),
      fc.integer({ min: 1, max: 12 }),
      fc.tuple(anyOrder, fc.constantFrom('created', 'shuffled')),
      async (count, limit, [sortBy, rowOrder]) => {
        const studio = await withTasks(count, { rowOrder });
        const pages = await pagesOf(studio, { limit: String(limit), sortBy });
        const names = Array.from({ length: count }, (_, place) => `t${place}`);
        expect(pages.flat().sort()).toEqual([...names].sort());
        expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true);
        expect(pages).toHaveLength(Math.max(1, Math.ceil(count / limit)));
      },
    );
    await fc.assert(law, { numRuns: 60 });
  });

  it('has 25 rows a page unless it asks for others, and clamps in silence', async () => {
    const seen = await bothWays({ rowsPageMax: 30 }, {}, async (studio) => {
      const rows = Array.from({ length: 60 }, (_, place) => ({ name: `t${place}` }));
      await studio.insert('tasks', rows);
      const byDefault = await pagesOf(studio, {});
      const large = await pagesOf(studio, { limit: '1000' });
      return [byDefault, large].map((pages) => pages.map((page) => page.length));
    });
    expect(seen.on).toEqual([
      [25, 25, 10],
      [30, 30],
    ]);
    expect(seen.off).toEqual([[25, 25, 10], [60]]);
  });

  it('takes all from the page token and ignores what stands beside it', async () => {
    const seen = await bothWays({}, { isPageTokenAlone: false }, async (studio) => {
      const rows = Array.from({ length: 9 }, (_, place) => ({ name: `t${place}` }));
      await studio.insert('tasks', rows);
      const pages = await pagesOf(studio, { limit: '3' }, { limit: '6' });
      return pages.map((page) => page.length);
    });
    expect(seen).toEqual({ on: [3, 3, 3], off: [3, 6] });
  });

  it('comes in no order that could be relied on', async () => {
    const names = Array.from({ length: 50 }, (_, place) => `t${place}`);
    const ordered = await pagesOf(await withTasks(50), { limit: '10' });
    const shuffled = await pagesOf(await withTasks(50, { rowOrder: 'shuffled' }), { limit: '10' });
    expect(ordered.flat()).toEqual(names);
    expect(shuffled.flat()).not.toEqual(names);
  });

  it('repeats rows where pages shift, and still comes to an end', async () => {
    const pages = await pagesOf(await withTasks(10, { pageOverlap: 1 }), { limit: '4' });
    expect(pages.map((page) => page.join(' '))).toEqual([
      't0 t1 t2 t3',
      't3 t4 t5 t6',
      't6 t7 t8 t9',
    ]);
    const single = await pagesOf(await withTasks(3, { pageOverlap: 5 }), { limit: '1' });
    expect(single.flat()).toEqual(['t0', 't1', 't2']);
  });

  it('goes on after a row that was deleted between two pages', async () => {
    const studio = await withTasks(6);
    const first = bodyOf(
      await studio.ask('GET', studio.rowsOf('tasks'), { query: { limit: '3' } }),
    );
    const [, , third] = first['items'] as Row[];
    studio.doc.person.deleteRow('tasks', third?.id ?? '');
    const query = { pageToken: String(first['nextPageToken']) };
    const next = bodyOf(await studio.ask('GET', studio.rowsOf('tasks'), { query }));
    expect((next['items'] as Row[]).map(({ name }) => name)).toEqual(['t3', 't4', 't5']);
  });

  it('finds the rows whose column has a value', async () => {
    const studio = await withTasks(9);
    studio.doc.person.insertRow('projects', { name: 'Acme' });
    studio.doc.person.insertRow('tasks', { name: 'done', done: true, project: 'Acme', hours: 9 });
    const found = async (query: string) => (await pagesOf(studio, { query })).flat().join(' ');
    expect(await found('hours:1')).toBe('t1 t4 t7');
    expect(await found('"name":"t2"')).toBe('t2');
    expect(await found('done:true')).toBe('done');
    expect(await found('project:"Acme"')).toBe('done');
    expect(await found('name:"T2"')).toBe('');
  });

  it('shows a view its rows, and who looks at visible ones only no hidden column', async () => {
    const { doc, list } = createStudioDoc();
    doc.person.insertRow('tasks', { name: 'open', status: 'Open' });
    doc.person.insertRow('tasks', { name: 'done', status: 'Done' });
    doc.person.insertRow('projects', { name: 'Acme', secret: 'x' });
    expect((await list('open tasks')).map(({ name }) => name)).toEqual(['open']);
    const [project] = await list('projects', { visibleOnly: 'true' });
    expect(project?.values).toEqual({ name: 'Acme' });
  });

  it.each([
    [{ sortBy: 'natural', visibleOnly: 'false' }],
    [{ sortBy: 'size' }],
    [{ limit: '0' }],
    [{ limit: 'many' }],
    [{ valueFormat: 'poor' }],
    [{ query: 'nonsense' }],
    [{ query: 'nonsense:1' }],
    [{ query: 'name:bare' }],
    [{ query: 'name:{}' }],
    [{ pageToken: 'nonsense' }],
    [{ pageToken: Buffer.from('{}').toString('base64url') }],
  ])('refuses %j', async (query) => {
    const { ask, rowsOf } = createStudioDoc();
    expect((await ask('GET', rowsOf('tasks'), { query })).status).toBe(400);
  });
});

describe('a list of columns', () => {
  it('has at most 100 a page, and its token holds the size', async () => {
    const { ask, doc } = createStudioDoc();
    const columns = Array.from({ length: 230 }, (_, place) => ({
      name: `c${place}`,
      type: 'text' as const,
    }));
    doc.person.addTables([{ name: 'wide', columns }]);
    const page = async (query: Query) => {
      const path = `/docs/${doc.docId}/tables/wide/columns`;
      const { items, nextPageToken } = bodyOf(await ask('GET', path, { query }));
      const names = (items as Row[]).map(({ name }) => name);
      return { names, token: String(nextPageToken) };
    };
    expect((await page({})).names).toHaveLength(25);
    const first = await page({ limit: '1000' });
    const second = await page({ pageToken: first.token });
    const last = await page({ pageToken: second.token });
    expect([first, second, last].flatMap(({ names }) => names)).toEqual(
      columns.map(({ name }) => name),
    );
    expect(second.names).toHaveLength(100);
    expect(last.token).toBe('undefined');
    expect((await ask('GET', '/docs', { query: { pageToken: 'nonsense' } })).status).toBe(400);
  });
});

describe('a listing by sync token', () => {
  const changedSince = async ({ ask, rowsOf }: StudioDoc, syncToken: string) => {
    const answer = await ask('GET', rowsOf('tasks'), { query: { syncToken } });
    const { items = [], nextSyncToken } = bodyOf(answer);
    const names = (items as Row[]).map(({ name }) => name).sort();
    return { status: answer.status, names, next: String(nextSyncToken) };
  };

  it('shows what was made or changed since, and never what was deleted', async () => {
    const studio = await withTasks(3);
    const [first] = await studio.list('tasks');
    const { next } = await changedSince(studio, (await tokenOf(studio)) ?? '');
    studio.doc.person.insertRow('tasks', { name: 'new' });
    studio.doc.person.editCell('tasks', first?.id ?? '', { name: 'edited' });
    const second = (await studio.list('tasks'))[1];
    studio.doc.person.deleteRow('tasks', second?.id ?? '');
    const changed = await changedSince(studio, next);
    expect(changed.names).toEqual(['edited', 'new']);
    expect((await changedSince(studio, changed.next)).names).toEqual([]);
  });

  it('misses nothing that changed while the pages were read', async () => {
    const studio = await withTasks(4);
    const first = bodyOf(
      await studio.ask('GET', studio.rowsOf('tasks'), { query: { limit: '2' } }),
    );
    const [row] = first['items'] as Row[];
    studio.doc.person.editCell('tasks', row?.id ?? '', { name: 'edited' });
    const query = { pageToken: String(first['nextPageToken']) };
    const last = bodyOf(await studio.ask('GET', studio.rowsOf('tasks'), { query }));
    const changed = await changedSince(studio, String(last['nextSyncToken']));
    expect(changed.names).toEqual(['edited']);
  });

  it('refuses a token it does not know, or lists all', async () => {
    const seen = await bothWays({}, { badSyncToken: 'full' }, async (studio) => {
      studio.doc.person.insertRow('tasks', { name: 'Audit' });
      const { status, names } = await changedSince(studio, 'nonsense');
      return [status, names];
    });
    expect(seen).toEqual({ on: [400, []], off: [200, ['Audit']] });
  });
});

const tokenOf = async ({ ask, rowsOf }: StudioDoc) =>
  bodyOf(await ask('GET', rowsOf('tasks')))['nextSyncToken'] as string | undefined;
