/** A clock that only waiting moves, and that lets everybody wait at once. */
export function createVirtualTime() {
  let now = 1_000_000;
  let sleepers: { readonly until: number; readonly wake: () => void }[] = [];
  const wait = (ms: number): Promise<void> =>
    new Promise((wake) => {
      sleepers = [...sleepers, { until: now + ms, wake }].sort((a, b) => a.until - b.until);
    });

  /** Runs the work to its end, moving on to the next moment somebody waits for whenever nothing else happens. */
  async function run<Value>(work: Promise<Value>): Promise<Value> {
    let isDone = false;
    const end = () => {
      isDone = true;
    };
    work.then(end, end);
    for (;;) {
      // A turn of the event loop lets every promise that can settle do so.
      await new Promise(setImmediate);
      if (isDone) return work;
      const [next, ...rest] = sleepers;
      if (next === undefined) throw new Error('Nobody waits, and the work is not done.');
      sleepers = rest;
      now = Math.max(now, next.until);
      next.wake();
    }
  }
  return { clock: () => now, wait, run };
}
