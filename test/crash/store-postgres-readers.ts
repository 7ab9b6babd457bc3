import { setImmediate as letOthersGo } from 'node:timers/promises';
import { toInstant } from '#shared/kernel/index.ts';
import { type Store } from '#worker/store/index.ts';
import { openPostgresStore } from '#worker/store/postgres/postgres-store.ts';
import { createRandom, type Random } from '../simulation/random.ts';

/** What is asked of the proof. */
export interface ReadersRequest {
  readonly url: string;
  readonly docId: string;
  /** How many events the writers append together. */
  readonly events: number;
  readonly seed: number;
}

/** What came of it; a proof has `skipped` 0. */
export interface ReadersReport {
  readonly events: number;
  /** How often a reader gave up what it had not saved and began again at its cursor. */
  readonly restarts: number;
  /** Positions a reader passed over: each event it was given was not the next. */
  readonly skipped: number;
}

const WRITERS = 6;
const READERS = 2;
const EVENTS_MAX = 60;

/** Lets six connections append, in transactions of any length, while two read by position and begin again at any moment. */
export async function proveReadersSkipNothing(request: ReadersRequest): Promise<ReadersReport> {
  const { url, docId, events, seed } = request;
  const stores: Store[] = [];
  for (let number = 0; number < WRITERS + READERS; number += 1) {
    stores.push(await openPostgresStore({ url, docId }));
  }
  try {
    const writing = { left: events };
    const writers = stores
      .slice(0, WRITERS)
      .map((store, number) =>
        write(store, { writing, number, random: createRandom(seed + number) }),
      );
    const readers = stores
      .slice(WRITERS)
      .map((store, number) => read(store, { events, random: createRandom(seed + 100 + number) }));
    await Promise.all(writers);
    const reports = await Promise.all(readers);
    const sum = (pick: (report: (typeof reports)[number]) => number) =>
      reports.reduce((total, report) => total + pick(report), 0);
    return {
      events,
      restarts: sum(({ restarts }) => restarts),
      skipped: sum(({ skipped }) => skipped),
    };
  } finally {
    await Promise.all(stores.map((store) => store.close()));
  }
}

interface Writing {
  /** How many events nobody has taken on yet. */
  readonly writing: { left: number };
  readonly number: number;
  readonly random: Random;
}

async function write(store: Store, { writing, number, random }: Writing): Promise<void> {
  for (let step = 0; writing.left > 0; step += 1) {
    const count = Math.min(writing.left, random.between(1, EVENTS_MAX));
    writing.left -= count;
    const event = {
      type: 'run_started',
      at: toInstant(step),
      actor: `writer-${number}`,
      payload: step,
    };
    await store.transaction(async (transaction) => {
      // Some steps write one event at a time and let others go in between: they hold the head for long.
      const parts = random.chance(0.1) ? Array.from({ length: count }, () => 1) : [count];
      for (const part of parts) {
        const events = Array.from({ length: part }, () => event);
        await transaction.append(`writer/${number}`, events, { expectedVersion: 'any' });
        await letOthersGo();
      }
      if (random.chance(0.05)) await transaction.put('slow', `${number}`, step);
    });
  }
}

interface Reading {
  readonly events: number;
  readonly random: Random;
}

async function read(store: Store, { events, random }: Reading) {
  let saved = 0;
  let cursor = 0;
  let restarts = 0;
  let skipped = 0;
  while (cursor < events) {
    for (const { position } of await store.readAll(cursor, random.between(1, 500))) {
      if (position !== cursor + 1) skipped += 1;
      cursor = position;
    }
    if (random.chance(0.5)) saved = cursor;
    if (random.chance(0.1)) {
      cursor = saved;
      restarts += 1;
    }
    await letOthersGo();
  }
  return { restarts, skipped };
}
