import { parentPort, workerData } from 'node:worker_threads';
import { simulate } from './simulate.ts';
import { addTallies, EMPTY_TALLY, toTally } from './tally.ts';

/** The seeds one thread plays. */
export interface SeedRange {
  readonly from: number;
  readonly count: number;
  /** Whether the first seed that fails is enough. */
  readonly stopsAtFailure: boolean;
}

const { from, count, stopsAtFailure } = workerData as SeedRange;
let tally = EMPTY_TALLY;
for (let seed = from; seed < from + count; seed += 1) {
  tally = addTallies(tally, toTally(simulate(seed)));
  if (stopsAtFailure && tally.failures.length > 0) break;
}
// The rule means windows; a thread's port has one listener and no origin.
// oxlint-disable-next-line unicorn/require-post-message-target-origin
parentPort?.postMessage(tally);
