import { appendFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toInstant } from '#shared/kernel/index.ts';
import { openSqliteStore, type Store } from '#worker/store/index.ts';
import { anchorFileOf, anchorHead, readAnchors } from '#worker/verify/index.ts';
import { append, eventOf } from '../store/append-event.ts';
import { useStoreFiles } from '../store/store-files.ts';

const docId = 'dOwn';
const newFile = useStoreFiles();
const hash = 'a'.repeat(64);

describe('anchorHead', () => {
  let store: Store;
  let file: string;
  beforeEach(async () => {
    store = await openSqliteStore({ file: newFile() });
    const path = newFile();
    file = anchorFileOf(dirname(path), basename(path));
    await append(store, 'desk/dana', [eventOf(1), eventOf(2)]);
  });
  afterEach(() => store.close());
  const anchor = (nowMs = 1_000, everyMs = 0) =>
    anchorHead(store, { file, docId, clock: () => nowMs, everyMs });

  it('writes one line for each head it sees, for this user only', async () => {
    expect(await readAnchors(file)).toEqual([]);
    expect([await anchor(), await anchor()]).toEqual([true, false]);
    await append(store, 'desk/dana', [eventOf(3)]);
    expect(await anchor(2_000)).toBe(true);
    const [, second, third] = await store.readRaw(0, 3);
    expect(await readAnchors(file)).toEqual([
      { docId, position: 2, hash: second?.hash, at: toInstant(1_000) },
      { docId, position: 3, hash: third?.hash, at: toInstant(2_000) },
    ]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('waits until the last one is old enough', async () => {
    await anchor(1_000, 100);
    await append(store, 'desk/dana', [eventOf(3)]);
    expect([await anchor(1_099, 100), await anchor(1_100, 100)]).toEqual([false, true]);
  });

  it('does not wait for a last one from the future', async () => {
    await anchor(1_000, 100);
    await append(store, 'desk/dana', [eventOf(3)]);
    expect(await anchor(999, 100)).toBe(true);
    await append(store, 'desk/dana', [eventOf(4)]);
    expect(await anchor(999, 100)).toBe(false);
  });

  it('has nothing to say of an empty ledger', async () => {
    const empty = await openSqliteStore({ file: newFile() });
    expect(await anchorHead(empty, { file, docId, clock: () => 0 })).toBe(false);
    expect(existsSync(file)).toBe(false);
    await empty.close();
  });

  it('overlooks a last line that was torn, and writes in its place', async () => {
    await anchor();
    const whole = readFileSync(file, 'utf8');
    appendFileSync(file, '{"docId":"dOwn","posi');
    expect(await readAnchors(file)).toHaveLength(1);
    await append(store, 'desk/dana', [eventOf(3)]);
    await anchor();
    expect(readFileSync(file, 'utf8').startsWith(`${whole}{"docId":"dOwn","position":3`)).toBe(
      true,
    );
    expect(await readAnchors(file)).toHaveLength(2);
  });

  it.each([['{"docId":"dOwn","posi\n'], ['\n'], ['{"docId":1,"position":2,"hash":"","at":""}\n']])(
    'stops at a line in the middle that is no anchor: %j',
    async (line) => {
      writeFileSync(file, line);
      await expect(anchor()).rejects.toMatchObject({ code: 'ANCHORS_UNREADABLE' });
      expect(readFileSync(file, 'utf8')).toBe(line);
    },
  );

  it.each([
    ['another hash', { hash }],
    ['an event that is not there', { position: 9 }],
    ['another doc', { docId: 'dOther' }],
  ])('vouches for no ledger whose last anchor saw %s', async (_what, change) => {
    const [, second] = await store.readRaw(0, 2);
    const seen = { docId, position: 2, hash: second?.hash, at: toInstant(0), ...change };
    writeFileSync(file, `${JSON.stringify(seen)}\n`);
    await append(store, 'desk/dana', [eventOf(3)]);
    await expect(anchor()).rejects.toMatchObject({ code: 'ANCHOR_DIFFERS' });
    expect(await readAnchors(file)).toHaveLength(1);
  });

  it('passes on what the disk says', async () => {
    await expect(readAnchors('/')).rejects.toMatchObject({ code: 'EISDIR' });
    expect(existsSync(file)).toBe(false);
  });
});
