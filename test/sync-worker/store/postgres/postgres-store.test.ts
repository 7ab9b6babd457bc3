import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type StoreTransaction, sha256 } from '#worker/store/index.ts';
import { openPostgresStore } from '#worker/store/postgres/postgres-store.ts';
import { verifyStore } from '#worker/verify/index.ts';
import { append, eventOf } from '../append-event.ts';
import { describeStore } from '../store-contract.ts';
import { describeStoreModel } from '../store-model.ts';
import {
  askServer,
  DANA_URL,
  HAS_NO_POSTGRES,
  newDocId,
  POSTGRES_URL,
  useEmptyStores,
} from './postgres-docs.ts';

/** A text that neither the database's JSON nor its texts can hold as it is. */
const ODD = 'a\u0000b\ud800 \\u0000 "quoted" \\';

describe.skipIf(HAS_NO_POSTGRES)('a PostgreSQL store', () => {
  const create = useEmptyStores(DANA_URL);
  describeStore('as a user of the two roles', create);
  describeStoreModel('as a user of the two roles', create);

  it('keeps any text as a name and in an event', async () => {
    const store = await openPostgresStore({ url: POSTGRES_URL, docId: newDocId() });
    const event = { ...eventOf(1), payload: { [ODD]: ODD, far: 1e308, near: 5e-324 } };
    const options = { expectedVersion: 0, idempotencyKey: ODD } as const;
    await append(store, ODD, [event], options);
    expect(await append(store, ODD, [event], options)).toEqual({ kind: 'exists', position: 1 });
    expect(await store.findByKey(ODD)).toMatchObject({ ...event, stream: ODD, version: 1 });
    // What the odd name is written as is a name too, and another one.
    expect(await store.findByKey('a\\u0000b\\ud800 \\u0000 "quoted" \\')).toBeUndefined();
    await store.transaction((transaction) => transaction.put(ODD, ODD, ODD));
    expect(await store.list(ODD)).toEqual(new Map([[ODD, ODD]]));
    expect(await verifyStore(store)).toMatchObject({ ok: true, head: { position: 1 } });
    await store.close();
  });

  it('gives the two stores of one doc positions without gaps, and each doc its own', async () => {
    const docId = newDocId();
    const open = () => openPostgresStore({ url: POSTGRES_URL, docId });
    const stores = [await open(), await open()] as const;
    const other = await openPostgresStore({ url: POSTGRES_URL, docId: newDocId() });
    const rounds = Array.from({ length: 20 }, (_, round) => round);
    await Promise.all(
      rounds.flatMap((round) =>
        stores.map((store) => append(store, 'shared', [eventOf(round), eventOf(round)])),
      ),
    );
    const events = await stores[0].readAll(0, 100);
    expect(await verifyStore(stores[0])).toMatchObject({ ok: true, head: { position: 80 } });
    expect(events.map(({ version }) => version)).toEqual(events.map((_, index) => index + 1));
    expect((await other.head()).position).toBe(0);
    await Promise.all([...stores, other].map((store) => store.close()));
  });

  it('lands writes that were asked for at once one after the other, awaited or not', async () => {
    const store = await openPostgresStore({ url: POSTGRES_URL, docId: newDocId() });
    await store.transaction(async (transaction) => {
      const numbers = [1, 2, 3];
      await Promise.all(
        numbers.map((number) =>
          transaction.append('desk', [eventOf(number)], { expectedVersion: number - 1 }),
        ),
      );
      void transaction.put('desk', 'dana', 1);
    });
    expect((await store.head()).position).toBe(3);
    expect(await store.get('desk', 'dana')).toBe(1);
    const step = store.transaction(async (transaction) => {
      await transaction.put('desk', 'lee', 1);
      transaction.put('desk', 'kim', Number.NaN).catch(() => undefined);
    });
    await expect(step).rejects.toThrow('expected a finite number');
    expect(await store.get('desk', 'lee')).toBeUndefined();
    await store.close();
  });

  it('tells a step by the write that failed, though its work went on', async () => {
    const store = await openPostgresStore({ url: POSTGRES_URL, docId: newDocId() });
    // Longer than an index of the server can hold, however well it is packed.
    const name = Array.from({ length: 200 }, (_, index) => sha256(`${index}`)).join('');
    const step = (last: (transaction: StoreTransaction) => Promise<unknown>) =>
      store.transaction(async (transaction) => {
        await transaction.put('desk', name, 1);
        await last(transaction);
      });
    const refusal = { code: 'RECORD_REFUSED', message: expect.stringContaining('index row') };
    const options = { expectedVersion: 0 } as const;
    const goOn = step((transaction) => transaction.append('desk', [eventOf(1)], options));
    await expect(goOn).rejects.toMatchObject(refusal);
    const end = step(() => Promise.resolve());
    await expect(end).rejects.toMatchObject(refusal);
    const giveUp = step(() => Promise.reject(new Error('given up')));
    await expect(giveUp).rejects.toThrow('given up');
    expect((await store.head()).position).toBe(0);
    await store.close();
  });

  it('names the one document of many that its table refuses', async () => {
    const store = await openPostgresStore({ url: POSTGRES_URL, docId: newDocId() });
    const records = ['G1', 'G2', 'G3'].map((id) => ({
      id,
      document: { gateId: id === 'G2' ? 'other' : id },
    }));
    const step = store.transaction((transaction) => transaction.putRecords('gates', records));
    await expect(step).rejects.toMatchObject({
      code: 'RECORD_REFUSED',
      message: '`gates/G2` breaks `gates_check`',
    });
    expect(await store.listRecords('gates')).toEqual([]);
    await store.close();
  });

  it('waits for the head while another session holds it', async () => {
    const docId = newDocId();
    const store = await openPostgresStore({ url: POSTGRES_URL, docId });
    let appended: Promise<unknown> = Promise.resolve();
    let isAppended = false;
    const other = await openPostgresStore({ url: POSTGRES_URL, docId });
    await other.transaction(async (transaction) => {
      appended = append(store, 'desk', [eventOf(2)]).then(() => {
        isAppended = true;
      });
      await transaction.append('desk', [eventOf(1)], { expectedVersion: 0 });
      await store.head();
      expect(isAppended).toBe(false);
    });
    await appended;
    const events = await store.readAll(0, 10);
    expect(events.map(({ payload }) => payload)).toEqual([eventOf(1).payload, eventOf(2).payload]);
    await store.close();
    await other.close();
  });

  it('lets the worker change nothing of what is kept for ever, and its owner neither', async () => {
    const docId = newDocId();
    const store = await openPostgresStore({ url: POSTGRES_URL, docId });
    await append(store, 'desk', [eventOf(1), eventOf(2)]);
    await store.close();
    const acts = [
      `UPDATE events SET hash = repeat('0', 64)`,
      'DELETE FROM events',
      'TRUNCATE events',
      'DELETE FROM ledger_head',
      'DELETE FROM leases',
      `UPDATE costs SET body = '{}'`,
      'DELETE FROM runs',
    ];
    for (const act of acts) {
      const asWriter = askServer(`SET ROLE founder_hq_writer; ${act}`, docId);
      await expect(asWriter).rejects.toMatchObject({ code: '42501' });
      const asOwner = askServer(act, docId);
      await expect(asOwner).rejects.toMatchObject({ code: '23001' });
    }
    const asReader = askServer(
      `SET ROLE founder_hq_reader; INSERT INTO collections VALUES ('a', 'b', '1')`,
      docId,
    );
    await expect(asReader).rejects.toMatchObject({ code: '42501' });
  });

  it('works under the two roles where its user has them, though the user may do more', async () => {
    const docId = newDocId();
    const store = await openPostgresStore({ url: POSTGRES_URL, docId });
    await askServer('REVOKE ALL ON collections FROM founder_hq_writer, founder_hq_reader', docId);
    const code = 'STORE_READ_ONLY';
    const put = store.transaction((transaction) => transaction.put('desk', 'dana', 1));
    await expect(put).rejects.toMatchObject({ code });
    await expect(store.get('desk', 'dana')).rejects.toMatchObject({ code });
    await store.close();
  });

  it.each([
    ['takes events of several streams', ['a 1', 'b 1', 'a 2', 'b 2'], 4],
    ['takes events of one stream', ['a 1', 'a 2'], 2],
    ['refuses a gap in one of several streams', ['a 1', 'b 1', 'a 3'], 0],
    ['refuses a gap in the only stream', ['a 1', 'a 3'], 0],
    ['refuses a stream that begins late', ['a 2', 'b 1'], 0],
  ])('%s that are filled in at once', async (_what, places, kept) => {
    const rows = places.map((place, index) => {
      const [stream, version] = place.split(' ');
      const told = { position: index + 1, stream, version: Number(version), type: 'run_started' };
      const row = { position: index + 1, body: JSON.stringify(told), hash: sha256(place) };
      return { table: 'events', row };
    });
    const store = await openPostgresStore({ url: POSTGRES_URL, docId: newDocId() });
    const outcome = await store.fill(Readable.from(rows)).catch(String);
    expect((await store.head()).position).toBe(kept);
    expect(outcome ?? '').toContain(kept > 0 ? '' : 'without a gap');
    await store.close();
  });

  it('dumps what one moment left, while others go on writing to tables it has yet to come to', async () => {
    const store = await openPostgresStore({ url: POSTGRES_URL, docId: newDocId() });
    const write = (number: number) =>
      store.transaction(async (transaction) => {
        await transaction.append('desk', [eventOf(number)], { expectedVersion: 'any' });
        await transaction.put('desk', `${number}`, number);
      });
    await write(1);
    const tables: string[] = [];
    for await (const { table } of store.dump()) {
      if (tables.length === 0) await write(2);
      tables.push(table);
    }
    expect(tables).toEqual(['events', 'collections']);
    await store.close();
  });

  it.each([
    ['a gap in the ledger', { position: 3, version: 2 }, {}],
    ['a gap in its stream', { position: 2, version: 3 }, {}],
    ['a position its text does not tell', { position: 2, version: 2 }, { position: 9 }],
    ['a version its text does not tell', { position: 2, version: 2 }, { version: 9 }],
    ['a stream its text does not tell', { position: 2, version: 2 }, { stream: 'other' }],
    ['a type its text does not tell', { position: 2, version: 2 }, { type: 'other' }],
    ['a key its text does not tell', { position: 2, version: 2 }, { idempotencyKey: 'K1' }],
  ])('refuses an event with %s, whoever writes it', async (_what, place, told) => {
    await expect(insertSecond(place, { ...place, ...told })).rejects.toMatchObject({
      code: '23001',
    });
  });

  it.each([
    ['stream', `stream = 'other'`],
    ['version', 'version = 9'],
    ['key', `idempotency_key = 'K2'`],
  ])(
    'shows whoever takes the guards off and changes the %s an event is found by',
    async (_what, change) => {
      const docId = newDocId();
      const store = await openPostgresStore({ url: POSTGRES_URL, docId });
      await append(store, 'desk', [eventOf(1), eventOf(2)]);
      expect(await verifyStore(store)).toMatchObject({ ok: true });
      await askServer(
        `SET session_replication_role = replica; UPDATE events SET ${change} WHERE position = 2`,
        docId,
      );
      const fault = { code: 'INDEX_WRONG', position: 2, expected: '["desk",2,null]' };
      expect(await verifyStore(store)).toMatchObject({ ok: false, checked: 2, fault });
      await store.close();
    },
  );

  it('takes the same event where it fits, so that nothing else is what refuses it', async () => {
    const place = { position: 2, version: 2 };
    expect(await insertSecond(place, place)).toEqual([]);
  });
});

/** Writes an event after the first, past the store, with a text that may tell something else than its columns. */
async function insertSecond(place: { position: number; version: number }, told: object) {
  const docId = newDocId();
  const store = await openPostgresStore({ url: POSTGRES_URL, docId });
  await append(store, 'desk', [eventOf(1)]);
  await store.close();
  const body = JSON.stringify({ stream: 'desk', type: 'run_started', ...told });
  const act = `INSERT INTO events SELECT ${place.position}, stream, ${place.version}, type, NULL, '${body}', hash FROM events`;
  return askServer(act, docId);
}
