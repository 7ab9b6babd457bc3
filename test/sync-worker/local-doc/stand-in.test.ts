import { describe, expect, it } from 'vitest';
import { BEHAVIOUR_OF, type Behaviour } from '#worker/local-doc/index.ts';
import { bodyOf, bothWays, createStudioDoc, type StudioDoc, toCells } from './studio-doc.ts';

const MINUTE = 60_000;
const span = (ms: number) => ({ minMs: ms, maxMs: ms });
const studio = (behaviour: Partial<Behaviour>): StudioDoc => createStudioDoc({ behaviour });
const { limits } = BEHAVIOUR_OF.strict;

const statusOf = async ({ ask }: StudioDoc, requestId: unknown) => {
  const answer = await ask('GET', `/mutationStatus/${encodeURIComponent(String(requestId))}`);
  return answer.status === 200 ? answer.body : answer.status;
};

describe('1: a change is answered 202 and applies later', () => {
  it('at the delay, not before', async () => {
    const seen = await bothWays({ applyDelay: span(MINUTE) }, {}, async (studioDoc) => {
      const { status } = await studioDoc.insert('projects', [{ name: 'Acme' }]);
      const soon = (await studioDoc.list('projects')).length;
      studioDoc.wait(MINUTE - 1);
      const almost = (await studioDoc.list('projects')).length;
      studioDoc.wait(1);
      return [status, soon, almost, (await studioDoc.list('projects')).length];
    });
    expect(seen).toEqual({ on: [202, 0, 0, 1], off: [202, 1, 1, 1] });
  });

  it('a short delay overtakes a long one, unless the queue is ordered', async () => {
    const delay = { applyDelay: { minMs: 0, maxMs: MINUTE } };
    const seen = await bothWays(
      { ...delay, isQueueOrdered: false },
      { ...delay, isQueueOrdered: true },
      async (studioDoc) => {
        for (const name of ['1', '2', '3', '4', '5', '6', '7', '8']) {
          await studioDoc.insert('projects', [{ name }]);
        }
        studioDoc.wait(MINUTE);
        return (await studioDoc.list('projects')).map(({ name }) => name).join('');
      },
    );
    expect(seen.off).toBe('12345678');
    expect(seen.on).not.toBe(seen.off);
    expect(seen.on.split('').sort().join('')).toBe(seen.off);
  });
});

describe('2: reads see a snapshot', () => {
  it('that lags behind the doc, and is of the whole doc', async () => {
    const seen = await bothWays(
      { snapshotLag: { minMs: MINUTE, maxMs: 5 * MINUTE } },
      {},
      async (studioDoc) => {
        await studioDoc.insert('projects', [{ name: 'Acme' }]);
        await studioDoc.insert('tasks', [{ name: 'Audit', project: 'Acme' }]);
        const steps: string[] = [];
        for (let minute = 0; minute <= 5; minute += 1) {
          const projects = await studioDoc.list('projects');
          const tasks = await studioDoc.list('tasks');
          expect(tasks.length).toBeLessThanOrEqual(projects.length);
          steps.push(`${projects.length}${tasks.length}`);
          studioDoc.wait(MINUTE);
        }
        return [steps[0], steps.at(-1), studioDoc.doc.person.readRows('tasks').length];
      },
    );
    expect(seen).toEqual({ on: ['00', '11', 1], off: ['11', '11', 1] });
  });

  it('and a keyed upsert matches what they see, or what is there', async () => {
    const lag = { snapshotLag: span(5 * MINUTE) };
    const seen = await bothWays(
      { ...lag, upsertSees: 'snapshot' },
      { ...lag, upsertSees: 'live' },
      async ({ insert, doc }) => {
        await insert('tasks', [{ external_id: 'x' }], { keyColumns: ['external_id'] });
        await insert('tasks', [{ external_id: 'x' }], { keyColumns: ['external_id'] });
        return doc.person.readRows('tasks').length;
      },
    );
    expect(seen).toEqual({ on: 2, off: 1 });
  });
});

