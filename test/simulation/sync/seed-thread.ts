import { parentPort, workerData } from 'node:worker_threads';
import type { SeedRange } from '../seed-worker.ts';
import { createSyncPlayground } from './simulate-sync.ts';
import { addOutcome, NO_SEEDS } from './sync-tally.ts';

const { from, count, stopsAtFailure } = workerData as SeedRange;
const playground = await createSyncPlayground();
let tally = NO_SEEDS;
for (let seed = from; seed < from + count; seed += 1) {
  // One after the other: a seed has the thread to itself, so that it replays alike.
  // oxlint-disable-next-line no-await-in-loop
  tally = addOutcome(tally, await playground.simulate(seed));
  if (stopsAtFailure && tally.failures.length > 0) break;
}
playground.close();
// The rule means windows; a thread's port has one listener and no origin.
// oxlint-disable-next-line unicorn/require-post-message-target-origin
parentPort?.postMessage(tally);
