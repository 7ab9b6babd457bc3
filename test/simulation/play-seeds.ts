import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { SeedRange } from './seed-worker.ts';
import { addTallies, EMPTY_TALLY, type Tally } from './tally.ts';

/** The repository this file lies in. */
export const ROOT = join(import.meta.dirname, '..', '..');

const CHUNK = 100;

/** Plays seeds in a thread of its own, with the code of the given copy of the repository. */
export const playRange = (root: string, range: SeedRange): Promise<Tally> =>
  runThread<Tally>(join(root, 'test', 'simulation', 'seed-worker.ts'), range);

/** What a file answers that plays seeds in a thread of its own. */
export function runThread<Answer>(file: string, range: SeedRange): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(file, { workerData: range });
    thread.once('message', resolve);
    thread.once('error', reject);
  });
}

/** Plays seeds over all cores. */
export async function playSeeds(from: number, count: number): Promise<Tally> {
  const chunks = Array.from({ length: Math.ceil(count / CHUNK) }, (_, index) => ({
    from: from + index * CHUNK,
    count: Math.min(CHUNK, count - index * CHUNK),
    stopsAtFailure: false,
  }));
  const tallies = await mapOverCores(chunks, (range) => playRange(ROOT, range));
  return tallies.reduce(addTallies, EMPTY_TALLY);
}

/** The answers of a job for every item, in the order of the items, as many at a time as there are cores. */
export async function mapOverCores<Item, Answer>(
  items: readonly Item[],
  job: (item: Item) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  const queue = [...items.entries()];
  const lane = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [index, item] = next;
      // One after the other within a lane: there are as many lanes as cores.
      // oxlint-disable-next-line no-await-in-loop
      answers[index] = await job(item);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  return answers;
}
