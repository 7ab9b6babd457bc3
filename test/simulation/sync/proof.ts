/** The proof of the two-way sync on the command line: `node test/simulation/sync/proof.ts --help`. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Variant } from '../planted-bugs.ts';
import { checkVariant, inPlantedCopy } from '../planted-copy.ts';
import { mapOverCores, ROOT, runThread } from '../play-seeds.ts';
import type { SeedRange } from '../seed-worker.ts';
import { createSyncPlayground } from './simulate-sync.ts';
import { SYNC_BUGS } from './sync-bugs.ts';
import { addTallies, NO_SEEDS, type SyncTally } from './sync-tally.ts';

const HELP = `Plays people, a doc on bad days, and workers that are killed, stopped and overtaken, against the laws of the sync; then its planted bugs.

  --seeds N      how many seeds to play (default 20000)
  --from S       the first of them (default 1)
  --seed S       play one seed and print all that happened
  --bugs LIST    all (default), none, or names of planted bugs, with commas between
  --json         print one JSON object

Example: npm run -s proof:simulation -- --seed 17
Exit codes: 0 every law held and every planted bug was found, 1 not so, 2 wrong usage.`;

const CHUNK = 50;
/** Seeds after which a planted bug counts as missed. */
const PLANTED_SEEDS = 1_000;
const THREAD = join('test', 'simulation', 'sync', 'seed-thread.ts');

process.exitCode = await main().catch((error: unknown) => {
  console.error(
    `error: ${error instanceof Error ? error.message : String(error)}\nnext: see --help`,
  );
  return 2;
});

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '20000' },
      from: { type: 'string', default: '1' },
      seed: { type: 'string' },
      bugs: { type: 'string', default: 'all' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (values.seed !== undefined) return replay(toCount(values.seed));
  const bugs = toBugs(values.bugs);
  for (const bug of SYNC_BUGS) checkVariant(bug);
  const from = toCount(values.from);
  const tally = await playSeeds(from, toCount(values.seeds));
  const planted = await mapOverCores(bugs, async (bug) => {
    const range = { from, count: PLANTED_SEEDS, stopsAtFailure: true };
    const { failures } = await inPlantedCopy(bug, (copy) => play(copy, range));
    return { name: bug.name, found: failures[0] };
  });
  const proven = tally.failures.length === 0 && planted.every(({ found }) => found !== undefined);
  const proof = { from, tally, planted };
  console.log(values.json ? JSON.stringify({ proven, ...proof }) : toLines(proof).join('\n'));
  return proven ? 0 : 1;
}

function play(root: string, range: SeedRange): Promise<SyncTally> {
  return runThread<SyncTally>(join(root, THREAD), range);
}

async function playSeeds(from: number, count: number): Promise<SyncTally> {
  const chunks = Array.from({ length: Math.ceil(count / CHUNK) }, (_, index) => ({
    from: from + index * CHUNK,
    count: Math.min(CHUNK, count - index * CHUNK),
    stopsAtFailure: false,
  }));
  let done = 0;
  const tallies = await mapOverCores(chunks, async (range) => {
    const tally = await play(ROOT, range);
    done += range.count;
    if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${count} seeds`);
    return tally;
  });
  if (process.stderr.isTTY) process.stderr.write('\n');
  return tallies.reduce(addTallies, NO_SEEDS);
}

function toLines(proof: {
  readonly from: number;
  readonly tally: SyncTally;
  readonly planted: readonly {
    readonly name: string;
    readonly found: SyncTally['failures'][number] | undefined;
  }[];
}): readonly string[] {
  const { from, tally, planted } = proof;
  const { seeds, failures, presses, ticks, kills, takeovers, errors } = tally;
  const codes = Object.entries(errors).map(([code, count]) => `${code} ${count}`);
  const found = planted.filter((bug) => bug.found !== undefined);
  return [
    `seeds      ${seeds} from ${from}: ${failures.length} violations`,
    ...failures.slice(0, 5).map(({ seed, law, detail }) => `  seed ${seed}: ${law}: ${detail}`),
    ...failures
      .slice(0, 1)
      .map(({ seed }) => `  replay: npm run -s proof:simulation -- --seed ${seed}`),
    `played     ${presses} presses, ${ticks} ticks, ${kills} kills, ${takeovers} takeovers`,
    `bad days   ${codes.join(', ')}`,
    ...(planted.length > 0 ? [`planted    ${found.length} of ${planted.length} bugs found`] : []),
    ...planted.map(({ name, found: first }) => {
      const by = first === undefined ? 'NOT FOUND' : `seed ${first.seed}: ${first.law}`;
      return `  ${name.padEnd(60)} ${by}`;
    }),
  ];
}

async function replay(seed: number): Promise<number> {
  const playground = await createSyncPlayground();
  const { trace, violations, ...outcome } = await playground.simulate(seed);
  playground.close();
  console.log(trace.join('\n'));
  console.log(JSON.stringify({ ...outcome, violations }, undefined, 2));
  return violations.length === 0 ? 0 : 1;
}

function toCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 0) {
    throw new Error(`expected a whole number, received \`${text}\``);
  }
  return count;
}

function toBugs(list: string): readonly Variant[] {
  if (list === 'all') return SYNC_BUGS;
  const names = list === 'none' ? [] : list.split(',');
  const known = SYNC_BUGS.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`no planted bug is named \`${unknown}\``);
  return SYNC_BUGS.filter(({ name }) => names.includes(name));
}
