/** The proof of the command protocol on the command line: `node test/simulation/proof.ts --help`. */
import { parseArgs } from 'node:util';
import { DRAFT_RULES, PLANTED_BUGS, type Variant } from './planted-bugs.ts';
import { checkVariant, playVariant } from './planted-copy.ts';
import { mapOverCores, playSeeds } from './play-seeds.ts';
import { isProven, type Proof, toLines } from './proof-report.ts';
import { simulate } from './simulate.ts';

const HELP = `Plays simulated docs, people and workers against the command protocol, then the protocol's planted bugs and earlier rules.

  --seeds N        how many seeds to play (default 10000)
  --from S         the first of them (default 1)
  --seed S         play one seed and print all that happened
  --variants LIST  all (default), none, or names of planted bugs and draft rules, with commas between
  --json           print one JSON object

Example: npm run -s proof:protocol -- --seed 17
Exit codes: 0 every law held and every planted bug was found, 1 not so, 2 wrong usage.`;

/** Seeds after which a planted bug counts as missed, and seeds each draft rule is played on. */
const PLANTED_SEEDS = 5_000;
const DRAFT_SEEDS = 300;

process.exitCode = await main().catch((error: unknown) => {
  console.error(
    `error: ${error instanceof Error ? error.message : String(error)}\nnext: see --help`,
  );
  return 2;
});

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '10000' },
      from: { type: 'string', default: '1' },
      seed: { type: 'string' },
      variants: { type: 'string', default: 'all' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (values.seed !== undefined) return replay(toCount(values.seed));
  const from = toCount(values.from);
  const isChosen = toChoice(values.variants);
  for (const variant of [...PLANTED_BUGS, ...DRAFT_RULES]) checkVariant(variant);
  const tally = await playSeeds(from, toCount(values.seeds));
  const planted = await mapOverCores(PLANTED_BUGS.filter(isChosen), async (bug) => {
    const range = { from, count: PLANTED_SEEDS, stopsAtFailure: true };
    return { name: bug.name, found: (await playVariant(bug, range)).failures[0] };
  });
  const drafts = await mapOverCores(DRAFT_RULES.filter(isChosen), async (rule) => {
    const range = { from, count: DRAFT_SEEDS, stopsAtFailure: false };
    const { seeds, failures } = await playVariant(rule, range);
    return { name: rule.name, seeds, failed: failures.length };
  });
  const proof: Proof = { from, tally, planted, drafts };
  const proven = isProven(proof);
  console.log(values.json ? JSON.stringify({ proven, ...proof }) : toLines(proof).join('\n'));
  return proven ? 0 : 1;
}

function replay(seed: number): number {
  const { trace, violations, switches, mode } = simulate(seed);
  console.log(trace.join('\n'));
  console.log(JSON.stringify({ seed, mode, switches, violations }, undefined, 2));
  return violations.length === 0 ? 0 : 1;
}

function toCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 0) {
    throw new Error(`expected a whole number, received \`${text}\``);
  }
  return count;
}

function toChoice(list: string): (variant: Variant) => boolean {
  if (list === 'all') return () => true;
  const names = list === 'none' ? [] : list.split(',');
  const known = [...PLANTED_BUGS, ...DRAFT_RULES].map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`no variant is named \`${unknown}\``);
  return ({ name }) => names.includes(name);
}
