import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { isDomainError } from '#shared/kernel/index.ts';
import { bodyOf, createStudioDoc, START_MS, type StudioDoc } from './studio-doc.ts';

const folder = mkdtempSync(join(tmpdir(), 'local-doc-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const fileNamed = (name: string): string => join(folder, `${name}.db`);

const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'none';
  } catch (error) {
    return isDomainError(error) ? error.code : String(error);
  }
};

/** Starts the program, kills it after it has printed so many lines, and answers the lines. */
async function killAfter(lines: number, args: readonly string[]): Promise<readonly string[]> {
  const program = join(import.meta.dirname, 'answer-and-wait.ts');
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', program, ...args],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    if (text.split('\n').length > lines) child.kill('SIGKILL');
  });
  await new Promise((resolve) => child.once('close', resolve));
  return text.split('\n').slice(0, -1);
}

const namesIn = ({ doc }: StudioDoc): readonly (string | undefined)[] =>
  doc.person.readRows('projects').map(({ cells }) => cells['name']);

describe('what was answered 202', () => {
  it('survives a kill, applied at once', async () => {
    const file = fileNamed('instant');
    const answered = await killAfter(200, [file, 'instant', 'flood']);
    const names = namesIn(createStudioDoc({ file }));
    const expected = Array.from({ length: answered.length }, (_, place) => `p${place}`);
    expect(names.slice(0, answered.length)).toEqual(expected);
    expect(names.length - answered.length).toBeLessThanOrEqual(1);
  });

  it('survives a kill while it still waits in the queue', async () => {
    const file = fileNamed('strict');
    const answered = await killAfter(3, [file, 'strict']);
    const studio = createStudioDoc({ file, clock: () => START_MS + 60_000 });
    expect(new Set(namesIn(studio))).toEqual(new Set(['p0', 'p1', 'p2']));
    const status = await studio.ask(
      'GET',
      `/mutationStatus/${encodeURIComponent(answered[0] ?? '')}`,
    );
    expect(status.body).toEqual({ completed: true });
  });
});

describe('a doc that is opened again', () => {
  it('is the same doc, with what was renamed, hidden and half visible', async () => {
    const file = fileNamed('again');
    const behaviour = { snapshotLag: { minMs: 60_000, maxMs: 60_000 } };
    const first = createStudioDoc({ file, behaviour });
    const rowId = first.doc.person.insertRow('projects', { name: 'Acme' });
    first.doc.person.insertRow('tasks', {
      name: 'Audit',
      project: rowId,
      due: '2025-12-03',
      owner: 'dana@example.com',
      tags: ['a', 'b'],
      count: 4,
    });
    first.doc.person.deleteRow(
      'projects',
      first.doc.person.insertRow('projects', { name: 'Bolt' }),
    );
    first.doc.person.renameColumn('tasks', 'name', 'title');
    const before = first.doc.person.readRows('tasks');
    const { docId, token } = first.doc;
    first.doc.close();
    const second = createStudioDoc({ file, behaviour, seed: 99 });
    expect([second.doc.docId, second.doc.token]).toEqual([docId, token]);
    expect(second.doc.person.readRows('tasks')).toEqual(before);
    expect(namesIn(second)).toEqual(['Acme']);
    expect(await second.list('projects')).toEqual([]);
    second.wait(60_000);
    expect(await second.list('projects')).toHaveLength(1);
  });

  it('does not carry out again what it has done', async () => {
    const file = fileNamed('once');
    const first = createStudioDoc({ file });
    await first.insert('projects', [{ name: 'Acme' }]);
    const [row] = first.doc.person.readRows('projects');
    first.doc.person.editCell('projects', row?.rowId ?? '', { name: 'Acme Ltd' });
    first.doc.close();
    expect(namesIn(createStudioDoc({ file }))).toEqual(['Acme Ltd']);
  });

  it('forgets versions that no read can see, and no row', () => {
    const file = fileNamed('compact');
    const first = createStudioDoc({ file });
    const rowId = first.doc.person.insertRow('projects', { name: '0' });
    for (let edit = 1; edit <= 20; edit += 1) {
      first.doc.person.editCell('projects', rowId, { name: String(edit) });
    }
    first.doc.close();
    const second = createStudioDoc({ file });
    expect(namesIn(second)).toEqual(['20']);
    second.doc.close();
    const database = new DatabaseSync(file);
    expect(database.prepare('SELECT count(*) AS count FROM row_version').get()).toEqual({
      count: 1,
    });
    database.close();
  });

  it('shows reads what a row was, until they may see what it is', async () => {
    const file = fileNamed('edited');
    const behaviour = { snapshotLag: { minMs: 60_000, maxMs: 60_000 } };
    const first = createStudioDoc({ file, behaviour });
    const rowId = first.doc.person.insertRow('projects', { name: 'Acme' });
    first.wait(60_000);
    first.doc.person.editCell('projects', rowId, { name: 'Acme Ltd' });
    first.doc.close();
    const shownAfter = async (ms: number) => {
      const second = createStudioDoc({ file, behaviour, clock: () => START_MS + ms });
      const names = (await second.list('projects')).map(({ name }) => name);
      second.doc.close();
      return names;
    };
    expect(await shownAfter(60_000)).toEqual(['Acme']);
    expect(await shownAfter(120_000)).toEqual(['Acme Ltd']);
  });

  it('gives a new row an id that none had before', async () => {
    const file = fileNamed('ids');
    const ids: unknown[] = [];
    for (let opened = 0; opened < 3; opened += 1) {
      const clock = () => START_MS + opened * 2 * 86_400_000;
      const studio = createStudioDoc({ file, clock });
      ids.push(bodyOf(await studio.insert('projects', [{ name: 'x' }]))['addedRowIds']);
      ids.push([studio.doc.person.insertRow('projects', { name: 'y' })]);
      studio.doc.close();
    }
    expect(new Set(ids.flat()).size).toBe(6);
  });
});

