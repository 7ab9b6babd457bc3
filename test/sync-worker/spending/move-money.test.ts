import { describe, expect, it } from 'vitest';
import {
  type Budget,
  type CostEntry,
  placeReservation,
  settleReservation,
  toBudgetStep,
} from '#shared/cost/index.ts';
import { toEpochMs } from '#shared/kernel/index.ts';
import { bearPhase, bearRun, bearTask, bearWorkstream } from '#shared/ledger/index.ts';
import {
  expireReservations,
  listBudgets,
  moveMoney,
  readBudgetSheets,
  readReservation,
} from '#worker/spending/index.ts';
import { openSqliteStore, type Store } from '#worker/store/index.ts';
import { createWorkLedger } from '#worker/work/index.ts';
import { docWith } from '../../shared/doc/small-doc.ts';
import * as scene from '../../shared/ledger/record/work-scene.ts';
import { useStoreFiles } from '../store/store-files.ts';
import { createSyncScene } from '../sync/sync-scene.ts';

const { asked, idOf, sha256 } = scene;
const nextFile = useStoreFiles();
const BUDGET: Budget = {
  budgetId: idOf('budget'),
  scope: { level: 'project', id: 'acme-site' },
  currency: 'EUR',
  limitMicros: 1_000n,
  thresholdsPercent: [50],
  mode: 'halt',
  period: 'none',
  timeZone: 'UTC',
  startsAt: asked(0).at,
};
const toLine = (name: string, amountMicros: bigint, minute: number): CostEntry => ({
  entryId: idOf(name),
  entryType: 'charge',
  idempotencyKey: name,
  projectId: 'acme-site',
  runId: idOf('R'),
  taskId: idOf('T'),
  resourceType: 'tool_usage',
  resourceName: 'editor',
  usageType: 'output',
  quantity: '1',
  unit: 'token',
  amountMicros,
  currency: 'EUR',
  source: 'measured',
  occurredAt: asked(minute).at,
  recordedAt: asked(minute).at,
});

/** The ledger of a run with a budget, which may be closed and opened again as another process would. */
async function openLedger(file = nextFile()) {
  const store = await openSqliteStore({ file });
  await bearRunWithBudget(store);
  return { file, store };
}

async function bearRunWithBudget(store: Store): Promise<void> {
  const config = scene.runConfig();
  await createWorkLedger(store, sha256).carryOut({
    key: 'birth',
    runIds: [idOf('R')],
    plan: () => [
      bearRun(scene.run('R'), config, asked(0)),
      bearPhase(scene.phase('R'), config, asked(0)),
      bearWorkstream(scene.workstream('W', 'R'), config, asked(0)),
      bearTask(scene.task('T', { run: 'R', workstream: 'W' }), asked(0)),
    ],
    documents: [
      {
        table: 'run_configs',
        id: config.runConfigId,
        document: JSON.parse(JSON.stringify(config)),
        ...asked(0),
      },
      toBudgetStep(BUDGET, asked(0)),
    ],
  });
}

const place = (store: Store, name: string, amountMicros: bigint, minute = 1) =>
  moveMoney(store, {
    key: `place/${name}`,
    at: asked(minute).at,
    decide: (book) =>
      placeReservation(
        book,
        {
          reservationId: idOf(name),
          budgetIds: [BUDGET.budgetId],
          runId: idOf('R'),
          taskId: idOf('T'),
          amountMicros,
          currency: 'EUR',
          expiresAt: asked(30).at,
        },
        asked(minute),
      ),
  });

async function settle(store: Store, name: string, amountMicros: bigint, minute = 5) {
  const before = await readReservation(store, idOf(name));
  const entries = [toLine(`cost of ${name}`, amountMicros, minute)];
  const at = asked(minute);
  return moveMoney(store, {
    key: `settle/${name}`,
    at: at.at,
    decide: (book) => settleReservation(book, before, { ...at, entries }),
  });
}

