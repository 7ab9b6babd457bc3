import { describe, expect, it } from 'vitest';
import { isDomainError } from '#shared/kernel/index.ts';
import { type Behaviour } from '#worker/local-doc/index.ts';
import { bodyOf, bothWays, createStudioDoc, type StudioDoc, toCells } from './studio-doc.ts';

const MINUTE = 60_000;
const studio = (behaviour: Partial<Behaviour>): StudioDoc => createStudioDoc({ behaviour });

/** Writes one row of tasks and reads one of its cells back. */
const roundTrip = async (
  { insert, list }: StudioDoc,
  cells: Readonly<Record<string, unknown>>,
  valueFormat = 'simple',
) => {
  await insert('projects', [{ name: 'Acme' }, { name: 'Bolt' }]);
  const { status } = await insert('tasks', [cells]);
  const [row] = await list('tasks', { valueFormat });
  return status === 202 ? row?.values[Object.keys(cells)[0] ?? ''] : status;
};

describe('7: what cannot be written', () => {
  it('a calculated column is passed over', async () => {
    const seen = await bothWays({}, { calculatedWrite: 'written' }, (doc) =>
      roundTrip(doc, { count: 3 }),
    );
    expect(seen).toEqual({ on: '', off: 3 });
  });

  it.each([[null], [{ '@type': 'Person' }]])('the value %j is refused', async (value) => {
    const seen = await bothWays({}, { nullCell: 'clears' }, (doc) =>
      roundTrip(doc, { name: value }),
    );
    expect(seen).toEqual({ on: 400, off: '' });
  });

  it('an unknown column is refused, and then no row of the body lands', async () => {
    const seen = await bothWays({}, { unknownColumn: 'ignored' }, async ({ insert, list }) => {
      const { status } = await insert('tasks', [{ name: 'good' }, { nonsense: 1 }]);
      return [status, (await list('tasks')).length];
    });
    expect(seen).toEqual({ on: [400, 0], off: [202, 2] });
  });

  it('a calculated column is no key', async () => {
    const { status } = await studio({}).insert('tasks', [{ count: 1 }], { keyColumns: ['count'] });
    expect(status).toBe(400);
  });
});

describe('8: relations', () => {
  it('resolve an exact name, and keep anything else as text', async () => {
    const seen = await bothWays({}, { unmatchedLink: 'blank' }, async (doc) => [
      await roundTrip(doc, { project: 'Acme' }, 'rich'),
      await roundTrip(studio(doc.doc.behaviour), { project: 'acme' }, 'rich'),
    ]);
    const link = expect.objectContaining({ '@type': 'StructuredValue', name: 'Acme' });
    expect(seen).toEqual({ on: [link, '```acme```'], off: [link, ''] });
  });

  it('resolve a row id, and an array of them', async () => {
    const seen = await bothWays({}, { linkArrayOnPost: 'text' }, async ({ insert, list }) => {
      const ids = bodyOf(await insert('projects', [{ name: 'Acme' }, { name: 'Bolt' }]));
      await insert('tasks', [{ projects: ids['addedRowIds'] }]);
      return (await list('tasks'))[0]?.values['projects'];
    });
    expect(seen.on).toBe('Acme,Bolt');
    expect(seen.off).toMatch(/^i-.+,i-.+$/);
  });

  it('resolve an array of row ids in an update, whatever an insert does with it', async () => {
    const { ask, doc, list, rowsOf } = studio({ linkArrayOnPost: 'text' });
    const projects = ['Acme', 'Bolt'].map((name) => doc.person.insertRow('projects', { name }));
    const rowId = doc.person.insertRow('tasks', { name: 'Audit' });
    const body = { row: { cells: toCells({ projects }) } };
    await ask('PUT', `${rowsOf('tasks')}/${rowId}`, { body });
    expect((await list('tasks'))[0]?.values['projects']).toBe('Acme,Bolt');
  });

  it('show the name that their row has now, and nothing once it is deleted', async () => {
    const { doc, insert, list } = studio({});
    const rowId = doc.person.insertRow('projects', { name: 'Acme' });
    await insert('tasks', [{ project: rowId }]);
    doc.person.editCell('projects', rowId, { name: 'Acme Ltd' });
    expect((await list('tasks'))[0]?.values['project']).toBe('Acme Ltd');
    doc.person.deleteRow('projects', rowId);
    expect((await list('tasks'))[0]?.values['project']).toBe('');
  });
});

