/** `npm run bench [-- name …]`: every script of `test/bench` one after the other; each prints its own figures. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './run-step.ts';

const FOLDER = join(ROOT, 'test', 'bench');
const wanted = process.argv.slice(2);
const scripts = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.ts'))
  .filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)))
  .sort();

if (scripts.length === 0) {
  console.error('error: no such bench\nnext: see test/bench');
  process.exitCode = 2;
}
for (const script of scripts) {
  console.log(`── ${script} ──`);
  const { status } = spawnSync(process.execPath, [join(FOLDER, script)], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = 1;
}
