import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { isDomainError } from '#shared/kernel/index.ts';
import { openSqliteStore, type Store } from '#worker/store/index.ts';
import { verifyStore } from '#worker/verify/index.ts';
import { append, eventOf } from '../append-event.ts';
import { useStoreFiles } from '../store-files.ts';

const newFile = useStoreFiles();

/** Events 1 to 3 of one stream, the first two under a key. */
async function createFilled(): Promise<string> {
  const file = newFile();
  const store = await openSqliteStore({ file });
  const options = { expectedVersion: 0, idempotencyKey: 'K1' };
  await append(store, 'desk/dana', [eventOf(1), eventOf(2)], options);
  await append(store, 'desk/dana', [eventOf(3)]);
  await store.close();
  return file;
}

/** Runs SQL the way someone with a database tool would. */
function act(file: string, sql: string): void {
  const database = new DatabaseSync(file);
  try {
    database.exec(sql);
  } finally {
    database.close();
  }
}

/** What comes of asking a filled store after SQL was run on it. */
async function askAfter<Answer>(sql: string, ask: (store: Store) => Promise<Answer>) {
  const file = await createFilled();
  act(file, sql);
  const store = await openSqliteStore({ file });
  try {
    return await ask(store);
  } finally {
    await store.close();
  }
}

/** SQL that writes an event which says of itself what is given, by default that it is the next of its stream. */
const event = (position: number, told: object = {}): string => {
  const body = { position, version: position, stream: 'desk/dana', ...told };
  return `INSERT INTO events VALUES (${position}, '${JSON.stringify(body)}', 'h${position}');`;
};
const NEXT = { first: 4, last: 4, stream: 'desk/dana', version: 4, key: 'NULL' };
/** SQL that writes an append, by default of event 4 alone. */
const appendOf = (place: Partial<typeof NEXT> = {}, verb = 'INSERT'): string => {
  const { first, last, stream, version, key } = { ...NEXT, ...place };
  return `${verb} INTO appends VALUES ('${stream}', ${version}, ${first}, ${last}, ${key});`;
};

const GAP = 'continues its stream without a gap';
const REST = 'all events after those of the one before';
const TOLD = 'says what the text of its last event says';
const KEPT = 'append-only';

/** An append of event 5 alone, in a stream of its own. */
const AFTER_LONE = appendOf({ first: 5, last: 5, stream: 'desk/lee', version: 1 });

