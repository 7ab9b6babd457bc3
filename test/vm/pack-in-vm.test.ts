import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FOUNDER_HQ_TABLES } from '#shared/doc/index.ts';
import { createDocFromTables, type Listening, type LocalDoc } from '#worker/local-doc/index.ts';
import {
  buildPackBundle,
  createPackRunner,
  emptyPackBytes,
  type PackBundle,
  type PackRunner,
} from '#worker/local-doc/pack-runner/index.ts';

const DANA = { name: 'Dana', email: 'dana@studio.example' };

let bundle: PackBundle;
let doc: LocalDoc;
let server: Listening;
let pack: PackRunner;

const runnerWith = (token: string) =>
  createPackRunner({
    bundlePath: bundle.bundlePath,
    localOrigin: `http://127.0.0.1:${server.port}`,
    token,
  });

beforeAll(async () => {
  bundle = await buildPackBundle();
  const tokens = [{ token: 'may-only-read', access: 'read' }] as const;
  doc = createDocFromTables(FOUNDER_HQ_TABLES, { people: [DANA], seed: 7, tokens });
  server = await doc.listen();
  pack = await runnerWith(doc.token);
});
afterAll(async () => {
  await server.close();
  doc.close();
});

describe('the built bundle', () => {
  it('is weighed beside an empty Pack built the same way', async () => {
    const emptyBytes = await emptyPackBytes();
    expect(emptyBytes).toBeGreaterThan(100_000);
    expect(bundle.bundleBytes).toBeGreaterThan(emptyBytes);
  });

  it('holds no eval, which an upload refuses', async () => {
    expect(await readFile(bundle.bundlePath, 'utf8')).not.toContain('eval(');
  });

  it('is not built again for the same sources', async () => {
    const builtAt = performance.now();
    expect(await buildPackBundle()).toEqual(bundle);
    expect(performance.now() - builtAt).toBeLessThan(2_000);
  });
});

describe('the Pack in its VM', () => {
  it('names its connection by the account of the token', async () => {
    expect(await pack.connectionName()).toBe('Dana');
  });

  it('computes formulas without a request', async () => {
    const before = doc.counts;
    expect(await pack.formula('VariancePercent', [8, 12])).toBe(0.5);
    expect(await pack.formula('NextStates', ['run', 'paused'])).toEqual([
      'running',
      'failed',
      'canceled',
    ]);
    expect(await pack.formula('SprintOf', [new Date('2025-12-14T23:30:00Z')])).toBe('2025-W50');
    expect(
      await pack.formula('VarianceOf', [
        [4, 4],
        [3, undefined],
      ]),
    ).toMatchObject({ n: 1, total: -0.25 });
    expect(doc.counts).toEqual(before);
  });

  it('counts two presses within seconds once, and shows the run without any worker', async () => {
    const press = () => pack.formula('StartRun', [doc.docId, 'Audit Acme']);
    expect(await press()).toBe('Recorded: Start · Audit Acme · Dana. Now running, 0.00 h.');
    expect(await press()).toBe('Recorded: Start · Audit Acme · Dana. Already running, 0.00 h.');
    expect(await pack.sync('Runs', [doc.docId])).toMatchObject([
      { task: 'Audit Acme', state: 'running', isPending: true, origin: 'ledger' },
    ]);
    await pack.formula('FinishRun', [doc.docId, 'Audit Acme', '', 'Sent 🚀']);
    expect(await pack.sync('Runs', [doc.docId])).toMatchObject([
      { state: 'succeeded', note: 'Sent 🚀' },
    ]);
  });

  it('answers the variance of the doc', async () => {
    doc.person.insertRow('workflows', { name: 'Marketing Audit' });
    doc.person.insertRow('tasks', { name: 'Interview', status: 'Done', estimated_hours: 4 });
    const run = { task: 'Interview', workflow: 'Marketing Audit', actual_hours: 6 };
    doc.person.insertRow('execution_runs', { run_id: 'R1', ...run });
    const [row] = await pack.sync('Variance', [doc.docId]);
    expect(row).toMatchObject({ group: 'Marketing Audit', nTasks: 1, nRuns: 1, total: 0.5 });
  });
});

describe('what goes wrong in the VM', () => {
  it('reaches people as a sentence with the status told apart', async () => {
    const stranger = await runnerWith('no-such-token');
    await expect(stranger.sync('Runs', [doc.docId])).rejects.toMatchObject({
      isUserVisible: true,
      message: 'Coda does not accept this account (401). Connect it again with a new API token.',
    });
    await expect(pack.sync('Runs', ['NoSuchDoc1'])).rejects.toThrow('Not found (404)');
  });

  it('tells a token that may only read from one that may write', async () => {
    const reader = await runnerWith('may-only-read');
    expect(await reader.sync('Runs', [doc.docId])).toHaveLength(2);
    await expect(reader.formula('StartRun', [doc.docId, 'Audit Acme'])).rejects.toThrow(
      'This account may not do that (403)',
    );
  });

  it('keeps two runners in one process apart', async () => {
    const other = createDocFromTables(FOUNDER_HQ_TABLES, { people: [{ ...DANA, name: 'Lee' }] });
    const otherServer = await other.listen();
    const localOrigin = `http://127.0.0.1:${otherServer.port}`;
    const { bundlePath } = bundle;
    const otherPack = await createPackRunner({ bundlePath, localOrigin, token: other.token });
    const names = await Promise.all([pack.connectionName(), otherPack.connectionName()]);
    expect(names).toEqual(['Dana', 'Lee']);
    await otherServer.close();
    other.close();
  });

  it('refuses a bundle without its metadata', async () => {
    const options = {
      bundlePath: '/nowhere/bundle.js',
      localOrigin: 'http://127.0.0.1:1',
      token: '',
    };
    await expect(createPackRunner(options)).rejects.toMatchObject({
      code: 'PACK_METADATA_UNREADABLE',
    });
  });
});
