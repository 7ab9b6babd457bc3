import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExecutionEvent } from '#shared/ledger/index.ts';
import { openSqliteStore, type Store } from '#worker/store/index.ts';
import { append } from '../store/append-event.ts';
import { HAS_NO_POSTGRES, useEmptyStores } from '../store/postgres/postgres-docs.ts';
import { useStoreFiles } from '../store/store-files.ts';
import { eventOf, openBus, subscribe } from './bus-scene.ts';

const newFile = useStoreFiles();
const TRIES = 4;

/** What happens between one start of the bus and the next. */
interface Session {
  /** Appended while it runs: whether the subscriber wants the event, and how often its handler fails at it. */
  readonly appended: readonly { readonly isWanted: boolean; readonly failures: number }[];
  /** The write of its books at which the process dies, from 1; beyond the last it stops in peace. */
  readonly diesAt: number;
  readonly pageSize: number;
}

const session: fc.Arbitrary<Session> = fc.record({
  appended: fc.array(
    fc.record({
      isWanted: fc.boolean(),
      failures: fc.constantFrom(0, 0, 0, 1, TRIES - 1, TRIES, 2 * TRIES + 1),
    }),
    { maxLength: 5 },
  ),
  diesAt: fc.integer({ min: 1, max: 20 }),
  pageSize: fc.integer({ min: 1, max: 4 }),
});

interface Call {
  readonly position: number;
  readonly hasFailed: boolean;
}

function describeBusModel(name: string, create: () => Promise<Store>): void {
  it(`deals with each event in order or sets it aside over ${name}, whatever fails and whenever the process dies`, async () => {
    const law = fc.asyncProperty(
      fc.array(session, { minLength: 1, maxLength: 8 }),
      async (drawn) => {
        const store = await create();
        const world = createWorld(store);
        for (const one of drawn) await world.run(one);
        await world.run({ appended: [], diesAt: Number.POSITIVE_INFINITY, pageSize: 3 });
        const { wanted, dealtWith, aside } = await world.outcome();
        expect(wanted.filter((one) => !dealtWith.has(one) && !aside.has(one))).toEqual([]);
        expect(wanted.filter((one) => dealtWith.has(one) && aside.has(one))).toEqual([]);
        await store.close();
      },
    );
    await fc.assert(law, { numRuns: 12, seed: 20_261_124 });
  });
}

describe('the event bus', () => {
  describeBusModel('SQLite', () => openSqliteStore({ file: newFile() }));
});
describe.skipIf(HAS_NO_POSTGRES)('the event bus on a server', () => {
  describeBusModel('PostgreSQL', useEmptyStores());
});

/** Runs sessions over a store, and remembers as lists what should come of them. */
function createWorld(store: Store) {
  const wanted: number[] = [];
  const failuresLeft = new Map<number, number>();
  const dealtWith = new Set<number>();
  let lastTried = 0;

  async function appendAll(appended: Session['appended']): Promise<void> {
    if (appended.length === 0) return;
    let { position } = await store.head();
    const events = appended.map(({ isWanted, failures }) => {
      position += 1;
      if (isWanted) wanted.push(position);
      failuresLeft.set(position, failures);
      return eventOf(position, isWanted ? 'run_failed' : 'run_started');
    });
    await append(store, 'run/01RUN', events);
  }

  return {
    async run({ appended, diesAt, pageSize }: Session): Promise<void> {
      const cursor = await readCursor(store);
      await appendAll(appended);
      const calls: Call[] = [];
      const handler = ({ position }: ExecutionEvent) => {
        const left = failuresLeft.get(position) ?? 0;
        failuresLeft.set(position, left - 1);
        calls.push({ position, hasFailed: left > 0 });
        if (left > 0) throw new Error('not yet');
        dealtWith.add(position);
      };
      const bus = await openBus(dyingAt(store, diesAt), { pageSize }).bus;
      const filter = { types: ['run_failed'] };
      // Its first write begins the subscription; dead before that, nothing is delivered.
      if (diesAt > 1) {
        const subscription = await subscribe(bus, { subscriberId: 'alerts', handler, filter });
        await subscription.reach((await store.head()).position);
      }
      await bus.stop();
      const due = wanted.filter((position) => position > cursor);
      judgeCalls(calls, { due, lastTried });
      lastTried = Math.max(lastTried, ...calls.map(({ position }) => position));
    },
    async outcome() {
      const letters = await store.listRecords('dead_letters', { state: 'open' });
      const aside = new Set(letters.map(({ document }) => document['position']));
      return { wanted, dealtWith, aside };
    },
  };
}

/** A store whose writes fail from one on, as if the process had died there. */
function dyingAt(store: Store, diesAt: number): Store {
  let writes = 0;
  const transaction: Store['transaction'] = async (...step) => {
    writes += 1;
    if (writes >= diesAt) throw new Error('killed');
    return store.transaction(...step);
  };
  return { ...store, transaction };
}

async function readCursor(store: Store): Promise<number> {
  const record = await store.getRecord('subscribers', 'alerts');
  return Number(record?.document['position'] ?? 0);
}

/** In order, from the cursor on, none left out; of what was tried before only the last comes again. */
function judgeCalls(
  calls: readonly Call[],
  { due, lastTried }: { readonly due: readonly number[]; readonly lastTried: number },
): void {
  const tried = [...new Set(calls.map(({ position }) => position))];
  expect(tried).toEqual(due.slice(0, tried.length));
  expect(tried[0] ?? lastTried).toBeGreaterThanOrEqual(lastTried);
  for (const position of tried) {
    const outcomes = calls.filter((call) => call.position === position);
    const isLast = position === tried.at(-1);
    const hasFailed = outcomes.at(-1)?.hasFailed === true;
    expect(outcomes.slice(0, -1).every((call) => call.hasFailed)).toBe(true);
    expect(outcomes.length).toBeLessThanOrEqual(TRIES);
    if (hasFailed && !isLast) expect(outcomes.length).toBe(TRIES);
  }
}
