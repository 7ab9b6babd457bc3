import { describe, expect, it } from 'vitest';
import { type Envelope, toExecutionEvent } from '#shared/ledger/index.ts';
import {
  type FailureDecision,
  loseWorker,
  type RunView,
  restartRun,
  type SpanPlan,
  spreadFailure,
  toSuccessFacts,
} from '#shared/lifecycle/index.ts';
import { openSqliteStore } from '#worker/store/index.ts';
import { idOf } from '../shared/ledger/record/work-scene.ts';
import { useStoreFiles } from '../sync-worker/store/store-files.ts';
import { expectWhole } from './check-store.ts';
import { createForeman, type Foreman } from './foreman.ts';
import { lookAt, statesOf } from './look-at.ts';
import { at, type Order, type OrderedTask, type Outcome } from './order.ts';

const RUN_ID = idOf('R');
const OUTCOMES: Readonly<Record<string, Outcome>> = {
  'fetch 1': { exitCode: 1, durationMs: 60_000, isRetryable: true },
  'parse 1': { exitCode: 1, durationMs: 60_000 },
  'send 1': { exitCode: 1, durationMs: 60_000 },
};
const ORDER: Order = {
  run: 'R',
  workstreams: ['W'],
  tasks: [
    { name: 'fetch', workstream: 'W' },
    { name: 'parse', workstream: 'W' },
    { name: 'report', workstream: 'W', after: ['parse'] },
    { name: 'send', workstream: 'W' },
    { name: 'confirm', workstream: 'W', after: ['send'] },
    { name: 'crawl', workstream: 'W' },
  ],
  workers: ['w1', 'w2', 'w3', 'w4', 'w5'],
  outcomeOf: (task, attempt) =>
    OUTCOMES[`${task} ${attempt}`] ?? { exitCode: 0, durationMs: 60_000 },
};
const REPAIR: OrderedTask = { name: 'parse again', workstream: 'W', fixes: 'parse' };
const REPAIRED: Order = { ...ORDER, tasks: [...ORDER.tasks, REPAIR] };
/** What dana decided about the failures. */
const DECISIONS: readonly FailureDecision[] = [
  { taskId: idOf('parse'), policy: 'fix_task' },
  { taskId: idOf('send'), policy: 'skip_dependents' },
  { taskId: idOf('crawl'), policy: 'continue' },
];

const nextFile = useStoreFiles();

describe('a workstream with failures', () => {
  it('retries, fences, repairs, skips, restarts and buries, and then ends', async () => {
    const store = await openSqliteStore({ file: nextFile() });
    try {
      const foreman = createForeman(store, ORDER);
      await foreman.begin();
      await foreman.dispatch();
      await failSome(foreman);
      await escalate(foreman);
      const second = createForeman(store, REPAIRED);
      await tryAgain(second);
      // Nobody hands anything over: the third foreman knows what the store knows.
      const third = createForeman(store, REPAIRED);
      await restart(third);
      await bury(third);
      await succeed(third);
      expectStory(await expectWhole(store));
      const record = await store.getRecord('runs', RUN_ID);
      expect(record).toMatchObject({
        document: {
          state: 'succeeded',
          pausedMs: 60_000,
          counters: {
            stepAttempts: 9,
            tasksTotal: 7,
            tasksCompleted: 3,
            tasksFailed: 3,
            tasksCanceled: 1,
          },
        },
      });
      expect(await store.getRecord('tasks', idOf('crawl'))).toMatchObject({
        document: { state: 'failed', attempt: 3, deadLettered: true },
      });
    } finally {
      await store.close();
    }
  });
});

/** A worker falls silent, one task may be tried again, two fail for good. */
async function failSome(foreman: Foreman): Promise<void> {
  foreman.minute = 4;
  expect(await statesOf(foreman, REPAIRED)).toEqual({
    fetch: 'running',
    parse: 'running',
    report: 'pending',
    send: 'running',
    confirm: 'pending',
    crawl: 'running',
  });
  await loseHolder(foreman, 'crawl');
  await foreman.finish();
  expect(await statesOf(foreman, REPAIRED)).toEqual({
    fetch: 'retrying',
    parse: 'failed',
    report: 'pending',
    send: 'failed',
    confirm: 'pending',
    crawl: 'queued',
  });
}

/** The failure goes to a person, and until she has decided nothing is sent off. */
async function escalate(foreman: Foreman): Promise<void> {
  await carry(foreman, 'escalate', (view) => spread(view, 'parse', 4));
  expect((await foreman.look()).run.get(RUN_ID)?.state.state).toBe('paused');
  const held = await foreman.dispatch();
  expect(held.filter(({ decision }) => decision === 'dispatch')).toEqual([]);
  expect(held.find(({ taskId }) => taskId === idOf('crawl'))?.holdReason).toBe('run_not_running');
  const resume = { ...at(5, 'dana@example.com'), type: 'resume', isHardStopped: false } as const;
  await foreman.do('resume', [
    { entity: 'run', id: RUN_ID, command: { ...resume, isBudgetReservable: true } },
  ]);
  await carry(foreman, 'repair', (view) => spread(view, 'parse', 5, DECISIONS));
  await carry(foreman, 'skip', (view) => spread(view, 'send', 5, DECISIONS));
}

