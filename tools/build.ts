/** `npm run build`: the Pack by the SDK's own build, the worker by esbuild, each with its size. */
import { cp, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { buildPackBundle, emptyPackBytes } from '#worker/local-doc/pack-runner/index.ts';
import { ROOT } from './run-step.ts';

const OUT = join(ROOT, 'out');
/** They carry native code, or find their own files by path, and cannot be moved into one file. */
const LEFT_OUTSIDE = ['@codahq/packs-sdk', 'isolated-vm', 'esbuild'];

const toKb = (bytes: number): string => `${(bytes / 1_000).toFixed(1)} KB`;

async function buildPack(): Promise<void> {
  const { bundlePath, bundleBytes } = await buildPackBundle();
  const target = join(OUT, 'pack');
  await rm(target, { recursive: true, force: true });
  await cp(dirname(bundlePath), target, { recursive: true });
  console.log(
    `out/pack    ${toKb(bundleBytes)} minified; an empty Pack ${toKb(await emptyPackBytes())}`,
  );
}

async function buildWorker(): Promise<void> {
  const outdir = join(OUT, 'worker');
  await rm(outdir, { recursive: true, force: true });
  await mkdir(outdir, { recursive: true });
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: ['sync-worker/main.ts'],
    outdir,
    bundle: true,
    splitting: true,
    metafile: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    outExtension: { '.js': '.mjs' },
    external: LEFT_OUTSIDE.flatMap((name) => [name, `${name}/*`]),
    // CommonJS packages inside an ES module still ask for `require`.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  const bytes = Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
  console.log(`out/worker  ${toKb(bytes)}`);
}

await buildPack();
await buildWorker();