describe('3: the status of a change', () => {
  it('is unknown, then open, then completed', async () => {
    const seen = await bothWays(
      { statusHidden: span(30_000), applyDelay: span(MINUTE) },
      {},
      async (studioDoc) => {
        const { requestId } = bodyOf(await studioDoc.insert('projects', [{ name: 'Acme' }]));
        const first = await statusOf(studioDoc, requestId);
        studioDoc.wait(30_000);
        const second = await statusOf(studioDoc, requestId);
        studioDoc.wait(30_000);
        return [first, second, await statusOf(studioDoc, requestId)];
      },
    );
    const done = { completed: true };
    expect(seen).toEqual({ on: [404, { completed: false }, done], off: [done, done, done] });
  });

  it.each([
    [{ warning: 'absent' }, { completed: true }],
    [{ warning: 'null' }, { completed: true, warning: null }],
    [{ warning: 'text' }, { completed: true, warning: expect.any(String) }],
  ] as const)('has the warning that %j says', async (behaviour, expected) => {
    const studioDoc = studio(behaviour);
    const { requestId } = bodyOf(await studioDoc.insert('projects', [{ name: 'Acme' }]));
    expect(await statusOf(studioDoc, requestId)).toEqual(expected);
  });

  it.each([
    [{ lostRate: 1 }, 0],
    [{ silentRate: 1 }, 1],
  ] as const)('never completes under %j', async (behaviour, rows) => {
    const studioDoc = studio(behaviour);
    const { requestId } = bodyOf(await studioDoc.insert('projects', [{ name: 'Acme' }]));
    studioDoc.wait(60 * MINUTE);
    expect(await statusOf(studioDoc, requestId)).toEqual({ completed: false });
    expect(await studioDoc.list('projects')).toHaveLength(rows);
  });

  it('is forgotten after a day', async () => {
    const studioDoc = studio({});
    const { requestId } = bodyOf(await studioDoc.insert('projects', [{ name: 'Acme' }]));
    studioDoc.wait(24 * 60 * MINUTE);
    expect(await statusOf(studioDoc, requestId)).toBe(404);
  });
});

describe('4: each bucket refuses the call above its limit', () => {
  it.each([
    ['content', 3, 10_000, 'POST', 'tables/tasks/rows'],
    ['read', 100, 6_000, 'GET', 'tables'],
  ] as const)('%s: %i calls in %i ms', async (_, count, windowMs, method, path) => {
    const seen = await bothWays({ limits }, {}, async ({ doc, ask, wait }) => {
      const body = { rows: [] };
      const call = async () => (await ask(method, `/docs/${doc.docId}/${path}`, { body })).status;
      const within: number[] = [];
      for (let made = 0; made < count; made += 1) within.push(await call());
      const above = await call();
      wait(windowMs);
      return [within.some((status) => status === 429), above === 429, (await call()) === 429];
    });
    expect(seen).toEqual({ on: [false, true, false], off: [false, false, false] });
  });

  it('a 429 has no effect', async () => {
    const studioDoc = studio({ limits });
    for (const name of ['1', '2', '3', '4']) await studioDoc.insert('projects', [{ name }]);
    expect(studioDoc.doc.person.readRows('projects')).toHaveLength(3);
    expect(studioDoc.doc.counts.rateLimited).toBe(1);
  });

  it('all tokens of the user share the buckets', async () => {
    const { doc, ask } = createStudioDoc({ behaviour: { limits }, tokens: [{ token: 'other' }] });
    for (let call = 0; call < 4; call += 1) await ask('GET', '/docs');
    const answer = await doc.transportFor('other')({ method: 'GET', path: '/docs' });
    expect(answer.status).toBe(429);
  });

  it('deletions, pushes and polls count where the switch says', async () => {
    const seen = await bothWays(
      { limits, deleteBucket: 'content', statusBucket: 'read' },
      { limits, deleteBucket: 'write', statusBucket: 'free' },
      async ({ ask, rowsOf }) => {
        const deletes: number[] = [];
        for (let call = 0; call < 4; call += 1) {
          deletes.push((await ask('DELETE', rowsOf('tasks'), { body: { rowIds: [] } })).status);
        }
        let polls = 0;
        for (let call = 0; call < 101; call += 1)
          polls = (await ask('GET', '/mutationStatus/x')).status;
        return [deletes.at(-1), polls];
      },
    );
    expect(seen).toEqual({ on: [429, 429], off: [202, 404] });
  });
});