describe('9: values change on the way', () => {
  it('in as typed text', async () => {
    const seen = await bothWays({}, { isCoerced: false }, async (doc) =>
      roundTrip(doc, { price: '$12.34' }, 'rich'),
    );
    const money = {
      '@context': 'http://schema.org/',
      '@type': 'MonetaryAmount',
      currency: 'USD',
      amount: 12.34,
    };
    expect(seen).toEqual({ on: money, off: '```$12.34```' });
  });

  it('out between triple back-ticks in rich text', async () => {
    const seen = await bothWays({}, { isTextFenced: false }, (doc) =>
      roundTrip(doc, { name: 'Audit' }, 'rich'),
    );
    expect(seen).toEqual({ on: '```Audit```', off: 'Audit' });
  });

  it('an empty cell is empty text, or left out', async () => {
    const seen = await bothWays({}, { emptyCell: 'absent' }, async ({ insert, list }) => {
      await insert('projects', [{}]);
      return (await list('projects'))[0]?.values;
    });
    expect(seen).toEqual({ on: { name: '', secret: '' }, off: {} });
  });

  it.each([
    ['isEmptyTextClear', ''],
    ['isEmptyListClear', []],
  ] as const)('%s: %j clears a cell', async (name, value) => {
    const seen = await bothWays({}, { [name]: false }, async ({ insert, list }) => {
      await insert('tasks', [{ external_id: 'x', status: 'Open' }]);
      await insert('tasks', [{ external_id: 'x', status: value }], { keyColumns: ['external_id'] });
      return (await list('tasks'))[0]?.values['status'];
    });
    expect(seen).toEqual({ on: '', off: 'Open' });
  });

  it.each([
    [{}, { unlistedSelect: 'blank' }, { status: 'Odd' }, 'Odd', ''],
    [{}, { dateForm: 'day' }, { due: '2025-12-03' }, '2025-12-03T00:00:00.000Z', '2025-12-03'],
    [{}, { durationNumber: 'hours' }, { effort: 12 }, '12 days', '12 hrs'],
  ] as const)('%j or %j decides on %j', async (on, off, cells, expectedOn, expectedOff) => {
    const seen = await bothWays(on, off, (doc) => roundTrip(doc, cells));
    expect(seen).toEqual({ on: expectedOn, off: expectedOff });
  });
});

describe('10: refusals of size, and a line that breaks', () => {
  it('a row above 85 KB is refused; line breaks count twice', async () => {
    const seen = await bothWays(
      {},
      { rowBytesMax: Number.POSITIVE_INFINITY },
      async ({ insert }) => [
        (await insert('tasks', [{ name: 'é'.repeat(42_500) }])).status,
        (await insert('tasks', [{ name: '\n'.repeat(42_501) }])).status,
      ],
    );
    expect(seen).toEqual({ on: [202, 400], off: [202, 202] });
  });

  it('a body above 2 MB is refused', async () => {
    const rows = Array.from({ length: 25 }, () => ({ name: 'x'.repeat(84_000) }));
    const seen = await bothWays(
      {},
      { requestBytesMax: Number.POSITIVE_INFINITY },
      async ({ insert }) => {
        const answer = await insert('tasks', rows);
        return [answer.status, bodyOf(answer)['message']];
      },
    );
    expect(seen).toEqual({ on: [400, 'request entity too large'], off: [202, undefined] });
  });

  it('a listing of more rows than are served times out', async () => {
    const seen = await bothWays({ rowsLimitServed: 100 }, {}, async ({ ask, rowsOf }) => {
      const limits = ['100', '101'];
      return Promise.all(
        limits.map(
          async (limit) => (await ask('GET', rowsOf('tasks'), { query: { limit } })).status,
        ),
      );
    });
    expect(seen).toEqual({ on: [200, 504], off: [200, 200] });
  });

  it.each([
    ['resetBefore', 0],
    ['resetAfter', 1],
  ] as const)('%s: the answer is lost and %i rows landed', async (fault, landed) => {
    const { doc, insert } = studio({});
    doc.failNext(fault, 'write');
    const lost = await insert('projects', [{ name: 'Acme' }]).catch((error: unknown) => error);
    expect(isDomainError(lost) && lost.code).toBe('NETWORK');
    expect(doc.person.readRows('projects')).toHaveLength(landed);
    expect((await insert('projects', [{ name: 'Bolt' }])).status).toBe(202);
  });

  it('a broken gateway answers a page that is no JSON', async () => {
    const { doc, ask } = studio({});
    doc.failNext('badGateway');
    expect(await ask('GET', '/whoami')).toEqual({
      status: 502,
      body: expect.stringContaining('<html>'),
    });
  });

  it('a fault that was asked for a write lets reads pass', async () => {
    const { doc, ask, insert } = studio({});
    doc.failNext('resetBefore', 'write');
    expect((await ask('GET', '/whoami')).status).toBe(200);
    await expect(insert('projects', [{}])).rejects.toThrow('connection');
    doc.failNext('resetBefore', 'read');
    expect((await insert('projects', [{}])).status).toBe(202);
    await expect(ask('GET', '/whoami')).rejects.toThrow('connection');
  });

  it('faults strike as often as their rates say, and alike for one seed', async () => {
    const strikes = async (rate: number) => {
      const { doc, ask } = studio({ faults: { resetBefore: 0, resetAfter: 0, badGateway: rate } });
      for (let call = 0; call < 200; call += 1) await ask('GET', '/whoami');
      return doc.counts.faults;
    };
    const often = await strikes(0.25);
    expect([await strikes(0), await strikes(1)]).toEqual([0, 200]);
    expect(often).toBeGreaterThan(30);
    expect(often).toBeLessThan(70);
    expect(await strikes(0.25)).toBe(often);
  });
});

