import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const BOOTSTRAP = fileURLToPath(new URL('../../tools/bootstrap.mjs', import.meta.url));

/** A stand-in for npm: it notes that it ran, and does what the test tells it to. */
const NPM = `
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
appendFileSync('npm-ran.txt', process.argv.slice(2).join(' ') + '\\n');
console.log('npm says something');
const mode = readFileSync('mode.txt', 'utf8');
mkdirSync('node_modules/thing', { recursive: true });
if (mode === 'hang') await sleep(60_000);
if (mode === 'fail') process.exit(7);
if (mode === 'slow') await sleep(500);
writeFileSync('node_modules/thing/package.json', '{}');
writeFileSync('node_modules/.package-lock.json', '{}');
`;

let home = '';
const at = (...parts: string[]) => join(home, ...parts);
const manifest = (version: string) => JSON.stringify({ dependencies: { thing: version } });
const timesInstalled = () =>
  existsSync(at('npm-ran.txt'))
    ? readFileSync(at('npm-ran.txt'), 'utf8').split('\n').length - 1
    : 0;
const setMode = (mode: 'work' | 'fail' | 'slow' | 'hang') => writeFileSync(at('mode.txt'), mode);

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'bootstrap-'));
  mkdirSync(at('tools'));
  cpSync(BOOTSTRAP, at('tools', 'bootstrap.mjs'));
  writeFileSync(at('npm-cli.mjs'), NPM);
  writeFileSync(at('package.json'), manifest('1.0.0'));
  writeFileSync(at('package-lock.json'), '{}');
  setMode('work');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function start(env: Record<string, string> = { npm_execpath: at('npm-cli.mjs') }) {
  const { npm_execpath: _npm, npm_node_execpath: _node, ...inherited } = process.env;
  return spawn(process.execPath, [at('tools', 'bootstrap.mjs')], {
    cwd: home,
    env: { ...inherited, ...env },
    detached: true,
  });
}

async function run(env?: Record<string, string>) {
  const child = start(env);
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => void (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => void (err += chunk.toString()));
  const [code] = await once(child, 'close');
  return { code, out, err };
}

describe('bootstrap', () => {
  it('installs once, and says so on standard error alone', async () => {
    const first = await run();
    expect(first).toMatchObject({ code: 0, out: '' });
    expect(first.err).toContain('npm says something');
    expect(await run()).toEqual({ code: 0, out: '', err: '' });
    expect(timesInstalled()).toBe(1);
    expect(readFileSync(at('npm-ran.txt'), 'utf8')).toMatch(/^install --no-save .*--include=dev/);
  });

  it('installs again when the lockfile or the wishes change', async () => {
    await run();
    writeFileSync(at('package-lock.json'), '{ "changed": true }');
    await run();
    writeFileSync(at('package.json'), manifest('2.0.0'));
    await run();
    expect(timesInstalled()).toBe(3);
  });

  it('fails with a next step, and tries again the next time', async () => {
    setMode('fail');
    const failed = await run();
    expect(failed).toMatchObject({ code: 1, out: '' });
    expect(failed.err).toMatch(
      /\nerror: the packages could not be installed.*\nnext: check the network/,
    );
    setMode('work');
    expect((await run()).code).toBe(0);
    expect(timesInstalled()).toBe(2);
  });

  it('clears away what a killed install has left, since npm would take it for whole', async () => {
    await run();
    writeFileSync(at('package-lock.json'), '{ "changed": true }');
    setMode('hang');
    const child = start();
    while (timesInstalled() < 2) await once(child.stderr, 'data');
    process.kill(-Number(child.pid), 'SIGKILL');
    await once(child, 'close');
    writeFileSync(at('node_modules', 'thing', 'half'), '');
    setMode('work');
    expect((await run()).code).toBe(0);
    expect(existsSync(at('node_modules', 'thing', 'half'))).toBe(false);
    expect(existsSync(at('node_modules', 'thing', 'package.json'))).toBe(true);
  });

  it("clears away what somebody's own broken install has left", async () => {
    mkdirSync(at('node_modules', 'thing'), { recursive: true });
    writeFileSync(at('node_modules', 'thing', 'half'), '');
    expect((await run()).code).toBe(0);
    expect(existsSync(at('node_modules', 'thing', 'half'))).toBe(false);
  });

  it('installs once for several scripts that start together', async () => {
    setMode('slow');
    const runs = await Promise.all([run(), run(), run()]);
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(timesInstalled()).toBe(1);
  });

  it('asks for npm where it was started without it', async () => {
    const { code, err } = await run({});
    expect([code, err]).toEqual([
      1,
      expect.stringContaining('next: run `npm install`, then the same command again'),
    ]);
  });
});
