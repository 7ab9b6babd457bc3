/** `npm run proof:lifecycle`: the nine machines beside their model for a million random commands, and whether planted bugs are found. */
import { parseArgs } from 'node:util';
import { PLANTED_BUGS } from '../test/simulation/lifecycle-bugs.ts';
import { walkLifecycles } from '../test/simulation/lifecycle-walk.ts';

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const steps = Number(values.steps);
const seed = Number(values.seed);
const BUG_STEPS = 100_000;

const startedMs = Date.now();
const { accepted, pairs, codes, disagreement } = walkLifecycles(seed, steps);
const seconds = ((Date.now() - startedMs) / 1_000).toFixed(1);
console.log(`seed ${seed}: ${steps} commands in ${seconds} s, ${accepted} accepted`);
console.log(`${pairs.size} pairs of state and command tried, ${codes.size} refusal codes seen`);
console.log(
  disagreement === undefined ? '0 disagreements' : JSON.stringify(disagreement, undefined, 2),
);

let missed = 0;
for (const { name, deciders } of PLANTED_BUGS) {
  const found = walkLifecycles(seed, BUG_STEPS, deciders).disagreement;
  if (found === undefined) missed += 1;
  console.log(
    found === undefined ? `NOT FOUND: ${name}` : `found at command ${found.step}: ${name}`,
  );
}
process.exitCode = disagreement === undefined && missed === 0 ? 0 : 1;
