import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type CodaTransport, createCodaApi } from '#shared/coda/index.ts';
import { FOUNDER_HQ_TABLES } from '#shared/doc/index.ts';
import { DomainError } from '#shared/kernel/index.ts';
import { createCommand, toCommandRow } from '#shared/ledger/index.ts';
import { registerInit } from '#worker/cli/init.ts';
import { ledgerFile, openDocStore } from '#worker/cli/open-store.ts';
import { runTicks } from '#worker/cli/run-ticks.ts';
import { listDocs, readDocSetUp, readSetUp } from '#worker/cli/set-up.ts';
import { registerSync } from '#worker/cli/sync.ts';
import { inboxOf, passEach, worstOf } from '#worker/cli/sync-docs.ts';
import { createPacedTransport } from '#worker/coda/index.ts';
import { createDocFromTables, type LocalDoc } from '#worker/local-doc/index.ts';
import { type Store, sha256 } from '#worker/store/index.ts';
import { runCommand, useEmptyFolder } from './run-command.ts';

const DANA = { name: 'Dana', email: 'dana@studio.example' };
const AT = Date.UTC(2026, 4, 4, 9);
const OTHER = 'OtherDocId';
const exitOf = () => 1 as const;

useEmptyFolder();

/** A doc whose every row has the id that the same row has in another doc of the same making. */
function makeTwin(): LocalDoc {
  const doc = createDocFromTables(FOUNDER_HQ_TABLES, { seed: 7, people: [DANA], clock: () => AT });
  const { person } = doc;
  person.insertRow('people', DANA);
  person.insertRow('workflows', { name: 'Audit', external_id: 'W1', status: 'Active' });
  person.insertRow('process_templates', { name: 'Audit v1', workflow: 'Audit' });
  person.insertRow('projects', { name: 'Acme', process_template: 'Audit v1' });
  const task = { project: 'Acme', status: 'In progress', estimated_hours: 2 };
  person.insertRow('tasks', { name: 'Interview', external_id: 'T1', ...task });
  return doc;
}

/** The same press, to the key, in whatever doc. */
function press(doc: LocalDoc, note: string): string {
  const data = { task: 'Interview', person: 'Dana', hours: 2, day: '2026-05-01', note, entry: 1 };
  const command = createCommand({ type: 'LogHours', data, atMs: AT, by: DANA.email }, sha256);
  doc.person.insertRow('Ledger', { ...toCommandRow(command, 'Log · Dana') });
  return command.key;
}

/** A doc under another id, as the API would serve it; whatever names a doc it does not know is refused. */
function underId(doc: LocalDoc, docId: string, calls: string[]): CodaTransport {
  return async (request) => {
    calls.push(request.path);
    const isOurs = !request.path.startsWith('/docs/') || request.path.startsWith(`/docs/${docId}`);
    if (!isOurs) throw new DomainError('FORBIDDEN', `${request.path} is of another doc`);
    const path = request.path.replace(docId, doc.docId);
    const answer = await doc.transport({ ...request, path });
    return JSON.parse(JSON.stringify(answer).replaceAll(doc.docId, docId));
  };
}

