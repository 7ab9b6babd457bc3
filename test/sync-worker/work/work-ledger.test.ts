import { describe, expect, it } from 'vitest';
import {
  bearPhase,
  bearRun,
  bearTask,
  bearWorkstream,
  type DocumentStep,
  rebuildDocuments,
  type TableDocument,
  type WorkStep,
} from '#shared/ledger/index.ts';
import { isRecordTable, openSqliteStore, type Store } from '#worker/store/index.ts';
import { createWorkLedger, type WorkBatch } from '#worker/work/index.ts';
import * as scene from '../../shared/ledger/record/work-scene.ts';
import { useStoreFiles } from '../store/store-files.ts';

const { asked, idOf, sha256 } = scene;
const nextFile = useStoreFiles();
const config = scene.runConfig();
const runId = idOf('R');
const taskId = idOf('T');
const configStep: DocumentStep = {
  table: 'run_configs',
  id: config.runConfigId,
  document: JSON.parse(JSON.stringify(config)),
  at: asked(0).at,
  by: 'dana@example.com',
};
const births: readonly WorkStep[] = [
  bearRun(scene.run('R'), config, asked(0)),
  bearPhase(scene.phase('R'), config, asked(0)),
  bearWorkstream(scene.workstream('W', 'R'), config, asked(0)),
  bearTask(scene.task('T', { run: 'R', workstream: 'W' }), asked(0)),
];
const plan = (key: string, ...steps: readonly WorkStep[]): WorkBatch => ({
  key,
  runIds: [runId],
  plan: () => steps,
});
const birth: WorkBatch = { ...plan('birth', ...births), documents: [configStep] };
const cancel = (reason: string): WorkStep => ({
  entity: 'task',
  id: taskId,
  command: { ...asked(1), type: 'cancel', reason },
});

async function withStore(work: (store: Store) => Promise<void>): Promise<void> {
  const store = await openSqliteStore({ file: nextFile() });
  try {
    await work(store);
  } finally {
    await store.close();
  }
}

/** Every document the store's tables hold of those that its events make. */
async function readTables(store: Store, documents: readonly TableDocument[]) {
  const found = [];
  for (const { table, id } of documents) {
    const record = isRecordTable(table) ? await store.getRecord(table, id) : undefined;
    found.push({ table, id, document: record?.document });
  }
  return found;
}

