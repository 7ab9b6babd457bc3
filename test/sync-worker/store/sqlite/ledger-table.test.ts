import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { openSqliteStore, verifyStore } from '#worker/store/index.ts';
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

/** Runs SQL the way someone with a database tool would, and answers what verifying finds afterwards. */
async function tamper(sql: string) {
  const file = await createFilled();
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
  const store = await openSqliteStore({ file });
  const result = await verifyStore(store);
  await store.close();
  return result;
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

  const WITHOUT_GUARDS =
    'DROP TRIGGER event_is_kept; DROP TRIGGER event_stays; DROP TRIGGER head_moves_on;';

  it.each([
    [
      'a changed event',
      `UPDATE events SET body = replace(body, 'dana@', 'lee@') WHERE position = 2`,
      { code: 'CONTENT_CHANGED', position: 2 },
    ],
    [
      'an event taken out',
      'DELETE FROM events WHERE position = 2',
      { code: 'POSITION_SKIPPED', position: 2 },
    ],
    [
      'the last events taken away',
      'DELETE FROM events WHERE position > 1',
      { code: 'TAIL_MISSING', position: 3 },
    ],
    ['another head', `UPDATE ledger_head SET hash = 'x'`, { code: 'HEAD_DIFFERS', position: 3 }],
  ])('lets verifying find %s behind its back', async (_what, sql, refusal) => {
    expect(await tamper(WITHOUT_GUARDS + sql)).toMatchObject({ ok: false, refusal });
  });

  it('says so where an event can no longer be read', async () => {
    const sql = `UPDATE events SET body = replace(body, '2023-', 'later ') WHERE position = 2`;
    await expect(tamper(WITHOUT_GUARDS + sql)).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
  });

  it('verifies a ledger of many pages', async () => {
    const store = await openSqliteStore({ file: newFile() });
    await append(
      store,
      'desk/dana',
      Array.from({ length: 2_500 }, (_, number) => eventOf(number)),
    );
    expect(await verifyStore(store)).toMatchObject({ ok: true, value: { position: 2_500 } });
    await store.close();
  });
});