describe('the file', () => {
  it('is written through to the disk before an answer', () => {
    const { doc } = createStudioDoc({ file: fileNamed('settings') });
    expect(doc.durability).toEqual({ journalMode: 'wal', synchronous: 2 });
  });

  it('is held by one process', () => {
    const file = fileNamed('held');
    const { doc } = createStudioDoc({ file });
    expect(codeOf(() => createStudioDoc({ file }))).toBe('STORE_IN_USE');
    doc.close();
    expect(codeOf(() => createStudioDoc({ file }))).toBe('none');
  });

  it('of a newer version, of another program, or damaged is refused and left as it is', () => {
    const newer = fileNamed('newer');
    createStudioDoc({ file: newer }).doc.close();
    const database = new DatabaseSync(newer);
    database.exec('PRAGMA user_version = 99');
    database.close();
    const foreign = fileNamed('foreign');
    const other = new DatabaseSync(foreign);
    other.exec('CREATE TABLE other (id)');
    other.close();
    const damaged = fileNamed('damaged');
    writeFileSync(damaged, 'this is no database, and long enough to be read as one');
    expect(codeOf(() => createStudioDoc({ file: newer }))).toBe('STORE_NEWER');
    expect(codeOf(() => createStudioDoc({ file: foreign }))).toBe('STORE_CORRUPT');
    expect(codeOf(() => createStudioDoc({ file: damaged }))).toBe('STORE_CORRUPT');
    expect(codeOf(() => createStudioDoc({ file: folder }))).toBe('STORE_UNREADABLE');
  });

  it.each([
    ['in the queue', [{ name: 'x'.repeat(80_000) }, { name: 'x'.repeat(80_000) }]],
    ['halfway through a change', [{ secret: 'x'.repeat(30_000), name: 'same' }]],
  ])('keeps what it had when the disk is full %s, and so does the memory', async (_, rows) => {
    const studio = createStudioDoc({ file: fileNamed(String(rows.length)), fileBytesMax: 150_000 });
    for (let place = 0; place < 10; place += 1) {
      await studio.insert('projects', [{ name: 'same', secret: String(place) }]);
    }
    const before = studio.doc.person.readRows('projects');
    const failure = await studio
      .insert('projects', rows, { keyColumns: ['name'] })
      .catch((error: unknown) => error);
    expect(isDomainError(failure) && failure.code).toBe('DISK_FULL');
    expect(studio.doc.person.readRows('projects')).toEqual(before);
    expect((await studio.insert('projects', [{ name: 'after' }])).status).toBe(202);
    expect(namesIn(studio).at(-1)).toBe('after');
  });
});
