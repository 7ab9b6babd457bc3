import { describe, expect, it } from 'vitest';
import { type Books, toRunView, toWorkSteps, type WorkStep } from '#shared/ledger/index.ts';
import { cancelRun } from '#shared/lifecycle/index.ts';
import { openSqliteStore, type Store, sha256 } from '#worker/store/index.ts';
import { createWorkLedger } from '#worker/work/index.ts';
import { asked, idOf } from '../shared/ledger/record/work-scene.ts';
import { useStoreFiles } from '../sync-worker/store/store-files.ts';
import { expectWhole } from './check-store.ts';
import { createForeman, toBirths, toConfigDocument, toFirstSteps } from './foreman.ts';

const nextFile = useStoreFiles();

async function withStore(work: (store: Store) => Promise<void>): Promise<void> {
  const store = await openSqliteStore({ file: nextFile() });
  try {
    await work(store);
  } finally {
    await store.close();
  }
}

/** Prints what was done, since a time can be looked at and not asserted. */
async function tell(what: string, store: Store, startMs: number): Promise<void> {
  const { position } = await store.head();
  const ms = Math.round(performance.now() - startMs);
  console.log(
    `${what}: ${position} events in ${ms} ms, ${Math.round((position * 1_000) / ms)} a second`,
  );
}

const names = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);

describe('performance', () => {
  it('runs 100 tasks at once on 64 workers', async () => {
    await withStore(async (store) => {
      const startMs = performance.now();
      const foreman = createForeman(store, {
        run: 'R',
        workstreams: ['W'],
        tasks: names('T', 100).map((name) => ({ name, workstream: 'W' })),
        workers: names('w', 64),
        maxParallel: 64,
      });
      await foreman.begin();
      const rounds = await foreman.workOff();
      await tell('100 tasks on 64 workers', store, startMs);
      // 64 in the first round, the other 36 in the second.
      expect(rounds).toBe(2);
      expect(foreman.batches()).toBe(2 + 2 + 100);
      const books = await foreman.look();
      expect([...books.task.values()].every(({ state }) => state.state === 'completed')).toBe(true);
      await expectWhole(store);
    });
  });

  it('works a workstream of 200 tasks off, each after the ones it waits for', async () => {
    await withStore(async (store) => {
      const startMs = performance.now();
      const foreman = createForeman(store, {
        run: 'R',
        workstreams: ['W'],
        // Fifty layers of four: each task waits for two of the layer before.
        tasks: names('T', 200).map((name, index) => ({
          name,
          workstream: 'W',
          after:
            index < 4 ? [] : [`T${index - 4}`, `T${index - (index % 4) - 4 + ((index + 1) % 4)}`],
        })),
        workers: names('w', 4),
      });
      await foreman.begin();
      const rounds = await foreman.workOff();
      await tell('a workstream of 200 tasks', store, startMs);
      expect(rounds).toBe(50);
      const events = await expectWhole(store);
      const done = new Set<string>();
      for (const { type, stream } of events) {
        if (type === 'task_completed') done.add(stream);
        if (type !== 'task_started') continue;
        const waitsFor =
          foreman.plan.tasks.find(({ taskId }) => `task/${taskId}` === stream)?.dependsOn ?? [];
        expect(waitsFor.every(({ fromId }) => done.has(`task/${fromId}`))).toBe(true);
      }
    });
  });

  it('carries 2,000 runs through, and the last group costs what the first did', async () => {
    await withStore(async (store) => {
      const startMs = performance.now();
      const orders = names('R', 2_000).map((run) => ({
        run,
        workstreams: [`W ${run}`],
        tasks: [{ name: `T ${run}`, workstream: `W ${run}` }],
        workers: [],
      }));
      const counted = countCalls(store);
      const work = createWorkLedger(counted.store, sha256);
      const events: number[] = [];
      const calls: number[] = [];
      for (let from = 0; from < orders.length; from += GROUP) {
        const group = orders.slice(from, from + GROUP);
        const runIds = group.map(({ run }) => idOf(run));
        const births = await work.carryOut({
          key: `runs/${from}`,
          runIds,
          plan: () => group.flatMap((order) => [...toBirths(order), ...toFirstSteps(order)]),
          documents: group.map(toConfigDocument),
        });
        const plan = (books: Books) => runIds.flatMap((runId) => toCancel(books, runId));
        const ends = await work.carryOut({ key: `ends/${from}`, runIds, plan });
        for (const done of [births, ends]) {
          events.push(done.ok && done.value.kind === 'done' ? done.value.events : 0);
        }
        calls.push(counted.take());
      }
      await tell('2,000 runs', store, startMs);
      // Birth and config (5) and begin (4); then the end of task, workstream, phase and run.
      expect(new Set(events)).toEqual(new Set([GROUP * 9, GROUP * 4]));
      expect((await store.listRecords('runs', { state: 'canceled' })).length).toBe(2_000);
      // The first group asks once where the ledger stands; after it each asks the store as often as the others.
      expect(new Set(calls.slice(1)).size).toBe(1);
      const kept = Object.values(await work.look({ runIds: [] })).map(({ size }) => size);
      expect(kept.filter((size) => size > 0)).toEqual([]);
    });
  });
});

const GROUP = 100;

/** A store that counts what it is asked for outside a transaction. */
function countCalls(store: Store): { readonly store: Store; readonly take: () => number } {
  let calls = 0;
  const counted = new Proxy(store, {
    get: (target, name, receiver) => {
      calls += 1;
      return Reflect.get(target, name, receiver);
    },
  });
  const take = (): number => {
    const taken = calls;
    calls = 0;
    return taken;
  };
  return { store: counted, take };
}

function toCancel(books: Books, runId: string): readonly WorkStep[] {
  const view = toRunView(books, runId, {
    onFailure: 'skip_dependents',
    dependencies: [],
    decisions: [],
  });
  if (view === undefined) throw new Error('expected the run');
  const { steps } = cancelRun(view, { ...asked(5), reason: 'client left' });
  return toWorkSteps(books, runId, steps);
}
