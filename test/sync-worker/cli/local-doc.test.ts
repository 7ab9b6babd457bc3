import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { registerLocalDoc } from '#worker/cli/local-doc.ts';
import { runProgram } from '#worker/cli/program.ts';

const MAIN = join(import.meta.dirname, '../../../sync-worker/main.ts');
const folder = mkdtempSync(join(tmpdir(), 'local-doc-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Serving {
  readonly child: ChildProcess;
  readonly line: string;
}
const start = (args: readonly string[]): ChildProcess =>
  spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, 'local-doc', ...args], {
    cwd: folder,
    stdio: 'pipe',
  });

/** Runs the command until it has printed its first line. */
const serve = (args: readonly string[]): Promise<Serving> =>
  new Promise((resolve, reject) => {
    const child = start(args);
    let text = '';
    child.once('close', () => reject(new Error(`ended after \`${text}\``)));
    child.stderr?.on('data', (chunk: Buffer) => reject(new Error(chunk.toString())));
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.endsWith('\n')) resolve({ child, line: text });
    });
  });

/** Ends a command by a signal and answers its exit code. */
const end = async (child: ChildProcess, signal: NodeJS.Signals): Promise<unknown> => {
  const closed = once(child, 'close');
  child.kill(signal);
  return (await closed)[0];
};

/** Runs a command that ends by itself, in this process. */
async function run(args: readonly string[]) {
  let err = '';
  const groups = [{ heading: 'try it', commands: [registerLocalDoc] }];
  const io = { out: () => undefined, err: (text: string) => void (err += text), isDebug: false };
  const code = await runProgram(['local-doc', ...args], groups, io);
  return { code, err };
}

describe('founder-hq local-doc', () => {
  it('serves until Ctrl-C, says where, and finds the same doc again', async () => {
    const state = join(folder, '.founder-hq/local-doc.json');
    const first = await serve(['--json', '--profile', 'strict']);
    const printed = JSON.parse(first.line) as Record<string, string>;
    const announced: unknown = JSON.parse(readFileSync(state, 'utf8'));
    const { baseUrl, docId, token } = printed;
    expect(announced).toEqual({ baseUrl, docId, token, profile: 'strict' });
    expect(statSync(state).mode & 0o077).toBe(0);
    const answer = await fetch(`${baseUrl}/docs/${docId}/tables`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(await answer.json()).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ name: 'tasks' })]),
    });
    expect(await end(first.child, 'SIGINT')).toBe(0);
    expect(existsSync(state)).toBe(false);
    const second = await serve(['--json']);
    expect(JSON.parse(second.line)).toMatchObject({ docId, token, profile: 'instant' });
    expect(await end(second.child, 'SIGTERM')).toBe(0);
  });

  it('says which port is taken, and what to do', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const address = holder.address();
    const port = String(typeof address === 'object' ? address?.port : '');
    const taken = await run(['--file', join(folder, 'taken.db'), '--port', port]);
    holder.close();
    expect(taken.code).toBe(1);
    expect(taken.err).toMatch(
      new RegExp(`^error: port ${port} is in use by another program\nnext: .+\n$`),
    );
  });

  it.each([
    [['--profile', 'kind'], 'instant, strict'],
    [['--port', '70000'], '0 to 65535'],
    [['--port', 'any'], '0 to 65535'],
  ])('answers %j with what may stand there', async (args, allowed) => {
    expect(await run(args)).toEqual({ code: 2, err: expect.stringContaining(allowed) });
  });
});
