import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import type { Clock } from '#shared/kernel/index.ts';
import type { Store } from '#worker/store/index.ts';
import { CODA_RATE_LIMITS, type SharedBudget } from './paced-transport.ts';
import type { RequestClass } from './request-class.ts';
import { countPlaces, createSharedTurns, type SharedTurns, toPlaceName } from './shared-turns.ts';
import type { Storm, StormMemory } from './storm-gate.ts';
import type { Wait } from './wait.ts';

/** The part of a store that a budget is kept in. */
export type BudgetStore = Pick<Store, 'acquireLease' | 'releaseLease' | 'get' | 'transaction'>;

/** A budget that every process keeps which uses the same store. */
export interface AccountBudget extends SharedBudget {
  /** Lets go of what is not needed any more. */
  readonly rest: () => Promise<void>;
}

/** Reads are many, so that one place is good for ten. */
const PER_PLACE: Readonly<Record<RequestClass, number>> = {
  read: 10,
  write: 1,
  content: 1,
  docs: 1,
};
/** Writes to rows that are left to people: their buttons write from the same account, and the first press comes unannounced. */
const LEFT_TO_PEOPLE: Readonly<Record<RequestClass, number>> = {
  read: 0,
  write: 0,
  content: 1,
  docs: 0,
};
const STORMS = 'storm';
const LAST = 'last';
const STORM = z.object({ refusals: z.number(), untilMs: z.number() });
const TRYING = 'budget/trying';
const TRYING_MS = 75_000;

/** The limits that the processes of one account keep together. */
export const WORKER_LIMITS: typeof CODA_RATE_LIMITS = {
  read: toShare('read'),
  write: toShare('write'),
  content: toShare('content'),
  docs: toShare('docs'),
};

function toShare(name: RequestClass): (typeof CODA_RATE_LIMITS)[RequestClass] {
  const limit = CODA_RATE_LIMITS[name];
  return { ...limit, requests: limit.requests - LEFT_TO_PEOPLE[name] };
}

/** The budget in a store. */
export function createAccountBudget(
  store: BudgetStore,
  time: { readonly clock: Clock; readonly wait: Wait },
): AccountBudget {
  const toTurns = (name: RequestClass): SharedTurns => {
    const limit = WORKER_LIMITS[name];
    return createSharedTurns({ ...time, leases: store, name, limit, perPlace: PER_PLACE[name] });
  };
  const turns = {
    read: toTurns('read'),
    write: toTurns('write'),
    content: toTurns('content'),
    docs: toTurns('docs'),
  };
  return {
    turns,
    storms: createStormMemory(store, time),
    rest: async () => {
      for (const one of Object.values(turns)) await one.rest();
    },
  };
}

/** That the service refused too many requests lately; nothing in good weather, and where nobody can read what was kept. */
export const readStorm = async (store: Pick<Store, 'get'>): Promise<Storm | undefined> =>
  z.safeParse(STORM, await store.get(STORMS, LAST)).data;

/** The names of the places of a limit, of which each is a lease. */
export const listPlaces = (name: RequestClass): readonly string[] =>
  Array.from({ length: countPlaces(WORKER_LIMITS[name], PER_PLACE[name]) }, (_, place) =>
    toPlaceName(name, place),
  );

function createStormMemory(store: BudgetStore, { clock }: { readonly clock: Clock }): StormMemory {
  return {
    read: () => readStorm(store),
    keep: (storm) =>
      store.transaction((transaction) =>
        storm === undefined
          ? transaction.remove(STORMS, LAST)
          : transaction.put(STORMS, LAST, { ...storm }),
      ),
    alone: async (task) => {
      const asked = { name: TRYING, owner: randomUUID(), ttlMs: TRYING_MS, nowMs: clock() };
      const { granted, lease } = await store.acquireLease(asked);
      if (!granted) return undefined;
      try {
        return await task();
      } finally {
        await store.releaseLease(lease);
      }
    },
  };
}
