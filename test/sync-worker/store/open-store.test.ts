import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openStore } from '#worker/store/open-store.ts';
import { append, eventOf } from './append-event.ts';
import { HAS_NO_POSTGRES, newDocId, POSTGRES_URL } from './postgres/postgres-docs.ts';
import { useStoreFiles } from './store-files.ts';

const newFile = useStoreFiles();

const appendOnce = async (store: string, docId: string) => {
  const opened = await openStore({ store, docId });
  const result = await append(opened, 'desk', [eventOf(1)]);
  await opened.close();
  return result;
};

describe('openStore', () => {
  it('opens a file where it is told a path', async () => {
    const file = newFile();
    expect(await appendOnce(file, 'dana')).toMatchObject({ kind: 'appended', position: 1 });
    expect(await appendOnce(file, 'dana')).toMatchObject({ kind: 'appended', position: 2 });
  });

  it.each(['postgres://', 'postgresql://', 'POSTGRES://'])(
    'takes `%s` for a server',
    async (scheme) => {
      const opening = openStore({ store: `${scheme}dana@127.0.0.1:1/ledger`, docId: 'dana' });
      await expect(opening).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' });
    },
  );

  it.each([
    ['file', newFile, true],
    ['server', () => POSTGRES_URL, !HAS_NO_POSTGRES],
  ])('finds a store on a %s that has to be there, and makes none', async (_, store, isThere) => {
    if (!isThere) return;
    const place = { store: store(), docId: newDocId() };
    const open = () => openStore({ ...place, mustExist: true });
    await expect(open()).rejects.toMatchObject({ code: 'STORE_MISSING' });
    await expect(open()).rejects.toMatchObject({ code: 'STORE_MISSING' });
    await (await openStore(place)).close();
    const opened = await open();
    expect((await opened.head()).position).toBe(0);
    await opened.close();
  });

  it('takes a file that has lost all for no store, and a folder for none either', async () => {
    const file = newFile();
    writeFileSync(file, '');
    const place = { store: file, docId: 'dana', mustExist: true };
    await expect(openStore(place)).rejects.toMatchObject({ code: 'STORE_MISSING' });
    const folder = openStore({ ...place, store: dirname(file) });
    await expect(folder).rejects.toMatchObject({ code: 'STORE_UNREADABLE' });
  });

  it.skipIf(HAS_NO_POSTGRES)('opens a schema of the doc where it is told a server', async () => {
    const docId = newDocId();
    expect(await appendOnce(POSTGRES_URL, docId)).toMatchObject({ position: 1 });
    expect(await appendOnce(POSTGRES_URL, newDocId())).toMatchObject({ position: 1 });
    expect(await appendOnce(POSTGRES_URL, docId)).toMatchObject({ position: 2 });
  });
});
