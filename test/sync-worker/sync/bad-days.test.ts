import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type CodaAnswer, createCodaApi } from '#shared/coda/index.ts';
import { DomainError, isDomainError } from '#shared/kernel/index.ts';
import { openSqliteStore, type Store } from '#worker/store/index.ts';
import { openTarget } from '#worker/sync/index.ts';
import { verifyStore } from '#worker/verify/index.ts';
import { createSyncScene } from './sync-scene.ts';

type Scene = Awaited<ReturnType<typeof createSyncScene>>;

const HOUR_MS = 3_600_000;

/** A doc with a typed run and a finished one that the worker has not seen yet. */
async function withWork(options: Parameters<typeof createSyncScene>[0] = {}) {
  const scene = await createSyncScene(options);
  scene.add('execution_runs', { run_id: 'R1', task: 'Interview', actual_hours: 3 });
  scene.press('StartRun');
  await scene.wait(HOUR_MS);
  scene.press('FinishRun');
  return scene;
}

/** What must be so at the end of every bad day. */
async function expectWhole({ settle, rows, store }: Scene) {
  expect(await settle()).toMatchObject({ isSettled: true, held: 0, fuses: [] });
  expect(rows('tasks')).toMatchObject([{ actual_hours: '4', execution_runs: '2' }]);
  expect(rows('execution_runs')).toHaveLength(2);
  expect(rows('Ledger').filter(({ kind }) => kind === 'command')).toEqual([]);
  expect(await verifyStore(store)).toMatchObject({ ok: true });
}

/** A tick whose requests are answered otherwise from one of them on; whether there were as many. */
async function tickUntil(scene: Scene, last: number, answer: CodaAnswer, isForGood = true) {
  const { api: _, ...target } = await openTarget(scene.api, scene.doc.docId);
  let requests = 0;
  const api = createCodaApi(async (request) => {
    requests += 1;
    const isBad = isForGood ? requests > last : requests === last + 1;
    return isBad ? answer : scene.doc.transport(request);
  });
  const failure = await scene.runTick({ target: { ...target, api } }).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { failure, isReached: requests > last };
}

const codeOf = (error: unknown): unknown => (isDomainError(error) ? error.code : error);

const HTML = '<!doctype html><title>Maintenance</title>';
const ANSWERS: readonly [string, CodaAnswer, string, boolean][] = [
  [
    'the token is revoked',
    { status: 401, body: { message: 'Unauthorized' } },
    'UNAUTHORIZED',
    true,
  ],
  ['a page of HTML comes instead of JSON', { status: 200, body: HTML }, 'UNREADABLE', false],
  ['a gateway answers with a page of HTML', { status: 502, body: HTML }, 'SERVER_ERROR', false],
  ['the account is asked too often', { status: 429, body: {} }, 'RATE_LIMITED', true],
];

describe('a tick in the middle of which', () => {
  it.each(ANSWERS)(
    '%s says so, wherever that is, blanks nothing, and the next one goes on',
    async (_, answer, code, isForGood) => {
      const failures = new Set<unknown>();
      let last = 0;
      for (let isReached = true; isReached; last += 7) {
        const scene = await withWork();
        const tick = await tickUntil(scene, last, answer, isForGood);
        isReached = tick.isReached;
        if (tick.failure !== undefined) failures.add(codeOf(tick.failure));
        await expectWhole(scene);
      }
      expect([...failures]).toEqual([code]);
      expect(last).toBeGreaterThan(25);
    },
  );
});