/** Two docs with equal row ids and keys, and a worker that serves both; `failing` answers nothing. */
async function serveTwins({ order, failing }: { order: readonly string[]; failing?: string }) {
  rmSync('.founder-hq', { recursive: true, force: true });
  const [one, other] = [makeTwin(), makeTwin()];
  const docs = new Map([
    [one.docId, one],
    [OTHER, other],
  ]);
  const keys = [press(one, 'by hand'), press(other, 'by hand')];
  const calls = new Map<string, string[]>();
  const idOf = (name: string) => (name === 'one' ? one.docId : OTHER);
  const failingId = failing === undefined ? undefined : idOf(failing);
  const stores = new Map<string, Store>();
  const clock = () => AT + 1_000;
  const passes = await passEach(
    order.map(idOf),
    async (docId) => {
      const made = docs.get(docId);
      if (made === undefined) throw new Error('no such doc');
      calls.set(docId, calls.get(docId) ?? []);
      const transport: CodaTransport =
        docId === failingId
          ? () => Promise.reject(new DomainError('UNAUTHORIZED', 'the token is not valid'))
          : underId(made, docId, calls.get(docId) ?? []);
      const wait = async () => {};
      const paced = createPacedTransport(transport, { clock, wait, buckets: 'unlimited' });
      const connection = {
        api: createCodaApi(paced.transport),
        docId,
        clock,
        wait,
        lagMs: 0,
        counts: paced.counts,
        guardWrites: paced.guardWrites,
        isLocal: false,
        skewMs: () => undefined,
      };
      const store = await openDocStore(docId, {});
      stores.set(docId, store);
      const report = await runTicks(connection, store, { inbox: inboxOf(docId) });
      return { report, exitCode: 0 as const };
    },
    { exitOf },
  );
  const close = async () => {
    for (const store of stores.values()) await store.close();
    one.close();
    other.close();
  };
  return { one, other, keys, passes, stores, calls, close };
}

const outcomes = ({ person }: LocalDoc) =>
  person
    .readRows('Ledger')
    .flatMap(({ cells }) => (cells['kind'] === 'settled' ? [cells['outcome']] : []));
/** All that the Ledger table says, its anchor among it. */
const ledgerText = ({ person }: LocalDoc): string => JSON.stringify(person.readRows('Ledger'));

describe('two docs with equal row ids and keys under one worker', () => {
  let err = '';
  beforeEach(() => {
    err = '';
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      err += String(text);
      return true;
    });
  });
  afterEach(() => vi.restoreAllMocks());

  it('each have a ledger of their own, and no request, row or event of one is in the other', async () => {
    const { one, other, keys, passes, stores, calls, close } = await serveTwins({
      order: ['one', 'other'],
    });
    const rowIds = [one, other].map(({ person }) =>
      person.readRows('tasks').map(({ rowId }) => rowId),
    );
    expect(rowIds[0]).toEqual(rowIds[1]);
    expect(keys[0]).toBe(keys[1]);
    expect(passes.map(({ doc, exitCode }) => [doc, exitCode])).toEqual([
      [one.docId, 0],
      [OTHER, 0],
    ]);
    expect([outcomes(one), outcomes(other)]).toEqual([
      [expect.stringMatching(/^accepted/)],
      [expect.stringMatching(/^accepted/)],
    ]);
    expect([one.docId, OTHER].map((id) => ledgerText(one).includes(id))).toEqual([true, false]);
    expect([one.docId, OTHER].map((id) => ledgerText(other).includes(id))).toEqual([false, true]);
    expect(calls.get(OTHER)?.some((path) => path.includes(one.docId))).toBe(false);
    expect(calls.get(one.docId)?.some((path) => path.includes(OTHER))).toBe(false);
    for (const [docId, store] of stores) {
      expect(await store.get('store', 'doc')).toBe(docId);
      // Had the key of one been looked up in the ledger of both, the second would have been a repeat.
      expect(await store.findByKey(keys[0] ?? '')).toBeDefined();
    }
    await close();
  });

  it.each([
    [['one', 'other'], 'one'],
    [['one', 'other'], 'other'],
  ] as const)('in the order %j are served though %s fails', async (order, failing) => {
    const { one, other, passes, close } = await serveTwins({ order, failing });
    const [good, bad] = failing === 'one' ? [other, one] : [one, other];
    expect([outcomes(good), outcomes(bad)]).toEqual([[expect.stringMatching(/^accepted/)], []]);
    expect(bad.person.readRows('execution_runs')).toEqual([]);
    expect(worstOf(passes)).toBe(1);
    expect(passes.map(({ failure }) => failure?.split('\n')[0])).toEqual(
      order.map((name) => (name === failing ? 'error: the token is not valid' : undefined)),
    );
    expect(err).toContain('the token is not valid');
    await close();
  });

  it('stop between two docs when they are asked to', async () => {
    const stop = new AbortController();
    const served: string[] = [];
    const serve = async (doc: string) => {
      served.push(doc);
      stop.abort();
      return { exitCode: 4 as const, report: doc };
    };
    const passes = await passEach(['a', 'b'], serve, { exitOf, signal: stop.signal });
    expect([served, worstOf(passes)]).toEqual([['a'], 4]);
  });
});

