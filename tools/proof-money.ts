/** `npm run proof:money`: a million amounts and splits, and not one micro lost. The daily run plays a sample of it. */
import { proveMoney } from '../test/shared/cost/prove-money.ts';

const CASES = 1_000_000;

const started = performance.now();
const { cases, lostMicros, faults } = proveMoney(CASES, 1);
const seconds = ((performance.now() - started) / 1000).toFixed(1);
process.stdout.write(`${cases} cases of each law in ${seconds} s: ${lostMicros} micros lost\n`);
for (const fault of faults) process.stdout.write(`fault: ${fault}\n`);
process.exitCode = lostMicros === 0n && faults.length === 0 ? 0 : 1;
