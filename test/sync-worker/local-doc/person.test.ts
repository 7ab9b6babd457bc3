import { describe, expect, it } from 'vitest';
import { isDomainError } from '#shared/kernel/index.ts';
import { createDocFromTables } from '#worker/local-doc/index.ts';
import { bodyOf, createStudioDoc, type StudioDoc } from './studio-doc.ts';

const tableNames = async ({ ask, doc }: StudioDoc) => {
  const answer = bodyOf(await ask('GET', `/docs/${doc.docId}/tables`));
  return (answer['items'] as { name: string }[]).map(({ name }) => name);
};

const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'none';
  } catch (error) {
    return isDomainError(error) ? error.code : String(error);
  }
};

describe('a person', () => {
  it('renames a column, which keeps its id and its cells, in views too', async () => {
    const { doc, list } = createStudioDoc();
    doc.person.insertRow('tasks', { name: 'Audit', status: 'Open' });
    const byId = { useColumnNames: 'false' };
    const before = (await list('tasks', byId))[0]?.values;
    doc.person.renameColumn('tasks', 'status', 'state');
    expect((await list('tasks', byId))[0]?.values).toEqual(before);
    expect((await list('tasks'))[0]?.values['state']).toBe('Open');
    expect((await list('open tasks'))[0]?.values['state']).toBe('Open');
  });

  it('renames, removes and makes tables', async () => {
    const studio = createStudioDoc();
    studio.doc.person.renameTable('projects', 'Projects');
    studio.doc.person.addTables([
      { name: 'notes', columns: [{ name: 'of', type: 'lookup', lookupTable: 'Projects' }] },
    ]);
    studio.doc.person.addView({ name: 'my notes', viewOf: 'notes' });
    expect(await tableNames(studio)).toEqual([
      'Projects',
      'tasks',
      'open tasks',
      'notes',
      'my notes',
    ]);
    studio.doc.person.deleteTable('tasks');
    studio.doc.person.deleteColumn('Projects', 'secret');
    expect(await tableNames(studio)).toEqual(['Projects', 'notes', 'my notes']);
    studio.doc.person.insertRow('Projects', { name: 'Acme' });
    expect((await studio.list('Projects'))[0]?.values).toEqual({ name: 'Acme' });
  });

  it('invites someone, who can then stand in a person cell', async () => {
    const { doc, insert, list } = createStudioDoc();
    doc.person.addPerson({ name: 'Eve', email: 'eve@example.com' });
    await insert('tasks', [{ owner: 'eve@example.com' }]);
    expect((await list('tasks'))[0]?.values['owner']).toBe('Eve');
  });

  it('presses a button, which does what it says in its row', async () => {
    const { ask, doc, rowsOf } = createStudioDoc();
    const rowId = doc.person.insertRow('tasks', { name: 'Audit', status: 'Open' });
    const answer = await ask('POST', `${rowsOf('tasks')}/${rowId}/buttons/finish`);
    expect(answer.status).toBe(202);
    expect((await ask('POST', `${rowsOf('tasks')}/${rowId}/buttons/hours`)).status).toBe(400);
    expect((await ask('POST', `${rowsOf('tasks')}/${rowId}/buttons/none`)).status).toBe(404);
    const [row] = doc.person.readRows('tasks');
    expect([row?.cells['status'], row?.cells['done']]).toEqual(['Done', 'true']);
  });

  it.each([
    ['a table', ({ doc }: StudioDoc) => doc.person.readRows('none')],
    ['a column', ({ doc }: StudioDoc) => doc.person.insertRow('tasks', { none: 1 })],
    ['a row', ({ doc }: StudioDoc) => doc.person.editCell('tasks', 'i-none', { name: 'x' })],
    ['a row', ({ doc }: StudioDoc) => doc.person.deleteRow('tasks', 'i-none')],
  ])('is told of %s that is not there', (_, work) => {
    expect(codeOf(() => work(createStudioDoc()))).toBe('NO_SUCH_OBJECT');
  });
});

describe('a doc made of tables', () => {
  const text = (name: string) => ({ name, type: 'text' as const });

  it.each([
    ['no column', [{ name: 'a', columns: [] }]],
    ['a column twice', [{ name: 'a', columns: [text('x'), text('x')] }]],
    [
      'a table twice',
      [
        { name: 'a', columns: [text('x')] },
        { name: 'a', columns: [text('x')] },
      ],
    ],
    ['a lookup into nothing', [{ name: 'a', columns: [{ name: 'x', type: 'lookup' as const }] }]],
    [
      'a lookup into a table that is not there',
      [{ name: 'a', columns: [{ name: 'x', type: 'lookup' as const, lookupTable: 'b' }] }],
    ],
    [
      'a button on a column that is not there',
      [{ name: 'a', columns: [{ name: 'x', type: 'button' as const, press: { y: 1 } }] }],
    ],
  ])('is refused for %s', (_, tables) => {
    expect(codeOf(() => createDocFromTables(tables))).toBe('BAD_TABLE_SPEC');
  });

  it('is the same for the same seed, and another for another', () => {
    const idOf = (seed: number) => createDocFromTables([], { seed }).docId;
    expect(idOf(1)).toBe(idOf(1));
    expect(idOf(1)).not.toBe(idOf(2));
  });

  it('may have rows that are named by each other', async () => {
    const of = { name: 'of', type: 'lookup', lookupTable: 'loops' } as const;
    const doc = createDocFromTables([{ name: 'loops', columns: [of] }]);
    const first = doc.person.insertRow('loops', {});
    const second = doc.person.insertRow('loops', { of: first });
    doc.person.editCell('loops', first, { of: second });
    const path = `/docs/${doc.docId}/tables/loops/rows`;
    expect((await doc.transport({ method: 'GET', path })).status).toBe(200);
  });

  it('has the grid ids that its tables ask for', async () => {
    const doc = createDocFromTables([{ name: 'a', gridId: 'grid-a', columns: [text('x')] }]);
    const path = `/docs/${doc.docId}/tables/grid-a`;
    expect((await doc.transport({ method: 'GET', path })).status).toBe(200);
  });
});