async function moneyIn(store: Store, minute: number) {
  const settings = { timeZone: 'UTC', currency: 'EUR' };
  const at = { sheets: await readBudgetSheets(store), leaves: [], settings, at: asked(minute).at };
  const [line] = listBudgets(docWith({}), at);
  return [line?.spentMicros, line?.heldMicros, line?.state];
}

const typesOf = async (store: Store) =>
  (await store.readStream(`budget/${BUDGET.budgetId}`)).map(({ type }) => type);

describe('moveMoney', () => {
  it('finds what is held after a process was lost between reserving and settling, and spends it once', async () => {
    const { file, store } = await openLedger();
    expect(await place(store, 'first', 700n)).toEqual({ ok: true, value: 'moved' });
    await store.close();

    const again = await openSqliteStore({ file });
    expect(await moneyIn(again, 2)).toEqual([0n, 700n, 'warning']);
    expect(await place(again, 'second', 400n)).toMatchObject({
      refusal: { code: 'BUDGET_EXHAUSTED', availableMicros: 300n },
    });
    // The one who was lost asks once more for the very same.
    expect(await place(again, 'first', 700n)).toEqual({ ok: true, value: 'exists' });
    expect(await settle(again, 'first', 900n)).toEqual({ ok: true, value: 'moved' });
    expect(await settle(again, 'first', 900n)).toEqual({ ok: true, value: 'exists' });
    expect(await moneyIn(again, 6)).toEqual([900n, 0n, 'warning']);
    expect(await again.listRecords('costs')).toHaveLength(1);
    // The threshold is told when it is come to, and not again by the process that came later.
    expect(await typesOf(again)).toEqual([
      'budget_reserved',
      'budget_threshold_reached',
      'reservation_settled',
    ]);
    await again.close();
  });

  it('gives no money twice to two processes that ask at once', async () => {
    const { file, store } = await openLedger();
    const other = await openSqliteStore({ file });
    const results = await Promise.all([
      place(store, 'one', 600n),
      place(other, 'two', 600n),
      place(store, 'three', 600n),
    ]);
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await moneyIn(store, 2)).toEqual([0n, 600n, 'warning']);
    await other.close();
    await store.close();
  });
});

describe('expireReservations', () => {
  it('frees what is held once its time is over, says so, and does it once', async () => {
    const { store } = await openLedger();
    await place(store, 'gone', 400n);
    await place(store, 'done', 100n);
    await settle(store, 'done', 100n);
    const lease = { name: 'sync', owner: 'me', ttlMs: 60_000, nowMs: 0 };
    const { lease: under } = await store.acquireLease(lease);
    const expire = (minute: number) =>
      expireReservations(store, { nowMs: toEpochMs(asked(minute).at), under });
    expect(await expire(29)).toBe(0);
    expect(await expire(30)).toBe(1);
    expect(await expire(31)).toBe(0);
    expect(await moneyIn(store, 31)).toEqual([100n, 0n, 'ok']);
    const last = (await store.readStream(`budget/${BUDGET.budgetId}`)).at(-1);
    expect(last).toMatchObject({
      type: 'reservation_released',
      payload: { amountMicros: '400', isExpired: true },
    });
    expect(await readReservation(store, idOf('gone'))).toMatchObject({ state: 'expired' });
    await store.close();
  });
});

describe('a pass of the worker', () => {
  it('frees what is held once its time is over, and is idle after it', async () => {
    const { store, runTick } = await createSyncScene();
    await bearRunWithBudget(store);
    await place(store, 'gone', 400n);
    await runTick();
    expect(await readReservation(store, idOf('gone'))).toMatchObject({ state: 'expired' });
    expect(await runTick()).toMatchObject({ events: 0 });
  });
});

describe('readBudgetSheets', () => {
  it('tells of which project the money is that is held', async () => {
    const { store } = await openLedger();
    await place(store, 'first', 700n);
    const { held } = await readBudgetSheets(store);
    expect(held).toEqual([{ projectId: 'acme-site', currency: 'EUR', micros: 700n }]);
    await store.close();
  });
});
