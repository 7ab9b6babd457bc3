/** `npm run build`: the Pack by the SDK's own build, the worker by esbuild, each with its size. */
import { cp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buildPackBundle, emptyPackBytes } from '#worker/local-doc/pack-runner/index.ts';
import { buildWorker } from './build-worker.ts';
import { ROOT } from './run-step.ts';

const PACK_OUT = join(ROOT, 'out', 'pack');
const WORKER_OUT = join(ROOT, 'out', 'worker');

const toKb = (bytes: number): string => `${(bytes / 1_000).toFixed(1)} KB`;

await Promise.all([PACK_OUT, WORKER_OUT].map((path) => rm(path, { recursive: true, force: true })));

const { bundlePath, bundleBytes } = await buildPackBundle();
await cp(dirname(bundlePath), PACK_OUT, { recursive: true });
console.log(
  `out/pack    ${toKb(bundleBytes)} minified; an empty Pack ${toKb(await emptyPackBytes())}`,
);
console.log(`out/worker  ${toKb(await buildWorker(WORKER_OUT))}`);
