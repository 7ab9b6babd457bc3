import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll } from 'vitest';

const MAIN = resolve('sync-worker/main.ts');

/** How a command line ended. */
export interface Ended {
  readonly code: unknown;
  readonly out: string;
  readonly err: string;
}

/** A founder's folder, and `founder-hq` as it is typed there. */
export interface Folder {
  readonly path: string;
  /** Starts a command; nothing is waited for. */
  readonly begin: (
    argv: readonly string[],
    options?: { readonly env?: Readonly<Record<string, string>>; readonly shell?: string },
  ) => Begun;
  /** Runs a command to its end. */
  readonly run: (...argv: readonly string[]) => Promise<Ended>;
  /** Says which local doc is served, as `local-doc` does. */
  readonly announce: (doc: Announced) => void;
}

/** A command at work. */
export interface Begun {
  readonly ended: Promise<Ended>;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Resolves to standard output once it or standard error holds this. */
  readonly says: (text: string) => Promise<string>;
}

/** Where a doc is served. */
export interface Announced {
  readonly baseUrl: string;
  readonly docId: string;
  readonly token: string;
}

/** A folder of its own that goes away with the test file. */
export function useFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'founder-hq-'));
  const state = join(path, '.founder-hq');
  mkdirSync(state);
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  const begin: Folder['begin'] = (argv, { env = {}, shell } = {}) => {
    const command = [process.execPath, '--disable-warning=ExperimentalWarning', MAIN, ...argv];
    const [program = '', ...rest] =
      shell === undefined ? command : ['bash', '-c', `${shell}; exec "$0" "$@"`, ...command];
    // The test runner's own hooks would make a child behave like no founder's.
    const { NODE_OPTIONS: _, CODA_API_TOKEN: __, ...own } = process.env;
    const child = spawn(program, rest, { cwd: path, env: { ...own, ...env } });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => void (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => void (err += chunk.toString()));
    const ended = once(child, 'close').then(([code]: readonly unknown[]) => ({ code, out, err }));
    const says = (text: string): Promise<string> =>
      new Promise((found, failed) => {
        const look = (): void => {
          if (out.includes(text) || err.includes(text)) found(out);
        };
        child.stdout.on('data', look);
        child.stderr.on('data', look);
        void ended.then(() => failed(new Error(`it ended without \`${text}\`: ${err}`)));
      });
    return { ended, kill: (signal) => void child.kill(signal), says };
  };
  return {
    path,
    begin,
    run: (...argv) => begin(argv).ended,
    announce: ({ baseUrl, docId, token }) => {
      const text = JSON.stringify({ baseUrl, docId, token, profile: 'instant' });
      writeFileSync(join(state, 'local-doc.json'), text);
    },
  };
}