describe('6: keyed upserts', () => {
  const double = async ({ insert, doc }: StudioDoc) => {
    await insert('tasks', [{ external_id: 'x' }, { external_id: 'x' }]);
    const answer = await insert('tasks', [{ external_id: 'x', hours: 2 }], {
      keyColumns: ['external_id'],
    });
    const hours = doc.person.readRows('tasks').map(({ cells }) => cells['hours']);
    return [hours.join(), 'addedRowIds' in bodyOf(answer)];
  };

  it('update all matches and do not name them', async () => {
    const seen = await bothWays(
      {},
      { upsertUpdates: 'first', isKeyedUpsertReported: true },
      double,
    );
    expect(seen).toEqual({ on: ['2,2', false], off: ['2,', true] });
  });

  it('name their rows in request order where they have no key', async () => {
    const { insert, list } = studio({});
    const added = bodyOf(await insert('projects', [{ name: 'one' }, { name: 'two' }]));
    const rows = await list('projects');
    expect(added['addedRowIds']).toEqual(rows.map(({ id }) => id));
    expect(rows.map(({ name }) => name)).toEqual(['one', 'two']);
  });

  it('are refused by a view', async () => {
    const seen = await bothWays({}, { isViewRefused: false }, async ({ insert }) => {
      const { status } = await insert('open tasks', [{ name: 'Audit' }]);
      return status;
    });
    expect(seen).toEqual({ on: 400, off: 202 });
  });

  it('take one new key given twice as one row, or as two', async () => {
    const seen = await bothWays(
      { duplicateKeys: 'last-wins' },
      { duplicateKeys: 'both-inserted' },
      async ({ insert, doc }) => {
        const rows = [
          { external_id: 'x', hours: 1 },
          { external_id: 'x', hours: 2 },
        ];
        await insert('tasks', rows, { keyColumns: ['external_id'] });
        return doc.person.readRows('tasks').map(({ cells }) => cells['hours']);
      },
    );
    expect(seen).toEqual({ on: ['2'], off: ['1', '2'] });
  });

  it('ignore `rowIds`, or refuse them', async () => {
    const seen = await bothWays(
      { upsertRowIds: 'ignored' },
      { upsertRowIds: 'refused' },
      async ({ ask, rowsOf }) => {
        const body = { rows: [{ cells: toCells({ name: 'Audit' }) }], rowIds: ['i-mine'] };
        return (await ask('POST', rowsOf('tasks'), { body })).status;
      },
    );
    expect(seen).toEqual({ on: 202, off: 400 });
  });

  it('that change nothing leave `updatedAt`, or move it', async () => {
    const seen = await bothWays({}, { isTouchedWithoutChange: true }, async (studioDoc) => {
      await studioDoc.insert('tasks', [{ external_id: 'x' }]);
      studioDoc.wait(MINUTE);
      await studioDoc.insert('tasks', [{ external_id: 'x' }], { keyColumns: ['external_id'] });
      const [row] = await studioDoc.list('tasks');
      return row?.updatedAt;
    });
    expect(seen).toEqual({ on: '2025-12-01T09:00:00.000Z', off: '2025-12-01T09:01:00.000Z' });
  });
});

describe('the `updatedAt` of doc and tables', () => {
  it('moves with rows as they apply, as reads see them, or with tables and columns alone', async () => {
    const see = async (docUpdatedBy: Behaviour['docUpdatedBy']) => {
      const snapshotLag = { minMs: MINUTE, maxMs: MINUTE };
      const { doc, ask, insert, wait } = createStudioDoc({
        behaviour: { docUpdatedBy, snapshotLag },
      });
      const told = async () => {
        const own = `/docs/${doc.docId}`;
        const paths = [own, `${own}/tables/tasks`, `${own}/tables/projects`];
        const answers = await Promise.all(paths.map((path) => ask('GET', path)));
        return answers.map((answer) => String(bodyOf(answer)['updatedAt']).slice(14, 16)).join(' ');
      };
      const moments = [await told()];
      wait(MINUTE);
      await insert('tasks', [{ name: 'Audit' }]);
      moments.push(await told());
      wait(MINUTE);
      moments.push(await told());
      doc.person.renameColumn('projects', 'name', 'headline');
      return [...moments, await told()];
    };
    expect(await see('live rows')).toEqual(['00 00 00', '01 01 00', '01 01 00', '02 02 02']);
    expect(await see('seen rows')).toEqual(['00 00 00', '00 00 00', '01 01 00', '02 02 02']);
    expect(await see('shape')).toEqual(['00 00 00', '00 00 00', '00 00 00', '02 02 02']);
  });
});
