/** `npm run proof:sockets`: 20,000 changes by people and workers over sockets that break. The daily run plays a few. */
import { proveSockets } from '../test/simulation/sync/prove-sockets.ts';

const CHANGES = 20_000;

const { tally, breaks, changes } = await proveSockets({ changes: CHANGES, from: 1, moves: 40 });
const { acts, rowsSent, ticks, kills, takeovers, failures } = tally;
const { before, after, withinRead, withinWrite } = breaks;
process.stdout.write(
  `${changes} changes, ${acts} of them by people and ${rowsSent} rows by workers, in ${ticks} ticks with ${kills} kills and ${takeovers} takeovers\n` +
    `${before} requests lost, ${after} answers lost, ${withinRead} reads and ${withinWrite} writes broken in their answer\n` +
    `${failures.length} of doubled rows, lost edits and wrong deletions\n`,
);
for (const { seed, law, detail } of failures)
  process.stdout.write(`seed ${seed}: ${law}: ${detail}\n`);
process.exitCode = failures.length === 0 ? 0 : 1;
