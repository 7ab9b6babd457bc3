import { simulate } from './simulate.ts';

const from = Number(process.argv[2] ?? 1);
const count = Number(process.argv[3] ?? 200);
const began = performance.now();
const failed: number[] = [];
const laws = new Map<string, number>();
let overtaken = 0;
for (let seed = from; seed < from + count; seed += 1) {
  const outcome = simulate(seed);
  overtaken += outcome.overtaken > 0 ? 1 : 0;
  if (outcome.violations.length > 0) {
    failed.push(seed);
    for (const { law } of outcome.violations.slice(0, 1)) laws.set(law, (laws.get(law) ?? 0) + 1);
    if (count === 1) console.log(outcome.trace.join('\n'), outcome.violations, outcome.switches);
    else if (failed.length <= 3) console.log(seed, outcome.violations.slice(0, 2), outcome.mode);
  }
}
console.log(
  count,
  'seeds',
  failed.length,
  'failed',
  failed.slice(0, 10),
  [...laws],
  'overtaken',
  overtaken,
  `${Math.round(performance.now() - began)} ms`,
);