describe('the ledger of a doc', () => {
  it('is refused under the name of another', async () => {
    const store = await openDocStore('FirstDoc11', {});
    await store.close();
    copyFileSync(ledgerFile('FirstDoc11'), ledgerFile('SecondDoc2'));
    await expect(openDocStore('SecondDoc2', {})).rejects.toMatchObject({ code: 'STORE_OTHER_DOC' });
    const again = await openDocStore('FirstDoc11', {});
    await again.close();
  });
});

describe('a folder with several docs', () => {
  const init = (...words: readonly string[]) => runCommand(registerInit, ['init', ...words]);
  const sync = (...words: readonly string[]) => runCommand(registerSync, ['sync', ...words]);

  it('has each with what is its own, the first of them settled by init, the others added', async () => {
    await init('--doc', 'DocOfOne11', '--zone', 'Europe/Berlin');
    await init('--doc', 'DocOfTwo22', '--add', '--zone', 'Asia/Tokyo');
    await init('--doc', 'DocOfThree', '--add');
    await init('--doc', 'DocOfTwo22', '--add', '--zone', 'Asia/Seoul');
    const setUp = readSetUp();
    expect(setUp && listDocs(setUp)).toEqual([
      { doc: 'DocOfOne11', zone: 'Europe/Berlin' },
      { doc: 'DocOfTwo22', zone: 'Asia/Seoul' },
      { doc: 'DocOfThree' },
    ]);
    await init('--doc', 'DocOfThree');
    expect(readSetUp()).toEqual({
      doc: 'DocOfThree',
      docs: [{ doc: 'DocOfTwo22', zone: 'Asia/Seoul' }],
    });
    expect([readDocSetUp('DocOfTwo22')?.zone, readDocSetUp('DocOfOne11')]).toEqual([
      'Asia/Seoul',
      undefined,
    ]);
  });

  it('tells how each of them went, and none keeps another from its turn', async () => {
    vi.stubEnv('CODA_API_TOKEN', '');
    const { code, out, err } = await sync();
    expect([code, out.match(/^doc \w+:$/gm)]).toEqual([1, ['doc DocOfThree:', 'doc DocOfTwo22:']]);
    expect(err.match(/CODA_API_TOKEN is not set/g)).toHaveLength(2);
    const told = JSON.parse((await sync('--json')).out) as { docs: unknown[] };
    expect(told.docs).toMatchObject([
      { doc: 'DocOfThree', exitCode: 1, failure: expect.stringContaining('CODA_API_TOKEN') },
      { doc: 'DocOfTwo22', exitCode: 1 },
    ]);
    vi.unstubAllEnvs();
  });

  it('takes events of tools from a folder of each doc alone', async () => {
    const { code, err } = await sync('--inbox', 'somewhere');
    expect([code, err]).toEqual([1, expect.stringContaining('--inbox would be of all of them')]);
    expect(inboxOf('DocOfTwo22')).toBe(false);
    const folder = join('.founder-hq', 'inbox', 'DocOfTwo22');
    mkdirSync(folder, { recursive: true });
    expect(inboxOf('DocOfTwo22')).toBe(folder);
  });

  it('is not read where one doc is there twice', () => {
    const twice = { doc: 'DocOfOne11', docs: [{ doc: 'DocOfOne11' }] };
    writeFileSync(join('.founder-hq', 'config.json'), JSON.stringify(twice));
    expect(() => readSetUp()).toThrow(/\(docs: one is there twice\)/);
  });
});
