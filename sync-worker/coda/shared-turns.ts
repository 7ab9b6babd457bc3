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
  /** Tells when a person last pressed a button: theirs come from the same account, so a third is left to them for ten minutes. Units: ms since 1970. */
  readonly notePress: (atMs: number) => void;
}

/** What a limit is shared through. */
export interface SharedTurnsOptions {
  readonly leases: SharedLeases;
  /** Of the limit: every process that names it alike shares it. */
  readonly name: string;
  readonly limit: RateLimit;
  readonly clock: Clock;
  readonly wait: Wait;
}

/** A process that dies with a request on its way holds its place for as long as the answer might have taken. Units: ms. */
const IN_FLIGHT_MS = 75_000;
const PEOPLE_MS = 600_000;
const SOONEST_MS = 50;

/**
 * Each place of the limit is a lease, held while a request is on its way and until a whole window after its answer; so no
 * two processes together send more than the limit in any window, and a place outlives a crash.
 */
export function createSharedTurns(options: SharedTurnsOptions): SharedTurns {
  const { leases, name, limit, clock, wait } = options;
  let lastPressMs = Number.NEGATIVE_INFINITY;
  let lastTurn: Promise<unknown> = Promise.resolve();

  const countPlaces = (): number => {
    const isPressed = clock() - lastPressMs < PEOPLE_MS;
    return isPressed ? Math.ceil((limit.requests * 2) / 3) : limit.requests;
  };

  const takePlace = async (): Promise<() => Promise<void>> => {
    // A place is renewed for whoever holds it, so each request is a holder of its own.
    const owner = randomUUID();
    for (;;) {
      let freeAtMs = Number.POSITIVE_INFINITY;
      for (let place = 0; place < countPlaces(); place += 1) {
        const asked = { name: toPlaceName(name, place), owner };
        const take = (ttlMs: number) => leases.acquireLease({ ...asked, ttlMs, nowMs: clock() });
        const { granted, lease } = await take(IN_FLIGHT_MS);
        if (granted) return async () => void (await take(limit.windowMs));
        freeAtMs = Math.min(freeAtMs, lease.expiresAtMs);
      }
      await wait(Math.max(SOONEST_MS, freeAtMs - clock()));
    }
  };

  return {
    run: async (task) => {
      const turn = lastTurn.then(takePlace);
      lastTurn = turn.catch(() => undefined);
      const rest = await turn;
      try {
        return await task();
      } finally {
        await rest();
      }
    },
    notePress: (atMs) => {
      lastPressMs = Math.max(lastPressMs, atMs);
    },
  };
}

/** How many places of a shared limit are taken up at a moment, by requests on their way and by those that still count. */
export async function countTaken(
  leases: {
    readonly readLease: (name: string) => Promise<{ readonly expiresAtMs: number } | undefined>;
  },
  {
    name,
    places,
    nowMs,
  }: { readonly name: string; readonly places: number; readonly nowMs: number },
): Promise<number> {
  let taken = 0;
  for (let place = 0; place < places; place += 1) {
    const lease = await leases.readLease(toPlaceName(name, place));
    if (lease !== undefined && lease.expiresAtMs > nowMs) taken += 1;
  }
  return taken;
}

const toPlaceName = (name: string, place: number): string => `budget/${name}/${place}`;
