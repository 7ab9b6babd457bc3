import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { takeFolder } from '#worker/inbox/index.ts';
import { openSqliteStore } from '#worker/store/index.ts';
import { holdLease } from '#worker/sync/index.ts';
import { useStoreFiles } from '../store/store-files.ts';

const nextFile = useStoreFiles();
const place = mkdtempSync(join(tmpdir(), 'founder-hq-inbox-'));
afterAll(() => rmSync(place, { recursive: true }));
const NOW = Date.UTC(2026, 2, 2);
const ID = '01K00000000000000000000002';
const CREATED = `${JSON.stringify({
  schema: 'execution_event.v1',
  eventId: ID,
  position: 1,
  type: 'run_created',
  version: 1,
  severity: 'info',
  at: '2026-03-02T09:00:00.000Z',
  entityType: 'run',
  entityId: ID,
  trigger: 'create',
  toState: 'pending',
  actor: { kind: 'person', id: 'dana@acme.example' },
  correlationId: ID,
  payload: {},
})}\n`;

async function openFolder(name: string) {
  const folder = join(place, name);
  mkdirSync(folder);
  const store = await openSqliteStore({ file: nextFile() });
  const { under } = await holdLease(store, () => 0);
  const put = (file: string, text: string, ageMs = 60_000): void => {
    writeFileSync(join(folder, file), text);
    utimesSync(join(folder, file), (NOW - ageMs) / 1_000, (NOW - ageMs) / 1_000);
  };
  const take = (keep?: () => Promise<void>) =>
    takeFolder({ folder, nowMs: NOW, keep }, { store, under });
  return { folder, put, take, store };
}

describe('takeFolder', () => {
  it('moves what it has taken, writes bad lines with their reason, and takes the same again for known', async () => {
    const { folder, put, take, store } = await openFolder('whole');
    put('a.jsonl', `${CREATED}bad\n`);
    put('b.ndjson', CREATED);
    put('empty.jsonl', '');
    const { files, waiting } = await take();
    expect(files).toMatchObject([
      { name: 'a.jsonl', taken: 1, refused: [{ line: 2 }] },
      { name: 'b.ndjson', existed: 1 },
      { name: 'empty.jsonl', taken: 0 },
    ]);
    expect(waiting).toEqual([]);
    expect(readdirSync(folder)).toEqual(['done', 'refused']);
    expect(readdirSync(join(folder, 'done'))).toEqual(['a.jsonl', 'b.ndjson', 'empty.jsonl']);
    const line: unknown = JSON.parse(readFileSync(join(folder, 'refused', 'a.jsonl'), 'utf8'));
    expect(line).toMatchObject({ line: 2, text: 'bad', code: 'TEXT_UNREADABLE' });
    put('a.jsonl', CREATED);
    expect((await take()).files).toMatchObject([{ existed: 1 }]);
    expect(readdirSync(join(folder, 'done'))).toContain('a.jsonl.2');
    await store.close();
  });

  it('lets files wait that are not whole: without a last line break, or written to just now', async () => {
    const { folder, put, take, store } = await openFolder('growing');
    put('torn.jsonl', `${CREATED}{"schema":`);
    put('fresh.jsonl', CREATED, 1_000);
    put('note.txt', 'not for me');
    put('.hidden.jsonl', CREATED);
    symlinkSync(join(folder, 'note.txt'), join(folder, 'link.jsonl'));
    expect(await take()).toEqual({ files: [], waiting: ['fresh.jsonl', 'torn.jsonl'] });
    expect((await store.head()).position).toBe(0);
    await store.close();
  });

  it('leaves a file in its place that has grown while it was read', async () => {
    const { folder, put, take, store } = await openFolder('grown');
    put('a.jsonl', `${'\n'.repeat(199)}${CREATED}`);
    const grow = async () => put('a.jsonl', `${'\n'.repeat(199)}${CREATED}bad\n`);
    const { files, waiting } = await take(grow);
    expect([files.length, waiting, readdirSync(folder)]).toEqual([1, ['a.jsonl'], ['a.jsonl']]);
    await store.close();
  });
});
