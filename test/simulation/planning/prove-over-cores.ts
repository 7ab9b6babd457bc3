import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { mapOverCores } from '../play-seeds.ts';
import type { DrawBatch } from './draw-worker.ts';
import type { PlayTally } from './play-draw.ts';
import { listDraws, type PlanningProof, type Proving, toProof } from './prove-planning.ts';

const LARGE_TASKS = 2000;
const BATCH = 25;

/** As `provePlanning`, over all cores and with word of each thread that has come to its end. */
export async function proveOverCores(
  proving: Proving,
  hear: (tallies: readonly PlayTally[]) => void,
): Promise<PlanningProof> {
  const draws = listDraws(proving);
  const batches = draws.filter(({ size }) => size >= LARGE_TASKS).map((draw) => [draw]);
  const small = draws.filter(({ size }) => size < LARGE_TASKS);
  for (let from = 0; from < small.length; from += BATCH)
    batches.push(small.slice(from, from + BATCH));
  const tallies = await mapOverCores(batches, async (batch) => {
    const played = await playBatch(batch);
    hear(played);
    return played;
  });
  return toProof(tallies.flat());
}

function playBatch(batch: DrawBatch): Promise<readonly PlayTally[]> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(join(import.meta.dirname, 'draw-worker.ts'), { workerData: batch });
    thread.once('message', resolve);
    thread.once('error', reject);
  });
}
