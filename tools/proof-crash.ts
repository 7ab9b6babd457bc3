/** `npm run proof:crash`: the full count of the kills that the daily run takes a sample of. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './run-step.ts';

const KILLS = '200';

const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', 'test/crash', '--reporter', 'verbose', ...process.argv.slice(2)],
  // Whoever sets a count by hand wants that count.
  { cwd: ROOT, env: { FOUNDER_HQ_KILLS: KILLS, ...process.env }, stdio: 'inherit' },
);
process.exitCode = status ?? 1;