async function tryAgain(foreman: Foreman): Promise<void> {
  foreman.minute = 5;
  await foreman.do('again', [
    {
      entity: 'task',
      id: idOf('fetch'),
      command: { ...at(5), type: 'requeue', reason: 'backoff' },
    },
  ]);
  await foreman.dispatch();
  expect(await statesOf(foreman, REPAIRED)).toEqual({
    fetch: 'running',
    parse: 'failed',
    report: 'pending',
    send: 'failed',
    confirm: 'canceled',
    crawl: 'running',
    'parse again': 'running',
  });
  // The worker that was given up for lost reports after all, under the lease it no longer has.
  const late = { ...at(6, 'worker/w1'), type: 'submit', leaseToken: 1 } as const;
  const written = { toolResultId: idOf('late'), patchIds: [] };
  expect(
    await foreman.ask('late', [
      { entity: 'task', id: idOf('crawl'), command: { ...late, ...written } },
    ]),
  ).toBe('STALE_LEASE');
}

/** Everybody's program was down; of the three running tasks one has no live lease left. */
async function restart(foreman: Foreman): Promise<void> {
  foreman.minute = 9;
  const leased = [idOf('fetch'), idOf('parse again')];
  await carry(foreman, 'restart', (view) => restartRun(view, leased, at(9)));
  expect(await statesOf(foreman, REPAIRED)).toMatchObject({
    fetch: 'running',
    crawl: 'queued',
    'parse again': 'running',
  });
  const workers = [...(await foreman.look()).worker.values()].map(({ state }) => state.state);
  expect(workers.toSorted()).toEqual(['busy', 'busy', 'crashed', 'idle', 'lost']);
  await foreman.finish();
  await foreman.dispatch();
  expect(await statesOf(foreman, REPAIRED)).toMatchObject({
    fetch: 'completed',
    report: 'running',
    crawl: 'running',
    'parse again': 'completed',
  });
}

/** The task that took its third worker with it is given up. */
async function bury(foreman: Foreman): Promise<void> {
  foreman.minute = 13;
  await loseHolder(foreman, 'crawl');
  await foreman.finish();
  const after = spread(await lookAt(foreman, 'escalate', DECISIONS), 'crawl', 13, DECISIONS);
  expect(after).toEqual({ steps: [], effects: [] });
  expect(await statesOf(foreman, REPAIRED)).toMatchObject({
    report: 'completed',
    crawl: 'failed',
  });
}

async function succeed(foreman: Foreman): Promise<void> {
  const asked = at(14);
  const ended = { completed: 3, failed: 3, canceled: 1 };
  const begin = { ...asked, type: 'begin_validation', openTasks: 0, ...ended } as const;
  const met = { unmetChecks: [], failedCriticals: [], openGates: [] };
  const workstream = { entity: 'workstream', id: idOf('W') } as const;
  const early = toSuccessFacts(await lookAt(foreman, 'escalate'), [], false);
  const run = { entity: 'run', id: RUN_ID } as const;
  expect(
    await foreman.ask('early', [{ ...run, command: { ...asked, type: 'succeed', ...early } }]),
  ).toBe('RUN_WORK_OPEN');
  await foreman.do('end of W', [
    { ...workstream, command: begin },
    { ...workstream, command: { ...asked, type: 'complete', ...met, ...ended } },
  ]);
  const facts = toSuccessFacts(await lookAt(foreman, 'escalate'), [], false);
  await foreman.do('success', [{ ...run, command: { ...asked, type: 'succeed', ...facts } }]);
}

/** How often what went wrong was told, and how loudly. */
function expectStory(events: readonly Envelope[]): void {
  const told = new Map<string, number>();
  for (const { type, severity } of events.map(toExecutionEvent)) {
    if (severity === 'info' || severity === 'debug') continue;
    told.set(`${severity} ${type}`, (told.get(`${severity} ${type}`) ?? 0) + 1);
  }
  expect(Object.fromEntries(told)).toEqual({
    'warning worker_lost': 2,
    'error worker_crashed': 1,
    'warning lease_fenced': 3,
    'warning task_requeued': 3,
    'warning task_retry_scheduled': 1,
    'error task_failed': 2,
    'error task_dead_lettered': 1,
    'warning task_canceled': 1,
    'warning step_failed': 6,
    'warning run_paused': 1,
  });
}

async function loseHolder(foreman: Foreman, task: string): Promise<void> {
  const books = await foreman.look();
  const workerId = books.task.get(idOf(task))?.state.workerId ?? '';
  const worker = books.worker.get(workerId)?.state;
  if (worker === undefined) throw new Error(`nobody holds ${task}`);
  const lose = { ...at(foreman.minute), type: 'lose' } as const;
  await carry(foreman, `lose/${foreman.minute}`, (view) => loseWorker(view, worker, lose));
}

const spread = (
  view: RunView,
  task: string,
  minute: number,
  decisions: readonly FailureDecision[] = [],
): SpanPlan =>
  spreadFailure(
    { ...view, decisions },
    { at: at(minute).at, by: 'system', taskId: idOf(task), fixTaskId: idOf(REPAIR.name) },
  );

async function carry(foreman: Foreman, key: string, rule: (view: RunView) => SpanPlan) {
  await foreman.follow(key, rule(await lookAt(foreman, 'escalate')).steps);
}
