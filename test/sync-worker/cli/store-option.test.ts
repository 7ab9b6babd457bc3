import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { FOUNDER_HQ_TABLES } from '#shared/doc/index.ts';
import { registerBackup } from '#worker/cli/backup.ts';
import { runProgram } from '#worker/cli/program.ts';
import { registerRestore } from '#worker/cli/restore.ts';
import { registerStart } from '#worker/cli/start.ts';
import { registerStatus } from '#worker/cli/status.ts';
import { registerSync } from '#worker/cli/sync.ts';
import { registerVerify } from '#worker/cli/verify.ts';
import { createDocFromTables, type Listening } from '#worker/local-doc/index.ts';
import { toSchemaName } from '#worker/store/postgres/schema-name.ts';
import {
  askServer,
  HAS_NO_POSTGRES,
  newDocId,
  POSTGRES_URL,
} from '../store/postgres/postgres-docs.ts';

const MAIN = resolve('sync-worker/main.ts');
/** The server of the run lets everybody in, so any password is one; none of them may be shown. */
const SECRET = 'open-sesame';
const withSecret = POSTGRES_URL.replace('postgres@', `postgres:${SECRET}@`);

const doc = createDocFromTables(FOUNDER_HQ_TABLES, { seed: Math.floor(Math.random() * 2 ** 31) });
const folder = mkdtempSync(join(tmpdir(), 'founder-hq-store-'));
let server: Listening;
beforeAll(async () => {
  server = await doc.listen();
  mkdirSync(join(folder, '.founder-hq'));
  const { docId, token } = doc;
  const state = { baseUrl: server.baseUrl, docId, token, profile: 'instant' };
  writeFileSync(join(folder, '.founder-hq', 'local-doc.json'), JSON.stringify(state));
});
afterAll(async () => {
  await server.close();
  doc.close();
  rmSync(folder, { recursive: true });
});
afterEach(() => vi.unstubAllEnvs());

async function run(words: readonly string[], store = '') {
  const { INIT_CWD: _, ...env } = process.env;
  const child = spawn(process.execPath, [MAIN, ...words], {
    cwd: folder,
    env: { ...env, CODA_API_TOKEN: '', FOUNDER_HQ_STORE: store },
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => void (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => void (err += chunk.toString()));
  const [code]: readonly unknown[] = await once(child, 'close');
  expect(out + err).not.toContain(SECRET);
  return { code, out, err };
}

const GROUP = [
  registerStart,
  registerSync,
  registerStatus,
  registerVerify,
  registerBackup,
  registerRestore,
];
const COMMANDS: readonly { readonly command: string; readonly words: readonly string[] }[] = [
  { command: 'start', words: [] },
  { command: 'sync', words: [] },
  { command: 'status', words: [] },
  { command: 'verify', words: [] },
  { command: 'backup', words: ['x.backup'] },
  { command: 'restore', words: ['x.backup'] },
];

/** Runs a command line that is refused before anything is opened, in this process. */
async function ask(words: readonly string[]) {
  let [out, err] = ['', ''];
  const io = {
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    isDebug: false,
  };
  return { code: await runProgram(words, [{ heading: 'All', commands: GROUP }], io), out, err };
}

describe.each(COMMANDS)('founder-hq $command', ({ command, words }) => {
  const refused = {
    code: 2,
    err: expect.stringMatching(/^error: `--store` or FOUNDER_HQ_STORE cannot be used: .+\nnext: /s),
  };

  it('says in its help where a shared ledger lies, and where its password belongs', async () => {
    const { out } = await ask([command, '--help']);
    expect(out).toContain('--store postgres://dana@db.example.com/founder_hq');
    expect(out).toContain('FOUNDER_HQ_STORE');
    expect(out).toContain('PGPASSWORD');
  });

  it.each([
    ['a file', './ledger.db'],
    ['another kind of server', `mysql://dana:${SECRET}@db.example.com/founder_hq`],
    ['no URL at all', `postgres://dana:${SECRET}@db.example.com:port/founder_hq`],
    ['a password that breaks the URL', `postgres://dana:12/${SECRET}@db.example.com/founder_hq`],
    ['a setting of its own', `postgres://db.example.com/founder_hq?options=${SECRET}`],
  ])('refuses %s as a server, and shows no password', async (_, url) => {
    const asked = await ask([command, ...words, '--store', url]);
    expect(asked).toMatchObject(refused);
    expect(asked.err).not.toContain(SECRET);
    vi.stubEnv('FOUNDER_HQ_STORE', url);
    expect(await ask([command, ...words])).toEqual(asked);
  });
});

describe('a command with a server that does not answer', () => {
  it('ends with 1, its name without its password, and what to do', async () => {
    const dead = `postgres://dana:${SECRET}@127.0.0.1:1/founder_hq`;
    for (const words of [['sync'], ['verify', '--store', dead]]) {
      expect(await run(words, dead)).toEqual({
        code: 1,
        out: '',
        err: expect.stringMatching(
          /^error: `postgres:\/\/dana@127\.0\.0\.1:1.* try again \[STORE_UNREACHABLE\]\n$/,
        ),
      });
    }
  });
});

describe.skipIf(HAS_NO_POSTGRES)('a ledger on a server', () => {
  it('is synced, shown, verified, backed up, and restored into a file', async () => {
    writeFileSync(
      join(folder, 'hours.csv'),
      'task_id,workflow,actual_hours,started_on\n1,Audit,2,2026-01-02\n',
    );
    expect((await run(['import', 'history', 'hours.csv'])).code).toBe(0);
    const synced = await run(['sync', '--json'], withSecret);
    expect([synced.code, synced.err]).toEqual([0, expect.not.stringContaining('error')]);
    expect(readdirSync(join(folder, '.founder-hq')).filter((name) => /db/.test(name))).toEqual([]);
    const status = await run(['status', '--json', '--store', withSecret]);
    expect(JSON.parse(status.out)).toMatchObject({ docId: doc.docId, chainIntact: true });
    const verified = await run(['verify', '--json'], withSecret);
    expect(JSON.parse(verified.out)).toMatchObject({ ok: true, anchors: 1 });
    const { head } = JSON.parse(status.out) as { head: { position: number } };
    expect(head.position).toBeGreaterThan(0);
    expect((await run(['backup', 'ledger.backup'], withSecret)).code).toBe(0);
    const full = await run(['restore', 'ledger.backup'], withSecret);
    expect(full).toMatchObject({
      code: 1,
      err: expect.stringContaining('holds something already'),
    });
    expect((await run(['verify'])).err).toMatch(/^error: There is no ledger.*\nnext: .*--store\n$/);
    expect(await run(['restore', 'ledger.backup'])).toMatchObject({ code: 0, err: '' });
    const here = await run(['verify', '--json']);
    expect(JSON.parse(here.out)).toMatchObject({ ok: true, head });
  }, 180_000);

  it('is not made by who only wants to look at it', async () => {
    const docId = newDocId();
    for (const words of [['status'], ['verify'], ['backup', 'none.backup']]) {
      expect(await run([...words, '--doc', docId], withSecret)).toMatchObject({
        code: 1,
        err: expect.stringContaining(`There is no ledger of doc ${docId} in \`postgres://`),
      });
    }
    const text = `SELECT 1 FROM pg_namespace WHERE nspname = '${toSchemaName(docId)}'`;
    expect(await askServer(text)).toEqual([]);
  }, 180_000);
});
