import { describe, expect, it } from 'vitest';
import {
  type Books,
  bearPatch,
  bearPhase,
  bearRun,
  bearTask,
  bearWorker,
  bearWorkstream,
  toRunView,
  toWorkSteps,
  type WorkStep,
} from '#shared/ledger/index.ts';
import { cancelRun } from '#shared/lifecycle/index.ts';
import { openSqliteStore, type Store } from '#worker/store/index.ts';
import { createWorkLedger, type WorkLedger } from '#worker/work/index.ts';
import * as scene from '../../shared/ledger/record/work-scene.ts';
import { useStoreFiles } from '../store/store-files.ts';

const { asked, idOf, sha256 } = scene;
const nextFile = useStoreFiles();
const config = scene.runConfig();
const terms = { onFailure: 'skip_dependents', dependencies: [], decisions: [] } as const;

async function withStore(work: (store: Store) => Promise<void>): Promise<void> {
  const store = await openSqliteStore({ file: nextFile() });
  try {
    await work(store);
  } finally {
    await store.close();
  }
}

/** Bears a run with a phase, a workstream and a task, and whatever else is given. */
const bear = (work: WorkLedger, name: string, ...more: readonly WorkStep[]) =>
  work.carryOut({
    key: `birth of ${name}`,
    runIds: [idOf(name)],
    plan: () => [
      bearRun(scene.run(name), config, asked(0)),
      bearPhase(scene.phase(name), config, asked(0)),
      bearWorkstream(scene.workstream(`${name} W`, name), config, asked(0)),
      bearTask(scene.task(`${name} T`, { run: name, workstream: `${name} W` }), asked(0)),
      ...more,
    ],
    documents: [
      {
        table: 'run_configs',
        id: config.runConfigId,
        document: JSON.parse(JSON.stringify(config)),
        ...asked(0),
      },
    ],
  });

function toCancel(books: Books, name: string): readonly WorkStep[] {
  const view = toRunView(books, idOf(name), terms);
  if (view === undefined) throw new Error(`expected ${name}`);
  const { steps } = cancelRun(view, { ...asked(5), reason: 'client left' });
  return toWorkSteps(books, idOf(name), steps);
}

const cancel = (work: WorkLedger, name: string) =>
  work.carryOut({
    key: `end of ${name}`,
    runIds: [idOf(name)],
    plan: (books) => toCancel(books, name),
  });

/** How many entities the books hold when they are asked for these runs. */
async function keptOf(work: WorkLedger, ...names: readonly string[]): Promise<number> {
  const books = await work.look({ runIds: names.map(idOf) });
  return Object.values(books).reduce((sum, { size }) => sum + size, 0);
}

const patch = bearPatch(
  scene.patch('P', { run: 'R0', workstream: 'R0 W', task: 'R0 T' }),
  { isRequired: false, maxApplyAttempts: 3 },
  asked(1),
);

describe('the books of a work ledger', () => {
  it('keep what is open, however many runs have come and gone', async () => {
    await withStore(async (store) => {
      const work = createWorkLedger(store, sha256);
      await bear(work, 'open', bearWorker(scene.worker('w1'), asked(0)));
      for (let round = 0; round < 5; round += 1) {
        await bear(work, `R${round}`);
        expect(await keptOf(work)).toBe(9);
        await cancel(work, `R${round}`);
        // The worker belongs to no run, and stays.
        expect(await keptOf(work)).toBe(5);
      }
    });
  });

  it('keep a closed run as long as a part of it is open', async () => {
    await withStore(async (store) => {
      const work = createWorkLedger(store, sha256);
      await bear(work, 'R0', patch);
      await cancel(work, 'R0');
      expect(await keptOf(work)).toBe(5);
      const facts = { reason: 'canceled', isTreeReverted: true, isByPerson: false };
      const command = { ...asked(6), type: 'drop', ...facts } as const;
      const step = { entity: 'patch', id: idOf('P'), command } as const;
      await work.carryOut({ key: 'drop', runIds: [idOf('R0')], plan: () => [step] });
      expect(await keptOf(work)).toBe(0);
    });
  });

  it('read a settled run again for whoever asks, with what others have told of it since', async () => {
    await withStore(async (store) => {
      const work = createWorkLedger(store, sha256);
      await bear(work, 'R0');
      await cancel(work, 'R0');
      const before = (await work.look({ runIds: [idOf('R0')] })).run.get(idOf('R0'));
      expect(await keptOf(work)).toBe(0);
      const note = (minute: number): WorkStep => ({
        entity: 'run',
        id: idOf('R0'),
        command: { ...asked(minute), type: 'note', text: 'late' },
      });
      const other = createWorkLedger(store, sha256);
      await other.carryOut({ key: 'note', runIds: [idOf('R0')], plan: () => [note(7)] });
      const books = await work.look({ runIds: [idOf('R0')] });
      expect(books.run.get(idOf('R0'))?.state).toEqual({
        ...before?.state,
        version: (before?.state.version ?? 0) + 1,
        lastAt: asked(7).at,
      });
      expect(await keptOf(work, 'R0')).toBe(4);
      await work.carryOut({ key: 'again', runIds: [idOf('R0')], plan: () => [note(8)] });
      expect(await store.getRecord('runs', idOf('R0'))).toMatchObject({
        document: { state: 'canceled', counters: { tasksTotal: 1, tasksCanceled: 1 } },
      });
    });
  });

  it('show each of many that look at once the run it asked for', async () => {
    await withStore(async (store) => {
      const work = createWorkLedger(store, sha256);
      const names = ['R0', 'R1', 'R2'];
      for (const name of names) await bear(work, name).then(() => cancel(work, name));
      const seen = names.map(async (name) => {
        const books = await work.look({ runIds: [idOf(name)] });
        return [books.run.has(idOf(name)), books.run.size];
      });
      expect(await Promise.all(seen)).toEqual(names.map(() => [true, 1]));
    });
  });
});
