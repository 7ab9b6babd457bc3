import type { Store, StoreTransaction } from '#worker/store/index.ts';

/** The process ends here, as by `kill -9`: nothing of it runs on that has any effect. */
class Killed extends Error {}

/** A process that ends at one of its steps. */
export interface Life {
  /** One more step. Errors: `Killed` at the last, and ever after. */
  readonly step: () => void;
  readonly isOver: () => boolean;
}

/** A life that ends at a step; without one it never does. */
export function createLife({
  killAtStep = Number.POSITIVE_INFINITY,
}: {
  readonly killAtStep?: number;
}): Life {
  let steps = 0;
  const isOver = () => steps >= killAtStep;
  return {
    isOver,
    step() {
      if (!isOver()) steps += 1;
      if (isOver()) throw new Killed();
    },
  };
}

/** The store of a process that can be killed before and after every call, and within a transaction. */
export const toMortalStore = (store: Store, life: Life): Store => ({
  ...mortal(store, life),
  transaction: async (work, options) => {
    life.step();
    const value = await store.transaction(async (transaction) => {
      const done = await work(mortal<StoreTransaction>(transaction, life));
      life.step();
      return done;
    }, options);
    life.step();
    return value;
  },
  // What it gives are no promises.
  readIndex: () => store.readIndex(),
  dump: () => store.dump(),
});

function mortal<Port extends object>(port: Port, life: Life): Port {
  return new Proxy(port, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return async (...given: unknown[]): Promise<unknown> => {
        life.step();
        const answer: unknown = await Reflect.apply(value, target, given);
        life.step();
        return answer;
      };
    },
  });
}
