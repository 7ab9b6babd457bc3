/**
 * How long a forecast takes in the VM that Packs run in: minified by the Pack's own build, 1,000 calls in one isolate,
 * medians of interleaved runs, less what the same calls take when they do nothing. One JSON line; fails above the bar.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildBundleOf } from '#worker/local-doc/pack-runner/index.ts';
import { openIsolate } from './isolate/open-isolate.ts';

const CALLS = 1_000;
const ROUNDS = 7;
/** Units: ms for one forecast. */
const BAR_MS = 1;

const MANIFEST = fileURLToPath(new URL('./isolate/forecast-pack.ts', import.meta.url));
const FORMULAS = [
  'Nothing',
  'Forecast',
  'Learn',
  'LearnAndForecast100',
  'LearnAndForecast500',
] as const;

const workDir = await mkdtemp(join(tmpdir(), 'forecast-in-vm-'));
try {
  const { bundlePath } = await buildBundleOf(MANIFEST, join(workDir, 'pack'));
  const call = await openIsolate(bundlePath);
  const rounds: Record<string, number>[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const timesMs: Record<string, number> = {};
    for (const formula of FORMULAS) {
      const startMs = performance.now();
      await call(formula, [CALLS]);
      timesMs[formula] = performance.now() - startMs;
    }
    rounds.push(timesMs);
  }
  const medianMs = (formula: string): number =>
    rounds.map((timesMs) => timesMs[formula] ?? 0).sort((one, other) => one - other)[
      (ROUNDS - 1) / 2
    ] ?? 0;
  const each = FORMULAS.slice(1).map((formula) => [
    formula,
    Number(((medianMs(formula) - medianMs('Nothing')) / CALLS).toFixed(4)),
  ]);
  const perCallMs = Object.fromEntries(each);
  console.log(JSON.stringify({ bench: 'forecast-in-vm', calls: CALLS, rounds: ROUNDS, perCallMs }));
  if (!(perCallMs['Forecast'] <= BAR_MS)) process.exitCode = 1;
} finally {
  await rm(workDir, { recursive: true, force: true });
}
