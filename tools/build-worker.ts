import { build } from 'esbuild';
import { ROOT } from './run-step.ts';

/** They carry native code, or find their own files by path, and cannot be moved into one file. */
const LEFT_OUTSIDE = ['@codahq/packs-sdk', 'isolated-vm', 'esbuild'];
/** CommonJS packages inside an ES module still ask for `require`. */
const REQUIRE =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/**
 * Packs the worker into a folder whose `main.mjs` runs on Node alone, and answers its size in bytes. The commands that
 * run the Pack on this computer still need the Pack's tools beside it.
 */
export async function buildWorker(outdir: string): Promise<number> {
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
    banner: { js: REQUIRE },
  });
  return Object.values(metafile.outputs).reduce((sum, { bytes }) => sum + bytes, 0);
}
