import { randomUUID } from 'node:crypto';
import type { Clock } from '#shared/kernel/index.ts';
import type { RateLimit } from './rate-window.ts';
import type { Wait } from './wait.ts';

/** The sole right to something for a while, kept where every process sees it. */
export interface SharedLeases {
  acquireLease(request: {
    readonly name: string;
    readonly owner: string;
    readonly ttlMs: number;
    readonly nowMs: number;
  }): Promise<{ readonly granted: boolean; readonly lease: { readonly expiresAtMs: number } }>;
}

/** A limit that several processes keep together. */
export interface SharedTurns {
  /** Runs a task when there is room for it among all processes. */
  readonly run: <Value>(task: () => Promise<Value>) => Promise<Value>;
  /** Lets go of what was taken and is not needed any more. */
  readonly rest: () => Promise<void>;
}

/** What a limit is shared through. */
export interface SharedTurnsOptions {
  readonly leases: SharedLeases;
  /** Of the limit: every process that names it alike shares it. */
  readonly name: string;
  readonly limit: RateLimit;
  /** How many requests one place of the limit is good for, one after the other: to take a place is a write to where leases are kept. @default 1 */
  readonly perPlace?: number;
  readonly clock: Clock;
  readonly wait: Wait;
}

/** A place of the limit, as one process holds it. */
interface Place {
  readonly name: string;
  readonly owner: string;
  readonly takenMs: number;
  used: number;
  inFlight: number;
}

/** A process that dies with a request on its way holds its place for as long as the answer might have taken. Units: ms. */
const IN_FLIGHT_MS = 75_000;
/** A place is not begun to be used later than this, so that it outlasts what it was used for last. Units: ms. */
const USABLE_MS = 5_000;
const SOONEST_MS = 50;
/** A place whose request is on its way is free much sooner than its lease says. Units: ms. */
const LATEST_MS = 500;

/** The name of one place of a limit. */
export const toPlaceName = (limit: string, place: number): string => `budget/${limit}/${place}`;

/** How many places a limit has. */
export const countPlaces = ({ requests }: RateLimit, perPlace = 1): number =>
  Math.floor(requests / perPlace);

/**
 * Each place of the limit is a lease, held while requests are on their way and until a whole window after the last answer; so no
 * two processes together send more than the limit in any window, and a place outlives a crash.
 */
export function createSharedTurns(options: SharedTurnsOptions): SharedTurns {
  const { leases, limit, perPlace = 1, clock } = options;
  let mine: Place | undefined;
  let lastTurn: Promise<unknown> = Promise.resolve();

  const restPlace = async ({ name: placeName, owner }: Place): Promise<void> => {
    const asked = { name: placeName, owner };
    await leases.acquireLease({ ...asked, ttlMs: limit.windowMs, nowMs: clock() });
  };

  const isUsable = ({ used, takenMs }: Place): boolean =>
    used < perPlace && clock() - takenMs < USABLE_MS;

  const enter = async (): Promise<Place> => {
    if (mine === undefined || !isUsable(mine)) {
      const before = mine;
      mine = undefined;
      // What is in flight rests its place when it has its answer.
      if (before !== undefined && before.inFlight === 0) await restPlace(before);
      mine = await takePlace(options);
    }
    mine.used += 1;
    mine.inFlight += 1;
    return mine;
  };

  const leave = async (place: Place): Promise<void> => {
    place.inFlight -= 1;
    if (place.inFlight > 0 || (place === mine && isUsable(place))) return;
    if (place === mine) mine = undefined;
    await restPlace(place);
  };

  return {
    run: async (task) => {
      const turn = lastTurn.then(enter);
      const done = turn.then(async (place) => {
        try {
          return await task();
        } finally {
          await leave(place);
        }
      });
      // Several of one place that were on their way together would be refused together.
      lastTurn = (perPlace === 1 ? turn : done).catch(() => undefined);
      return await done;
    },
    rest: async () => {
      const place = mine;
      mine = undefined;
      if (place !== undefined && place.inFlight === 0) await restPlace(place);
    },
  };
}

async function takePlace(options: SharedTurnsOptions): Promise<Place> {
  const { leases, name, limit, perPlace = 1, clock, wait } = options;
  const places = countPlaces(limit, perPlace);
  // A place is renewed for whoever holds it, so each time it is taken is a holder of its own.
  const owner = randomUUID();
  for (;;) {
    let freeAtMs = Number.POSITIVE_INFINITY;
    for (let place = 0; place < places; place += 1) {
      const asked = { name: toPlaceName(name, place), owner };
      const takenMs = clock();
      const answer = await leases.acquireLease({
        ...asked,
        ttlMs: IN_FLIGHT_MS,
        nowMs: takenMs,
      });
      if (answer.granted) return { ...asked, takenMs, used: 0, inFlight: 0 };
      freeAtMs = Math.min(freeAtMs, answer.lease.expiresAtMs);
    }
    await wait(Math.min(LATEST_MS, Math.max(SOONEST_MS, freeAtMs - clock())));
  }
}
