/**
 * Installs what is missing before a script runs, so that a fresh clone needs no other step.
 *
 * It runs on the Node that npm itself runs on (20 or later), uses nothing but Node, and writes to standard error alone:
 * standard output belongs to the script that follows. A stamp in `node_modules` names the installed set and is written
 * last, so that an install which broke off is seen and begun again.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MODULES = join(ROOT, 'node_modules');
const STAMP = join(MODULES, '.founder-hq-stamp');
const LOCK = join(MODULES, '.founder-hq-lock');
/** Lies there while npm works: found without anybody working, it tells of an install that was killed. */
const UNFINISHED = join(MODULES, '.founder-hq-unfinished');
/** npm writes this one last, so packages without it are what a broken install has left. */
const NPM_RECORD = join(MODULES, '.package-lock.json');

const OLDEST_NODE = 20;
/** Longer than any install takes: by then the number of a process that is gone may be another's. */
const LOCK_STALE_MS = 600_000;
const LOCK_POLL_MS = 200;
const INSTALL_ARGS = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
// A shell that sets NODE_ENV=production, or forbids install scripts, would leave half of the tools out.
const INSTALL_WHOLE = ['--include=dev', '--include=optional', '--ignore-scripts=false'];

/** What decides the installed set: the lockfile, the wishes in package.json, and the machine. */
function toStamp() {
  const lockfile = readFileSync(join(ROOT, 'package-lock.json'));
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const { dependencies, devDependencies, overrides, allowScripts } = manifest;
  return createHash('sha256')
    .update(lockfile)
    .update(JSON.stringify({ dependencies, devDependencies, overrides, allowScripts }))
    .update(`${process.platform}-${process.arch}`)
    .digest('hex');
}

/** @param {string} stamp */
const isInstalled = (stamp) => existsSync(STAMP) && readFileSync(STAMP, 'utf8') === stamp;

/** Whether packages lie there that npm never finished: it trusts any folder with a package.json, whole or not. */
const isUnfinished = () =>
  existsSync(UNFINISHED) ||
  (!existsSync(NPM_RECORD) && readdirSync(MODULES).some((name) => !name.startsWith('.')));

/** Waits for its turn. */
async function lock() {
  mkdirSync(MODULES, { recursive: true });
  for (;;) {
    try {
      writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
      return;
    } catch (error) {
      if (toCode(error) !== 'EEXIST') throw error;
    }
    if (isAbandoned()) takeAway();
    else await sleep(LOCK_POLL_MS);
  }
}

/** Whether nobody works under the lock any more, neither the script that took it nor the npm it started. */
function isAbandoned() {
  try {
    if (Date.now() - statSync(LOCK).mtimeMs > LOCK_STALE_MS) return true;
    const pids = readFileSync(LOCK, 'utf8').split(' ').map(Number).filter(Boolean);
    return pids.length > 0 && !pids.some(isAlive);
  } catch {
    return false;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return toCode(error) !== 'ESRCH';
  }
}

/** @param {unknown} error */
const toCode = (error) => (error instanceof Error && 'code' in error ? error.code : undefined);

/** Removes an abandoned lock. By renaming, since of several that wait only one can succeed at that. */
function takeAway() {
  const aside = `${LOCK}-${process.pid}`;
  try {
    renameSync(LOCK, aside);
    rmSync(aside);
  } catch {
    // Another was quicker.
  }
}

function clear() {
  for (const name of readdirSync(MODULES)) {
    const path = join(MODULES, name);
    if (path !== LOCK) rmSync(path, { recursive: true, force: true });
  }
}

/**
 * Runs npm's install on the Node that npm runs on, and answers its exit code.
 *
 * @returns {Promise<number>}
 */
function install() {
  const npm = process.env['npm_execpath'];
  if (npm === undefined || !basename(npm).startsWith('npm')) {
    fail('the packages are not installed', 'run `npm install`, then the same command again');
  }
  const node = process.env['npm_node_execpath'] ?? process.execPath;
  const child = spawn(node, [npm, ...INSTALL_ARGS, ...INSTALL_WHOLE], {
    cwd: ROOT,
    stdio: ['ignore', process.stderr.fd, process.stderr.fd],
  });
  appendFileSync(LOCK, ` ${child.pid ?? ''}`);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/**
 * @param {string} what
 * @param {string} next
 * @returns {never}
 */
function fail(what, next) {
  process.stderr.write(`error: ${what}\nnext: ${next}\n`);
  rmSync(UNFINISHED, { force: true });
  rmSync(LOCK, { force: true });
  process.exit(1);
}

async function main() {
  if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
    fail(`Node ${process.versions.node} is too old`, `install Node ${OLDEST_NODE} or later`);
  }
  const stamp = toStamp();
  if (isInstalled(stamp)) return;

  await lock();
  if (!isInstalled(stamp)) {
    process.stderr.write('Installing packages (once; this takes a minute or so) …\n');
    rmSync(STAMP, { force: true });
    if (isUnfinished()) clear();
    writeFileSync(UNFINISHED, '');
    const exitCode = await install();
    rmSync(UNFINISHED, { force: true });
    if (exitCode !== 0) {
      fail(
        'the packages could not be installed (npm says why above)',
        'check the network and `npm config get registry`, then run the same command again',
      );
    }
    writeFileSync(STAMP, stamp);
  }
  rmSync(LOCK, { force: true });
}

await main();