describe('12: what a token and a reader may expect', () => {
  it.each([
    [{ token: 't', access: 'read' }, [200, 403, 200, 200]],
    [{ token: 't', access: 'write' }, [403, 202, 200, 200]],
    [{ token: 't', table: 'projects' }, [403, 403, 200, 403]],
    [{ token: 't', table: 'tasks' }, [200, 202, 200, 403]],
  ] as const)('%j reaches as far as its scope', async (grant, expected) => {
    const see = async (isScopeJudged: boolean) => {
      const { doc, rowsOf, insert } = createStudioDoc({
        behaviour: { isScopeJudged },
        tokens: [grant],
      });
      const { requestId } = bodyOf(await insert('tasks', []));
      const transport = doc.transportFor('t');
      const path = rowsOf('tasks');
      const answers = [
        await transport({ method: 'GET', path }),
        await transport({ method: 'POST', path, body: { rows: [] } }),
        await transport({ method: 'GET', path: '/whoami' }),
        await transport({ method: 'GET', path: `/mutationStatus/${String(requestId)}` }),
      ];
      expect(bodyOf(answers[2] ?? { status: 0, body: {} })['scoped']).toBe(true);
      return answers.map(({ status }) => status);
    };
    expect(await see(true)).toEqual(expected);
    expect(await see(false)).toEqual([200, 202, 200, 200]);
  });

  it('a deleted row is not found by an update', async () => {
    const seen = await bothWays({}, { missingRow: 'accepted' }, async ({ doc, ask, rowsOf }) => {
      const rowId = doc.person.insertRow('tasks', { name: 'Audit' });
      doc.person.deleteRow('tasks', rowId);
      const body = { row: { cells: toCells({ name: 'Back' }) } };
      const { status } = await ask('PUT', `${rowsOf('tasks')}/${rowId}`, { body });
      return [status, doc.person.readRows('tasks').length];
    });
    expect(seen).toEqual({ on: [404, 0], off: [202, 0] });
  });

  it('answers may carry fields that nobody announced', async () => {
    const seen = await bothWays({ hasExtraFields: true }, {}, async ({ ask }) =>
      Object.keys(bodyOf(await ask('GET', '/whoami'))).includes('servedBy'),
    );
    expect(seen).toEqual({ on: true, off: false });
  });
});

describe('13: people work in the doc between two calls', () => {
  it('an edit, a rename and a deletion are seen by the next call, after the lag', async () => {
    const seen = await bothWays(
      { snapshotLag: { minMs: MINUTE, maxMs: MINUTE } },
      {},
      async ({ doc, list, wait }) => {
        const kept = doc.person.insertRow('projects', { name: 'Acme' });
        const gone = doc.person.insertRow('projects', { name: 'Bolt' });
        wait(MINUTE);
        doc.person.editCell('projects', kept, { name: 'Acme Ltd' });
        doc.person.deleteRow('projects', gone);
        doc.person.renameColumn('projects', 'name', 'title');
        const soon = (await list('projects')).map(({ values }) => values['title']);
        wait(MINUTE);
        return [soon, (await list('projects')).map(({ values }) => values['title'])];
      },
    );
    expect(seen).toEqual({
      on: [['Acme', 'Bolt'], ['Acme Ltd']],
      off: [['Acme Ltd'], ['Acme Ltd']],
    });
  });

  it('the doc itself sets calculated columns, which moves no sync token', async () => {
    const seen = await bothWays(
      {},
      { isCalculatedSynced: true },
      async ({ doc, ask, rowsOf, wait }) => {
        const rowId = doc.person.insertRow('tasks', { name: 'Audit' });
        const first = bodyOf(await ask('GET', rowsOf('tasks')));
        wait(MINUTE);
        doc.person.editCell('tasks', rowId, { count: 3 });
        const syncToken = String(first['nextSyncToken']);
        const changed = bodyOf(await ask('GET', rowsOf('tasks'), { query: { syncToken } }));
        return (changed['items'] as unknown[]).length;
      },
    );
    expect(seen).toEqual({ on: 0, off: 1 });
  });
});
