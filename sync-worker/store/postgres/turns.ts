/** Lets writes go out one after the other, in the order they were asked for. */
export interface Turns {
  /** The same write, which begins when all asked for before it are over. */
  readonly inTurn: <Given extends unknown[], Answer>(
    write: (...given: Given) => Promise<Answer>,
  ) => (...given: Given) => Promise<Answer>;
  /** Waits for all that was asked for. Errors: the first that failed, though nobody waited for it. */
  readonly done: () => Promise<void>;
}

/** Turns that none has taken yet. */
export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  let failure: { readonly error: unknown } | undefined;
  return {
    inTurn:
      (write) =>
      (...given) => {
        const turn = last.then(() => write(...given));
        last = turn.catch((error: unknown) => {
          failure ??= { error };
        });
        return turn;
      },
    async done() {
      await last;
      if (failure !== undefined) throw failure.error;
    },
  };
}