describe('a doc that has grown too large for the API', () => {
  it('is named as such, and nothing is read or written', async () => {
    const scene = await withWork();
    const { api, ...target } = await openTarget(scene.api, scene.doc.docId);
    const getDoc = async (docId: string) => ({
      ...(await api.getDoc(docId)),
      isOverApiSizeLimit: true,
    });
    const { writes, listPages } = scene.counts();
    const tick = scene.runTick({ target: { ...target, api: { ...api, getDoc } } });
    await expect(tick).rejects.toMatchObject({ code: 'DOC_TOO_LARGE', retryable: false });
    expect(scene.counts()).toMatchObject({ writes, listPages });
    await expectWhole(scene);
  });

  it('is listed in smaller pages where long ones time out', async () => {
    const scene = await withWork({ behaviour: { rowsLimitServed: 30 } });
    for (let at = 0; at < 120; at += 1) scene.add('people', { name: `Guest ${at}` });
    await expectWhole(scene);
    expect((await scene.store.list('seen/people')).size).toBe(121);
  });
});

/** The store of a scene, one step of which finds no room, or may not be written. */
function failingAt(store: Store, step: number, code: string) {
  let steps = 0;
  const transaction: Store['transaction'] = async (work, options) => {
    steps += 1;
    if (steps === step) throw new DomainError(code, 'the disk says no');
    return await store.transaction(work, options);
  };
  const failing: Store = new Proxy(store, {
    get: (port, name) => (name === 'transaction' ? transaction : Reflect.get(port, name)),
  });
  return { failing, isReached: () => steps >= step };
}

describe('a disk that takes nothing', () => {
  it.each(['DISK_FULL', 'STORE_READ_ONLY'])(
    'ends the tick with %s at whichever step, and the next one goes on',
    async (code) => {
      const failures = new Set<unknown>();
      let step = 1;
      for (let isReached = true; isReached; step += 1) {
        const scene = await withWork();
        const { failing, isReached: wasReached } = failingAt(scene.store, step, code);
        const failure = await scene.runTick({ store: failing }).then(() => undefined, codeOf);
        isReached = wasReached();
        if (isReached) failures.add(failure);
        await expectWhole(scene);
      }
      expect([...failures]).toEqual([code]);
      expect(step).toBeGreaterThan(8);
    },
  );

  it('is told by name where it really is full', async () => {
    const scene = await withWork();
    await scene.runTick();
    const file = join(scene.folder, 'ledger.db');
    const full = await openSqliteStore({ file, maxBytes: statSync(file).size });
    onTestFinished(() => full.close());
    for (let at = 0; at < 60; at += 1)
      scene.add('execution_runs', { task: 'Interview', outcome_notes: 'x'.repeat(5_000) });
    await expect(scene.runTick({ store: full })).rejects.toMatchObject({ code: 'DISK_FULL' });
    expect(await scene.settle()).toMatchObject({ isSettled: true, fuses: [] });
    expect(scene.rows('tasks')).toMatchObject([{ actual_hours: '4' }]);
  });
});

describe('a clock', () => {
  it.each([
    ['an hour back', -HOUR_MS],
    ['a day ahead', 24 * HOUR_MS],
  ])('that jumps %s between two ticks doubles and loses nothing', async (_, jumpMs) => {
    const scene = await withWork({ profile: 'strict' });
    await scene.runTick();
    await scene.wait(61_000);
    const { fuses } = await scene.runTick({ clock: () => scene.clock() + jumpMs });
    expect(fuses).toEqual([]);
    await expectWhole(scene);
  });

  it.each([
    ['put back', Date.UTC(2026, 9, 25, 0, 30)],
    ['put on', Date.UTC(2027, 2, 28, 0, 30)],
  ])(
    'that is %s for the season between start and finish counts the hours that went by',
    async (_, startMs) => {
      const scene = await createSyncScene({ timezone: 'Europe/Berlin' });
      await scene.wait(Math.max(0, startMs - scene.clock()));
      const atMs = scene.clock();
      scene.press('StartRun');
      await scene.wait(2 * HOUR_MS);
      scene.press('FinishRun');
      await scene.settle();
      expect(atMs).toBeGreaterThanOrEqual(startMs);
      expect(scene.rows('execution_runs')).toMatchObject([
        { actual_hours: '2', wall_minutes: '120' },
      ]);
    },
  );
});