describe('the ledger’s tables', () => {
  it.each([
    ['an update', `UPDATE events SET hash = 'x' WHERE position = 2`, KEPT],
    ['a deletion', 'DELETE FROM events WHERE position = 3', KEPT],
    ['a replacement', event(2).replace('INSERT', 'INSERT OR REPLACE'), KEPT],
    ['a replacement of the last', event(3).replace('INSERT', 'INSERT OR REPLACE'), KEPT],
    ['an event before the first', event(0), KEPT],
    ['an update of an append', `UPDATE appends SET stream = 'x'`, KEPT],
    ['a deletion of an append', 'DELETE FROM appends', KEPT],
    ['a replacement of an append', appendOf({ version: 3 }, 'INSERT OR REPLACE'), GAP],
    ['an append of a place before the first', event(4) + appendOf({ first: -1 }), REST],
    ['an append without a place', event(4) + appendOf().replace('4, 4,', 'NULL, 4,'), TOLD],
    ['a gap in the ledger', event(5) + appendOf({ first: 5, last: 5 }), REST],
    ['an append that goes on after a lone event', event(4) + event(5) + AFTER_LONE, REST],
    ['a gap in a stream', event(4, { version: 5 }) + appendOf({ version: 5 }), GAP],
    ['a version again', event(4, { version: 3 }) + appendOf({ version: 3 }), GAP],
    ['a stream that begins late', event(4) + appendOf({ stream: 'desk/lee' }), GAP],
    ['an append without its events', appendOf(), REST],
    ['an append of too few events', event(4) + appendOf({ last: 5 }), REST],
    ['an append with a gap', event(4) + event(6) + appendOf({ last: 5 }), REST],
    ['an append with a gap at its end', event(4) + event(6) + appendOf({ last: 6 }), REST],
    ['an event beside an append', event(4) + event(5) + appendOf(), REST],
    ['an append of nothing', event(4) + appendOf({ last: 3 }), REST],
    ['a position its text denies', event(4, { position: 5 }) + appendOf(), TOLD],
    ['a version its text denies', event(4, { version: 5 }) + appendOf(), TOLD],
    ['a stream its text denies', event(4, { stream: 'desk/lee' }) + appendOf(), TOLD],
    ['a key its text denies', event(4) + appendOf({ key: `'K2'` }), TOLD],
    ['a key it does not tell', event(4, { idempotencyKey: 'K2' }) + appendOf(), TOLD],
    ['a text that is no JSON', `INSERT INTO events VALUES (4, '{', '');${appendOf()}`, 'malformed'],
    [
      'a key again',
      event(4, { idempotencyKey: 'K1' }) + appendOf({ key: `'K1'` }, 'INSERT OR REPLACE'),
      'a key is of one append',
    ],
    ['a head set back', 'UPDATE ledger_head SET position = 2', 'is a view'],
    ['a head taken away', 'DELETE FROM ledger_head', 'is a view'],
    [
      'a fence handed out again',
      `INSERT INTO leases VALUES ('sync', 'dana', 1, 0); UPDATE leases SET fence = 0`,
      'only grows',
    ],
  ])('refuse %s', async (_what, sql, reason) => {
    const file = await createFilled();
    expect(() => act(file, `BEGIN; ${sql}; COMMIT`)).toThrow(reason);
    const store = await openSqliteStore({ file });
    expect(await verifyStore(store)).toMatchObject({ ok: true, checked: 3 });
    await store.close();
  });

  it('refuse an event before all places there are, also where there is none yet', async () => {
    const file = newFile();
    await (await openSqliteStore({ file })).close();
    expect(() => act(file, event(0))).toThrow(KEPT);
  });

  it('take an event and its append where they fit, which move the head', async () => {
    const sql = event(4, { idempotencyKey: '\\' }) + appendOf({ key: `'\\u005c'` });
    const head = await askAfter(sql, (store) => store.head());
    expect(head).toEqual({ position: 4, hash: 'h4' });
  });

  it.each([
    ['in the place of the next event', event(4), 4],
    ['after a gap', event(6), 6],
  ])('let no event %s pass unnoticed that came without an append', async (_what, sql, last) => {
    const found = await askAfter(sql, async (store) => {
      const next = append(store, 'desk/dana', [eventOf(4)]).catch((error: unknown) => error);
      return [await store.head(), await next, await verifyStore(store)];
    });
    expect(found).toMatchObject([
      { position: last },
      { code: 'STORE_CORRUPT', message: expect.stringContaining(`nothing after event ${last}`) },
      { ok: false, checked: 3, fault: { position: 4 } },
    ]);
  });

  it('say so where an event can no longer be read', async () => {
    const sql = `UPDATE events SET body = replace(body, '2023-', 'later ') WHERE position = 2`;
    const read = askAfter(`DROP TRIGGER event_is_kept; ${sql}`, (store) => store.readAll(0, 10));
    await expect(read).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
  });

  it('say so where an event lies in another place than it says', async () => {
    const sql = 'UPDATE events SET position = 9 WHERE position = 2';
    const read = askAfter(`DROP TRIGGER event_is_kept; ${sql}`, (store) => store.readAll(0, 10));
    await expect(read).rejects.toMatchObject({
      code: 'STORE_CORRUPT',
      message: expect.stringContaining('does not fit event 9'),
    });
  });

  it('verify as a ledger of many pages', async () => {
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

const change = (what: string, first: number) =>
  `UPDATE appends SET ${what} WHERE first_position = ${first}`;
/** What a forger who takes the guards off may do to the rows by which events are found, and where it shows. */
const FORGERIES = [
  ['another stream', change(`stream = 'desk/lee'`, 3), 3],
  ['another version', change('first_version = 4', 3), 3],
  ['another key', change(`idempotency_key = 'K2'`, 1), 1],
  ['a key where there is none', change(`idempotency_key = 'K2'`, 3), 3],
  ['no key where there is one', change('idempotency_key = NULL', 1), 1],
  ['an end that comes early', change('last_position = 1', 1), 2],
  ['an end that comes late', change('last_position = 3', 1), 3],
  ['an end after the last', change('last_position = 4', 3), 4],
  ['a beginning that comes late', change('first_position = 2', 1), 1],
  ['a beginning before the first', change('first_position = 0', 1), 1],
  ['no row at all', 'DELETE FROM appends', 1],
  ['no first row', 'DELETE FROM appends WHERE first_position = 1', 1],
  ['no last row', 'DELETE FROM appends WHERE first_position = 3', 3],
  ['a row within another', `INSERT INTO appends VALUES ('desk/lee', 1, 2, 2, NULL)`, 3],
  ['a row before all', `INSERT INTO appends VALUES ('desk/lee', 1, -1, -1, NULL)`, 1],
  ['a row after all', `INSERT INTO appends VALUES ('desk/lee', 1, 4, 4, NULL)`, 4],
] as const;

/** All there is to find by a stream or a key. */
async function findAll(store: Store) {
  const found = [await store.readStream('desk/dana'), await store.readStream('desk/lee')];
  const keys = [await store.findByKey('K1'), await store.findByKey('K2')];
  return [...found.flat(), ...keys].map((one) => one?.position);
}

describe('a forged index', () => {
  const forge = (sql: string): string =>
    `DROP TRIGGER append_is_kept; DROP TRIGGER append_stays; DROP TRIGGER append_continues;
    PRAGMA ignore_check_constraints = ON; ${sql}`;

  it.each(FORGERIES)('with %s is found by the verifier', async (_what, sql, position) => {
    const verdict = await askAfter(forge(sql), verifyStore);
    const fault = { code: 'INDEX_WRONG', position };
    expect(verdict).toMatchObject({ ok: false, checked: 3, fault });
  });

  it.each(FORGERIES)('with %s never leads to a wrong event', async (_what, sql) => {
    const whole = await askAfter('SELECT 1', findAll);
    expect(whole).toEqual([1, 2, 3, 2, undefined]);
    const found = await askAfter(forge(sql), findAll).catch((error: unknown) => error);
    // What is missing at an end only the verifier can tell; all else is refused by whoever reads it.
    const isRefused = isDomainError(found) && found.code === 'STORE_CORRUPT';
    const isShort =
      Array.isArray(found) && found.every((one) => one === undefined || whole.includes(one));
    expect({ found, isFair: isRefused || isShort }).toMatchObject({ isFair: true });
  });

  it.each([
    ['another stream', change(`stream = 'desk/lee'`, 1), 'desk/lee', 'does not fit event 1'],
    ['a version too late', change('first_version = 2', 1), 'desk/dana', 'does not fit event 1'],
    ['an end too late', change('last_position = 4', 3), 'desk/dana', 'no event 4'],
    [
      'a place beyond',
      change('first_position = 9, last_position = 9', 1),
      'desk/dana',
      'no event 9',
    ],
  ])('with %s is refused by whoever reads the stream', async (_what, sql, stream, reason) => {
    await expect(askAfter(forge(sql), (store) => store.readStream(stream))).rejects.toMatchObject({
      code: 'STORE_CORRUPT',
      message: expect.stringContaining(reason),
    });
  });

  it.each([
    ['another key', `idempotency_key = 'K2'`, 'does not fit event 1'],
    ['a beginning too late', `idempotency_key = 'K2', first_position = 2`, 'does not fit event 2'],
  ])('with %s is refused by whoever asks for the key', async (_what, what, reason) => {
    const found = askAfter(forge(change(what, 1)), (store) => store.findByKey('K2'));
    await expect(found).rejects.toMatchObject({
      code: 'STORE_CORRUPT',
      message: expect.stringContaining(reason),
    });
  });

  it('that leads to no event at its end takes no more events', async () => {
    const sql = `DROP TRIGGER append_is_kept; ${change('last_position = 4', 3)}`;
    const next = askAfter(sql, (store) => append(store, 'desk/lee', [eventOf(5)]));
    await expect(next).rejects.toMatchObject({
      code: 'STORE_CORRUPT',
      message: expect.stringContaining('nothing after event 3'),
    });
  });

  it('with a place too far to count is damage, not a bug', async () => {
    const sql = forge(change('last_position = 1 << 60', 3));
    await expect(askAfter(sql, verifyStore)).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
  });
});