describe('a work ledger', () => {
  it('writes events and documents together, and the tables are what the events make', async () => {
    await withStore(async (store) => {
      const work = createWorkLedger(store, sha256);
      expect(await work.carryOut(birth)).toEqual({
        ok: true,
        value: { kind: 'done', position: 5, events: 5 },
      });
      await work.carryOut(plan('cancel', cancel('client left')));
      const rebuilt = rebuildDocuments(await store.readAll(0, 100), sha256);
      expect(rebuilt.map(({ table }) => table).toSorted()).toEqual([
        'phases',
        'run_configs',
        'runs',
        'tasks',
        'workstreams',
      ]);
      expect(await readTables(store, rebuilt)).toEqual(rebuilt);
      expect(await store.getRecord('tasks', taskId)).toMatchObject({
        document: { state: 'canceled', version: 2 },
      });
    });
  });

  it('does a batch once, whoever asks for it again', async () => {
    await withStore(async (store) => {
      const first = createWorkLedger(store, sha256);
      await first.carryOut(birth);
      await first.carryOut(plan('cancel', cancel('client left')));
      const { position } = await store.head();
      const again = await createWorkLedger(store, sha256).carryOut(birth);
      expect(again).toEqual({ ok: true, value: { kind: 'exists', position: 5 } });
      expect((await store.head()).position).toBe(position);
    });
  });

  it('refuses a whole batch for one of its steps', async () => {
    await withStore(async (store) => {
      const work = createWorkLedger(store, sha256);
      await work.carryOut(birth);
      const result = await work.carryOut(plan('twice', cancel('x'), cancel('y')));
      expect(result).toEqual({
        ok: false,
        refusal: {
          code: 'STEP_REFUSED',
          index: 1,
          entity: 'task',
          id: taskId,
          refusal: { code: 'FINAL_STATE', from: 'canceled' },
        },
      });
      expect((await store.head()).position).toBe(5);
      expect(await store.getRecord('tasks', taskId)).toMatchObject({
        document: { state: 'pending' },
      });
    });
  });

  it('refuses a key that comes again with another request', async () => {
    await withStore(async (store) => {
      const work = createWorkLedger(store, sha256);
      await work.carryOut({ ...birth, request: { plan: 1 } });
      const again = await work.carryOut({ ...birth, request: { plan: 2 } });
      expect(again).toEqual({
        ok: false,
        refusal: {
          code: 'REQUEST_MISMATCH',
          storedHash: sha256('{"plan":1}'),
          givenHash: sha256('{"plan":2}'),
        },
      });
    });
  });

  it('reads what another process wrote before it decides', async () => {
    await withStore(async (store) => {
      const [one, other] = [createWorkLedger(store, sha256), createWorkLedger(store, sha256)];
      await one.carryOut(birth);
      expect((await other.look({ runIds: [runId] })).task.get(taskId)?.state.state).toBe('pending');
      await one.carryOut(plan('cancel', cancel('client left')));
      const late = await other.carryOut(plan('cancel too', cancel('client left')));
      expect(late).toMatchObject({ ok: false, refusal: { refusal: { code: 'FINAL_STATE' } } });
      const later = scene.task('U', { run: 'R', workstream: 'W' });
      await one.carryOut(plan('one more', bearTask(later, asked(2))));
      expect((await other.look({ runIds: [runId] })).task.size).toBe(2);
    });
  });

  it('asks the plan again where another was quicker, and gives up after three more times', async () => {
    await withStore(async (store) => {
      const work = createWorkLedger(store, sha256);
      const rival = createWorkLedger(store, sha256);
      await work.carryOut(birth);
      let plans = 0;
      const blocked = (minute: number): readonly WorkStep[] => [
        {
          entity: 'task',
          id: taskId,
          command: { ...asked(minute), type: 'block', blockedBy: ['X'], reason: 'x' },
        },
        {
          entity: 'task',
          id: taskId,
          command: { ...asked(minute), type: 'unblock', openBlockers: [] },
        },
      ];
      /** A store in which the rival always comes in between. */
      const crossed = (times: number): Store => ({
        ...store,
        async transaction(run, options) {
          plans += 1;
          if (plans <= times)
            await rival.carryOut(plan(`rival ${times} ${plans}`, ...blocked(plans)));
          return store.transaction(run, options);
        },
      });
      const lucky = await createWorkLedger(crossed(3), sha256).carryOut(
        plan('late', ...blocked(9)),
      );
      expect(lucky).toMatchObject({ ok: true, value: { kind: 'done', events: 2 } });
      expect(plans).toBe(4);
      plans = 0;
      const unlucky = await createWorkLedger(crossed(9), sha256).carryOut(
        plan('later', ...blocked(10)),
      );
      expect(unlucky).toEqual({ ok: false, refusal: { code: 'VERSION_CONFLICT', attempts: 4 } });
      expect(plans).toBe(4);
    });
  });

  it('tells notices in the streams they name, after the steps, or not at all', async () => {
    await withStore(async (store) => {
      const work = createWorkLedger(store, sha256);
      const payload = { from: 'NOT_RUN', to: 'FAILED', checkIds: ['unit'] };
      const event = { at: asked(1).at, actor: 'system', type: 'gate_status_changed', payload };
      const notices = [{ stream: 'gate/tests', event }];
      await work.carryOut({ ...birth, notices });
      expect(await store.readStream('gate/tests')).toMatchObject([{ ...event, position: 6 }]);
      await work.carryOut({ ...plan('twice', cancel('x'), cancel('y')), notices });
      expect(await store.readStream('gate/tests')).toHaveLength(1);
    });
  });

  it('writes nothing under a lease that was fenced off', async () => {
    await withStore(async (store) => {
      const work = createWorkLedger(store, sha256);
      const claim = { name: 'task/T', ttlMs: 1_000 };
      const { lease } = await store.acquireLease({ ...claim, owner: 'w1', nowMs: 1_000 });
      await store.acquireLease({ ...claim, owner: 'w2', nowMs: 9_000 });
      const stale = work.carryOut({ ...birth, under: lease });
      await expect(stale).rejects.toMatchObject({ code: 'STALE_LEASE' });
      expect((await store.head()).position).toBe(0);
      expect(await work.carryOut(birth)).toMatchObject({ ok: true, value: { kind: 'done' } });
    });
  });

  it('writes nothing where a document names one that is not there', async () => {
    await withStore(async (store) => {
      const work = createWorkLedger(store, sha256);
      const orphan = work.carryOut(plan('orphan', ...births));
      await expect(orphan).rejects.toMatchObject({ code: 'RECORD_REFUSED' });
      expect((await store.head()).position).toBe(0);
    });
  });

  it('carries batches out one after the other, in the order they were asked for', async () => {
    await withStore(async (store) => {
      const work = createWorkLedger(store, sha256);
      const [, first, second] = await Promise.all([
        work.carryOut(birth),
        work.carryOut(plan('a', cancel('first'))),
        work.carryOut(plan('b', cancel('second'))),
      ]);
      expect([first?.ok, second?.ok]).toEqual([true, false]);
    });
  });
});
