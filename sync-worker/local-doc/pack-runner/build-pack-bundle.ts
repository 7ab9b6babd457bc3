import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DomainError } from '#shared/kernel/index.ts';
import { callWithoutSecrets } from '#worker/secrets/index.ts';
import { loadSdkInternals } from './sdk-internals.ts';

/** A Pack as Coda would run it: one minified file, with its metadata beside it. */
export interface PackBundle {
  readonly bundlePath: string;
  readonly bundleBytes: number;
}

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const CACHE_DIR = join(ROOT, 'out', 'pack-cache');
const SOURCES = ['pack', 'shared'];
const LOCKFILE = 'package-lock.json';

/**
 * The Pack's minified bundle, by the build that an upload uses. Built once for the same sources: the folder is named
 * after their hash and appears whole, so that builders in two processes cannot disturb each other.
 * Errors: `PACK_BUILD_FAILED`.
 */
export async function buildPackBundle(cacheDir: string = CACHE_DIR): Promise<PackBundle> {
  const key = await hashSources();
  return build(join(cacheDir, `pack-${key}`), async () => join(ROOT, 'pack', 'pack.ts'));
}

/** Bytes of a Pack that declares nothing, built the same way: what the SDK alone weighs. Errors: `PACK_BUILD_FAILED`. */
export async function emptyPackBytes(cacheDir: string = CACHE_DIR): Promise<number> {
  const key = toKey([await readFile(join(ROOT, LOCKFILE))]);
  const { bundleBytes } = await build(join(cacheDir, `empty-${key}`), writeEmptyPack);
  return bundleBytes;
}

/** The bundle of any manifest, built the same way and into the folder given. Errors: `PACK_BUILD_FAILED`. */
export const buildBundleOf = (manifestPath: string, target: string): Promise<PackBundle> =>
  build(target, async () => manifestPath);

async function build(
  target: string,
  manifestIn: (workDir: string) => Promise<string>,
): Promise<PackBundle> {
  const bundlePath = join(target, 'bundle.js');
  if (!(await exists(bundlePath))) {
    const parent = join(target, '..');
    await mkdir(parent, { recursive: true });
    const workDir = await mkdtemp(join(parent, 'building-'));
    try {
      await compile(await manifestIn(workDir), workDir);
      await rename(join(workDir, 'ready'), target).catch(async (error: unknown) => {
        // Another process may have put the same bundle there first; then there is nothing left to do.
        if (!(await exists(bundlePath))) throw error;
      });
    } finally {
      await rm(workDir, { recursive: true, force: true });
    }
  }
  return { bundlePath, bundleBytes: (await stat(bundlePath)).size };
}

async function compile(manifestPath: string, workDir: string): Promise<void> {
  const { compilePackBundle } = await loadSdkInternals();
  const steps = join(workDir, 'steps');
  await mkdir(steps);
  // The compiler's steps are CommonJS, and the nearest package.json above them says the opposite.
  await writeFile(join(workDir, 'package.json'), '{ "type": "commonjs" }');
  try {
    // The compiler starts a program of its own before it first waits for anything.
    await callWithoutSecrets(() =>
      compilePackBundle({
        manifestPath,
        outputDirectory: join(workDir, 'ready'),
        intermediateOutputDirectory: steps,
        minify: true,
      }),
    );
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DomainError('PACK_BUILD_FAILED', `the Pack could not be built: ${reason}`, { cause });
  }
}

async function writeEmptyPack(workDir: string): Promise<string> {
  const manifestPath = join(workDir, 'empty-pack.ts');
  const sdk = fileURLToPath(import.meta.resolve('@codahq/packs-sdk'));
  const source = `import * as coda from ${JSON.stringify(sdk)};\nexport const pack = coda.newPack();\n`;
  await writeFile(manifestPath, source);
  return manifestPath;
}

async function hashSources(): Promise<string> {
  const lists = await Promise.all(
    SOURCES.map((folder) => readdir(join(ROOT, folder), { recursive: true })),
  );
  const paths = lists
    .flatMap((list, place) => list.map((name) => join(SOURCES[place] ?? '', name)))
    .filter((path) => path.endsWith('.ts'))
    .sort();
  const texts = await Promise.all([LOCKFILE, ...paths].map((path) => readFile(join(ROOT, path))));
  return toKey([Buffer.from(paths.join('\n')), ...texts]);
}

function toKey(parts: readonly Buffer[]): string {
  const hash = createHash('sha256');
  // The length goes first, so that text moved from one file to the next is another key.
  for (const part of parts) hash.update(`${part.length}\n`).update(part);
  return hash.digest('hex').slice(0, 16);
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
