import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { buildWorker } from '../../tools/build-worker.ts';

it('the packed worker runs where no packages are installed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'founder-hq-worker-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  expect(await buildWorker(folder)).toBeGreaterThan(100_000);
  const run = (...args: readonly string[]) =>
    execFileSync(process.execPath, [join(folder, 'main.mjs'), ...args], {
      cwd: folder,
      encoding: 'utf8',
    });
  expect(run('--version')).toBe('0.1.0\n');
  expect(run('import', 'history', '--help')).toContain('--dry-run');
  // What is read only where it is asked for is packed too.
  const log = join(folder, 'worker.log');
  run('init', '--columns', '--log', log);
  expect(readFileSync(log, 'utf8')).toContain('"event":"ended"');
});
