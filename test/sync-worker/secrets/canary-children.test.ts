import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readToken } from '#worker/cli/read-token.ts';
import { emptyPackBytes } from '#worker/local-doc/pack-runner/index.ts';
import { learnSecretsOf, MASK } from '#worker/secrets/index.ts';
import { runGitLog } from '#worker/time/index.ts';
import { findTraces, PASSWORD, TOKEN } from './canary.ts';

const MAIN = resolve('sync-worker/main.ts');
const folder = mkdtempSync(join(tmpdir(), 'founder-hq-children-'));
const seen = join(folder, 'seen');

/** A program that keeps what it was started with, and says what it was told to. */
function writeProgram(name: string, say: string): string {
  const path = join(folder, name);
  const lines = ['#!/bin/sh', `env > "${seen}"`, `echo "$0 $@" >> "${seen}"`, say];
  writeFileSync(path, `${lines.join('\n')}\n`);
  chmodSync(path, 0o700);
  return path;
}

beforeAll(() => {
  vi.stubEnv('CODA_API_TOKEN', TOKEN);
  vi.stubEnv('PGPASSWORD', PASSWORD);
  vi.stubEnv(
    'FOUNDER_HQ_STORE',
    `postgres://dana:${encodeURIComponent(PASSWORD)}@db.example.com/hq`,
  );
  vi.stubEnv('SOMETHING_ELSE', `kept by another tool: ${TOKEN}`);
  learnSecretsOf(process.env);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

describe.skipIf(process.platform === 'win32')('a program that we start', () => {
  it('as git is given no secret, and what it says is kept free of them', async () => {
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    writeProgram(
      join('bin', 'git'),
      `echo "fatal: https://dana:open-pw@host ${TOKEN}" >&2; exit 128`,
    );
    vi.stubEnv('PATH', `${bin}${delimiter}${process.env['PATH']}`);
    const reading = (async () => {
      for await (const _ of runGitLog(folder));
    })();
    const error = await reading.catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: 'GIT_FAILED', message: expect.stringContaining('fatal') });
    expect(findTraces(String(error))).toEqual([]);
    expect(String(error)).not.toContain('open-pw');
    const told = readFileSync(seen, 'utf8');
    expect(told).toContain('GIT_PAGER=cat');
    expect(findTraces(told)).toEqual([]);
  });

  it('for the token is given no other secret', () => {
    const program = writeProgram('print-token', `echo '${TOKEN}'`);
    expect(readToken({}, { tokenCommand: [program, 'coda'] })).toBe(TOKEN);
    const told = readFileSync(seen, 'utf8');
    expect(told).toContain('print-token coda');
    expect(findTraces(told)).toEqual([]);
  });

  it.skipIf(process.platform !== 'linux')(
    'as the compiler of the Pack is given no secret',
    async () => {
      expect(await emptyPackBytes(join(folder, 'packs'))).toBeGreaterThan(10_000);
      const children = listChildren();
      expect(children.map(({ line }) => line).join()).toContain('esbuild');
      for (const { line, env } of children) expect(findTraces(line + env)).toEqual([]);
      expect(process.env['CODA_API_TOKEN']).toBe(TOKEN);
    },
  );
});

describe('the whole process', () => {
  it('keeps secrets out of what anybody prints in it, and out of what it says of a crash', () => {
    const crash = `process.once('beforeExit', () => {
      console.log('printed ' + process.env.CODA_API_TOKEN);
      throw new Error('crashed with ' + process.env.FOUNDER_HQ_STORE, { cause: process.env.PGPASSWORD });
    })`;
    const preload = ['--import', `data:text/javascript,${encodeURIComponent(crash)}`];
    const env = { ...process.env, FOUNDER_HQ_DEBUG: '1', NODE_OPTIONS: '' };
    const ended = spawnSync(process.execPath, [...preload, MAIN, '--version'], {
      cwd: folder,
      env,
      encoding: 'utf8',
    });
    expect(ended.status).toBe(1);
    expect(ended.stdout).toContain(`printed ${MASK}`);
    expect(ended.stderr).toContain('error: this should not happen: crashed with postgres://dana:');
    expect(findTraces(ended.stdout + ended.stderr)).toEqual([]);
  });
});

/** What this process started and what is alive of it: command line and surroundings, as anybody with this account can read them. */
function listChildren(): readonly { readonly line: string; readonly env: string }[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      const parent = / \(.*\) \S (\d+) /.exec(` ${readFileSync(`/proc/${pid}/stat`, 'utf8')}`)?.[1];
      if (Number(parent) !== process.pid) return [];
      const read = (name: string) => readFileSync(`/proc/${pid}/${name}`, 'utf8');
      return [{ line: read('cmdline'), env: read('environ') }];
    } catch {
      return [];
    }
  });
}
