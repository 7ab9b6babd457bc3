import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FOUNDER_HQ_TABLES } from '#shared/doc/index.ts';
import { createCommand, toCommandRow } from '#shared/ledger/index.ts';
import { createDocFromTables } from '#worker/local-doc/index.ts';
import { openSqliteStore, sha256 } from '#worker/store/index.ts';
import { verifyStore } from '#worker/verify/index.ts';
import { serveDeadly } from '../crash/deadly-server.ts';
import { type Ended, type Folder, useFolder } from './founder-hq.ts';

const READER = 'may-only-read';

/** A served doc with one button pressed, and the folder of a founder who works on it. */
async function createScene(folder: Folder) {
  const tokens = [{ token: READER, access: 'read' }] as const;
  const doc = createDocFromTables(FOUNDER_HQ_TABLES, { tokens });
  const server = await serveDeadly(doc.transport);
  const served = await doc.listen();
  onTestFinished(async () => {
    await server.close();
    await served.close();
    doc.close();
  });
  const { docId, token } = doc;
  folder.announce({ baseUrl: served.baseUrl, docId, token });
  const data = { task: 'Interview', person: 'Dana' };
  const press = { type: 'StartRun', by: 'dana@example.com', atMs: Date.now() - 60_000 } as const;
  const command = createCommand({ ...press, data }, sha256);
  doc.person.insertRow('Ledger', { ...toCommandRow(command, 'Start') });
  const storeFile = join(folder.path, '.founder-hq', `ledger-${docId}.db`);
  const outcome = () =>
    doc.person.readRows('Ledger').find(({ cells }) => cells['key'] === command.key)?.cells[
      'outcome'
    ];
  return { doc, server, served, storeFile, outcome };
}

/** What a failure says, once it has shown what every failure owes a founder: lines, an exit code, and no stack. */
function errorOf({ code, out, err }: Ended, exitCode = 1): string {
  expect({ code, out }).toEqual({ code: exitCode, out: '' });
  expect(err).not.toMatch(/^\s+at /m);
  return err;
}

