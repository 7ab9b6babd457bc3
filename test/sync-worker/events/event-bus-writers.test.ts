import * as fc from 'fast-check';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '#worker/store/index.ts';
import { openPostgresStore } from '#worker/store/postgres/postgres-store.ts';
import { toSchemaName } from '#worker/store/postgres/schema-name.ts';
import {
  askServer,
  HAS_NO_POSTGRES,
  newDocId,
  POSTGRES_URL,
} from '../store/postgres/postgres-docs.ts';
import { appendMany, createRecorder, eventOf, openBus, subscribe } from './bus-scene.ts';

/** One step of one writer: how much it writes, how long it stays open, and whether it lands. */
interface Step {
  readonly events: number;
  /** Questions to the server before and after its events, each of which others may overtake. */
  readonly before: number;
  readonly after: number;
  readonly isGivenUp: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  events: fc.integer({ min: 1, max: 4 }),
  before: fc.integer({ min: 0, max: 6 }),
  after: fc.integer({ min: 0, max: 6 }),
  isGivenUp: fc.constantFrom(false, false, false, true),
});
const writers = fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), {
  minLength: 3,
  maxLength: 3,
});

class GivenUp extends Error {}

/** Writes steps one after the other, while others do the same. Answers how many events landed. */
async function write(store: Store, name: string, steps: readonly Step[]): Promise<number> {
  let landed = 0;
  const put = async (
    transaction: Parameters<Parameters<Store['transaction']>[0]>[0],
    times: number,
  ) => {
    for (let time = 0; time < times; time += 1) await transaction.put('note', name, time);
  };
  for (const { events, before, after, isGivenUp } of steps) {
    const work = store.transaction(async (transaction) => {
      await put(transaction, before);
      const told = Array.from({ length: events }, (_, index) => eventOf(index));
      await transaction.append(`run/${name}`, told, { expectedVersion: 'any' });
      await put(transaction, after);
      if (isGivenUp) throw new GivenUp();
    });
    await work.then(
      () => (landed += events),
      (error: unknown) => {
        if (!(error instanceof GivenUp)) throw error;
      },
    );
  }
  return landed;
}

/** The reads of a store, and a way to wait until one has found that nothing comes after a position: then its reader goes to sleep. */
function watchLooks(store: Store) {
  let sleepsAt = -1;
  let wake = (): void => {};
  const readAll: Store['readAll'] = async (after, limit) => {
    const page = await store.readAll(after, limit);
    if (page.length === 0) sleepsAt = after;
    wake();
    return page;
  };
  const untilInVain = async (position: number): Promise<void> => {
    if (sleepsAt >= position) return;
    await new Promise<void>((resolve) => (wake = resolve));
    await untilInVain(position);
  };
  return { readAll, untilInVain };
}

describe.skipIf(HAS_NO_POSTGRES)('the event bus over PostgreSQL, with writers elsewhere', () => {
  const docId = newDocId();
  const open = () => openPostgresStore({ url: POSTGRES_URL, docId });
  let stores: readonly Store[] = [];
  let store: Store;
  beforeEach(async () => {
    if (stores.length === 0) stores = [await open(), await open(), await open(), await open()];
    [store] = stores as readonly [Store];
  });
  afterAll(() => Promise.all(stores.map((one) => one.close())));
  let stop = async (): Promise<void> => {};
  afterEach(() => stop());

  const begin = async (pageSize = 3) => {
    const { bus: opening, failures } = openBus(store, { pageSize });
    const bus = await opening;
    stop = bus.stop;
    const first = (await store.head()).position + 1;
    return { bus, first, failures };
  };

  it('skips no position and brings none twice, however long their steps take', async () => {
    const law = fc.asyncProperty(writers, async (drawn) => {
      const { bus, first, failures } = await begin();
      const readers = await Promise.all(
        ['one', 'other'].map(async (subscriberId) => {
          const { seen, handler } = createRecorder();
          const from = first - 1;
          return { seen, subscription: await subscribe(bus, { subscriberId, handler, from }) };
        }),
      );
      const counts = await Promise.all(
        drawn.map((steps, index) => write(stores[index + 1] ?? store, `W${index}`, steps)),
      );
      const landed = counts.reduce((sum, count) => sum + count, 0);
      const last = first - 1 + landed;
      expect((await store.head()).position).toBe(last);
      for (const { seen, subscription } of readers) {
        expect(await subscription.reach(last)).toBe(true);
        expect(seen).toEqual(Array.from({ length: landed }, (_, index) => first + index));
      }
      await bus.stop();
      expect(failures).toEqual([]);
    });
    await fc.assert(law, { numRuns: 10, seed: 20_261_128 });
  });

  it('is woken by what another process appends while it sleeps', async () => {
    const { readAll, untilInVain } = watchLooks(store);
    const { bus: opening } = openBus({ ...store, readAll });
    const bus = await opening;
    stop = bus.stop;
    const { position: head } = await store.head();
    const { seen, handler } = createRecorder();
    const subscription = await subscribe(bus, { subscriberId: 'woken', handler, from: 'now' });
    for (const position of [head, head + 1, head + 2]) {
      await untilInVain(position);
      await appendMany(stores[1] ?? store, 1);
      expect(await subscription.reach(position + 1)).toBe(true);
    }
    expect(seen).toEqual([head + 1, head + 2, head + 3]);
  });

  it('misses nothing that was appended while its own conversation was lost', async () => {
    const { bus, first } = await begin();
    const { seen, handler } = createRecorder();
    const subscription = await subscribe(bus, { subscriberId: 'lost', handler, from: 'now' });
    await appendMany(stores[1] ?? store, 1);
    await subscription.reach(first);
    await askServer(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = '${toSchemaName(docId)}' AND query LIKE 'LISTEN%'`);
    await appendMany(stores[1] ?? store, 2);
    expect(await subscription.reach(first + 2)).toBe(true);
    expect(seen).toEqual([first, first + 1, first + 2]);
  });
});
