/** `npm run proof:protocol` and `proof:crash`: the full counts of the tests that the daily run takes a sample of. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './run-step.ts';

const PROOFS = new Map([
  ['protocol', { folder: 'test/simulation', size: { FOUNDER_HQ_SEEDS: '10000' } }],
  ['crash', { folder: 'test/crash', size: { FOUNDER_HQ_KILLS: '200' } }],
]);

const proof = PROOFS.get(process.argv[2] ?? '');
if (proof === undefined) {
  console.error(`error: no such proof\nnext: choose from ${[...PROOFS.keys()].join(', ')}`);
  process.exitCode = 2;
} else {
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  // Whoever sets a count by hand wants that count.
  const env = { ...proof.size, ...process.env };
  const { status } = spawnSync(
    process.execPath,
    [vitest, 'run', proof.folder, '--testTimeout', '1800000', '--reporter', 'verbose'],
    { cwd: ROOT, env, stdio: 'inherit' },
  );
  process.exitCode = status ?? 1;
}
