import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { openSqliteStore } from '#worker/store/index.ts';
import { verifyStore } from '#worker/verify/index.ts';
import { append, eventOf } from '../append-event.ts';
import { useStoreFiles } from '../store-files.ts';

const newFile = useStoreFiles();

async function createFilled(): Promise<string> {
  const file = newFile();
  const store = await openSqliteStore({ file });
  await append(store, 'desk/dana', [eventOf(1), eventOf(2), eventOf(3)]);
  await store.close();
  return file;
}

/** Runs SQL the way someone with a database tool would, and answers what the store reads afterwards. */
async function tamper(sql: string) {
  const file = await createFilled();
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
  const store = await openSqliteStore({ file });
  try {
    return await store.readAll(0, 10);
  } finally {
    await store.close();
  }
}

const body = (position: number, version: number) =>
  `'{"position":${position},"version":${version},"stream":"desk/dana","type":"x"}'`;

describe('the ledger’s table', () => {
  it.each([
    ['an update', `UPDATE events SET hash = 'x' WHERE position = 2`, 'append-only'],
    ['a deletion', 'DELETE FROM events WHERE position = 3', 'append-only'],
    ['a gap', `INSERT INTO events (position, body, hash) VALUES (5, ${body(5, 4)}, '')`, 'gap'],
    [
      'a gap in a stream',
      `INSERT INTO events (position, body, hash) VALUES (4, ${body(4, 5)}, '')`,
      'gap',
    ],
    [
      'a replacement',
      `INSERT OR REPLACE INTO events (position, body, hash) VALUES (4, ${body(4, 3)}, '')`,
      'gap',
    ],
    [
      'a place its text denies',
      `INSERT INTO events (position, body, hash) VALUES (4, ${body(5, 4)}, '')`,
      'CHECK',
    ],
    ['a head set back', 'UPDATE ledger_head SET position = 2', 'only moves on'],
    ['a head taken away', 'DELETE FROM ledger_head', 'only moves on'],
    [
      'a fence handed out again',
      `INSERT INTO leases VALUES ('sync', 'dana', 1, 0); UPDATE leases SET fence = 0`,
      'only grows',
    ],
  ])('refuses %s', async (_what, sql, reason) => {
    await expect(tamper(sql)).rejects.toThrow(reason);
  });

  it('says so where an event can no longer be read', async () => {
    const sql = `UPDATE events SET body = replace(body, '2023-', 'later ') WHERE position = 2`;
    await expect(tamper(`DROP TRIGGER event_is_kept; ${sql}`)).rejects.toMatchObject({
      code: 'STORE_CORRUPT',
    });
  });

  it('verifies a ledger of many pages', async () => {
    const store = await openSqliteStore({ file: newFile() });
    await append(
      store,
      'desk/dana',
      Array.from({ length: 2_500 }, (_, number) => eventOf(number)),
    );
    expect(await verifyStore(store)).toMatchObject({ ok: true, head: { position: 2_500 } });
    await store.close();
  });
});