describe('founder-hq sync, when something is wrong', () => {
  const folder = useFolder();

  it('with the token says which, and does the work once it is right', async () => {
    const { doc, outcome } = await createScene(folder);
    const sync = (token: string) =>
      folder.begin(['sync', '--doc', doc.docId], { env: { CODA_API_TOKEN: token } }).ended;
    expect(errorOf(await sync('no-such-token'))).toMatch(
      /^error: .*401[\s\S]*^next: make a token/m,
    );
    expect(errorOf(await sync(READER))).toMatch(/^error: .*403[\s\S]*^next: use a token that may/m);
    expect(outcome()).toBe('');
    expect(await sync(doc.token)).toMatchObject({ code: 0 });
    expect(outcome()).toMatch(/^accepted \d+$/);
    expect(doc.person.readRows('execution_runs')).toHaveLength(1);
  });

  it('with the address says that the doc is not found', async () => {
    const { doc, served } = await createScene(folder);
    const env = { CODA_API_TOKEN: doc.token, CODA_API_BASE: served.baseUrl };
    const ended = await folder.begin(['sync', '--doc', 'NoSuchDoc1'], { env }).ended;
    expect(errorOf(ended)).toMatch(/^error: .*404[\s\S]*^next: check the doc's address/m);
  });

  it('with the doc names what is missing and how to mend it, all at once', async () => {
    const { doc, outcome } = await createScene(folder);
    doc.person.renameTable('Ledger', 'Somewhere');
    doc.person.renameColumn('tasks', 'estimated_hours', 'My guess');
    const ended = await folder.run('sync');
    expect(errorOf(ended)).toMatch(/^error: The doc cannot be synced yet:/m);
    expect(ended.err).toMatch(/`Ledger`/);
    expect(ended.err).toMatch(/`?tasks\.?`?.*estimated_hours/);
    doc.person.renameTable('Somewhere', 'Ledger');
    doc.person.renameColumn('tasks', 'My guess', 'estimate');
    expect(await folder.run('sync')).toMatchObject({ code: 0 });
    expect(outcome()).toMatch(/^accepted/);
  });

  it('with the file of the ledger leaves it as it is', async () => {
    const { storeFile, outcome } = await createScene(folder);
    await (await openSqliteStore({ file: storeFile })).close();
    const database = new DatabaseSync(storeFile);
    database.prepare('INSERT INTO schema_migrations VALUES (99, ?)').run('a later step');
    database.close();
    expect(errorOf(await folder.run('sync'))).toMatch(/^error: [\s\S]*^next: update Founder HQ/m);
    const damaged = Buffer.from(readFileSync(storeFile));
    damaged.fill('damage', 0, 4_000);
    writeFileSync(storeFile, damaged);
    expect(errorOf(await folder.run('sync'))).toMatch(/^error: [\s\S]*^next: .*put back a copy/m);
    expect(readFileSync(storeFile)).toEqual(damaged);
    expect(outcome()).toBe('');
  });

  it('with a ledger that was set back says that it is not the one it saw', async () => {
    const { doc, storeFile } = await createScene(folder);
    expect(await folder.run('sync')).toMatchObject({ code: 0 });
    const older = readFileSync(storeFile);
    doc.person.insertRow('execution_runs', { run_id: 'R1', actual_hours: 1 });
    expect(await folder.run('sync')).toMatchObject({ code: 0 });
    writeFileSync(storeFile, older);
    expect(errorOf(await folder.run('sync'))).toMatch(/^error: The ledger is not the one/m);
    expect(readFileSync(storeFile)).toEqual(older);
  });

  it('with the disk says so, and a later pass has lost nothing', async () => {
    const { doc, storeFile, outcome } = await createScene(folder);
    for (let at = 0; at < 400; at += 1) {
      doc.person.insertRow('execution_runs', { run_id: `R${at}`, actual_hours: 1 });
    }
    // No file may grow beyond 96 KB, and the process is not killed for trying.
    const shell = 'trap "" XFSZ; ulimit -f 96';
    const full = await folder.begin(['sync'], { shell }).ended;
    expect(errorOf(full)).toMatch(
      /^error: .*could not be read or written; check the disk and the room on it$/m,
    );
    expect(await folder.run('sync')).toMatchObject({ code: 0 });
    expect(outcome()).toMatch(/^accepted/);
    const store = await openSqliteStore({ file: storeFile });
    expect(await verifyStore(store)).toMatchObject({ ok: true });
    expect((await store.list('observation')).size).toBe(400);
    await store.close();
  });

  it('and Ctrl-C comes in the middle, stops there, and the next pass goes on', async () => {
    const { doc, server, outcome } = await createScene(folder);
    folder.announce({ ...server, docId: doc.docId, token: doc.token });
    const begun = folder.begin(['sync']);
    server.onStage = (call, stage) => {
      if (call.call === 12 && stage === 'received') begun.kill('SIGINT');
      return undefined;
    };
    const stopped = await begun.ended;
    server.onStage = () => undefined;
    expect(errorOf(stopped, 4)).toMatch(
      /^error: Stopped before the end: the same command goes on/m,
    );
    expect(outcome()).toBe('');
    expect(await folder.run('sync')).toMatchObject({ code: 0 });
    expect(outcome()).toMatch(/^accepted/);
  });
});

describe('founder-hq start, when something is wrong', () => {
  const folder = useFolder();

  it('with the port says so', async () => {
    const { served } = await createScene(folder);
    const ended = await folder.run('start', '--once', '--port', String(served.port));
    expect(errorOf(ended)).toMatch(
      /^error: .*port \d+ is in use[\s\S]*^next: choose another port/m,
    );
  });

  it('with the file says so', async () => {
    expect(errorOf(await folder.run('start', '--history', 'no.csv'))).toMatch(
      /^error: There is no file/m,
    );
  });

  it('and Ctrl-C comes in the middle of an import, ends with 4, and goes on next time', async () => {
    const lines = Array.from({ length: 1_500 }, (_, at) => `T${at},Audit ${at % 3},2,${at % 7}`);
    const text = ['task_id,workflow,estimated_hours,actual_hours', ...lines].join('\n');
    writeFileSync(join(folder.path, 'hours.csv'), text);
    const begun = folder.begin(['start', '--once', '--json', '--history', 'hours.csv']);
    await begun.says('writing tasks');
    begun.kill('SIGINT');
    expect(errorOf(await begun.ended, 4)).toMatch(
      /^error: Stopped before the end; run the same command again to go on/m,
    );
    const { code, out } = await folder.run('start', '--once', '--json', '--history', 'hours.csv');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      doc: { tables: { tasks: 1_500, execution_runs: 1_500, workflows: 3 } },
      imported: { accepted: 1_500 },
    });
  });
});
