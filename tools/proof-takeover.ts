/** `npm run proof:takeover`: 300 takeovers from workers that are killed and stopped in turn. The daily run plays a few. */
import { describeTakeovers, proveTakeovers } from '../test/crash/takeovers.ts';

const TAKEOVERS = 300;

const report = await proveTakeovers({ takeovers: TAKEOVERS, seed: 1 });
const faults = [...report.fencedWrites, ...report.faults];
process.stdout.write(`${describeTakeovers(report)}\n`);
for (const fault of faults) process.stdout.write(`fault: ${fault}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
