import { describe, expect, it } from 'vitest';
import { openAccount, placeReservation, toReserveRefusalEvent } from '#shared/cost/index.ts';
import { bearBreaker, toExecutionEvent, toGateEvent, type WorkStep } from '#shared/ledger/index.ts';
import {
  BUDGET_STOP,
  type CallOutcome,
  cancelRun,
  countFaults,
  expireWaivers,
  type GateEvaluation,
  grantWaiver,
  pauseRun,
  spreadFailure,
  type TaskCommand,
  toGateBlocks,
  toSuccessFacts,
} from '#shared/lifecycle/index.ts';
import { nextTool } from '#shared/planning/index.ts';
import { openSqliteStore, type Store } from '#worker/store/index.ts';
import { idOf } from '../shared/ledger/record/work-scene.ts';
import { useStoreFiles } from '../sync-worker/store/store-files.ts';
import { EDITOR } from './attempt.ts';
import { expectWhole } from './check-store.ts';
import { createForeman, type Foreman } from './foreman.ts';
import { lookAt, statesOf } from './look-at.ts';
import { at, type Order } from './order.ts';
import * as quality from './quality.ts';
import { BUDGET, hold, moneyIn, openSpending, release } from './spending.ts';

const nextFile = useStoreFiles();
const RUN_ID = idOf('R');
const ORDER: Order = {
  run: 'R',
  workstreams: ['W', 'X'],
  tasks: [
    { name: 'page', workstream: 'W', isCritical: true },
    { name: 'form', workstream: 'W', after: ['page'] },
    { name: 'mail', workstream: 'X' },
    { name: 'launch', workstream: 'X', after: ['mail'] },
  ],
  workers: ['w1', 'w2'],
  outcomeOf: (task) => ({ exitCode: task === 'page' ? 1 : 0, durationMs: 60_000 }),
};
const RUN = { entity: 'run', id: RUN_ID } as const;
const LAUNCH = idOf('launch');
const GATE = quality.toGate(['security']);

async function withRun(work: (foreman: Foreman, store: Store) => Promise<void>, order = ORDER) {
  const store = await openSqliteStore({ file: nextFile() });
  try {
    const foreman = createForeman(store, order);
    await foreman.begin();
    await work(foreman, store);
  } finally {
    await store.close();
  }
}

/** Severity and actor of each event of a type, in order. */
async function tellOf(store: Store, wanted: string) {
  const events = (await expectWhole(store)).map(toExecutionEvent);
  return events
    .filter(({ type }) => type === wanted)
    .map(({ severity, actor, payload }) => ({ severity, by: actor.id, payload }));
}

const askTask = (task: string, command: TaskCommand): WorkStep => ({
  entity: 'task',
  id: idOf(task),
  command,
});

/** A waiver of the security check that lasts until the tenth minute. */
function toWaiver() {
  const names = { waiverId: idOf('waiver'), checkId: 'security', scope: 'acme-site' };
  const people = { owner: 'dana@example.com', approver: 'lee@example.com' };
  const times = { grantedAt: at(5).at, expiresAt: at(10).at };
  const granted = grantWaiver({ ...names, ...people, ...times, reason: 'a test page' }, false);
  if (!granted.ok) throw new Error(granted.refusal.code);
  return granted.value;
}

/** Looks at the gate once a minute or so: what it then says, whether the task it guards is held, and what is told of it. */
function watchGate(foreman: Foreman) {
  let before: GateEvaluation | undefined;
  return async (minute: number) => {
    const view = await lookAt(foreman, 'skip_dependents');
    const waivers = minute < 5 ? [] : [toWaiver()];
    const after = quality.standGate(GATE, minute, { checks: view.checks, waivers });
    const gate = { ...after, scope: GATE.scope, guards: [LAUNCH] };
    const watch = { ...at(minute), waivers, since: at(minute - 1).at };
    const { news, steps } = expireWaivers(view, [gate], watch);
    expect(steps).toEqual(toGateBlocks(view, [gate], at(minute)));
    const looks = { ...(before === undefined ? {} : { before }), after };
    const ended = news.map((one) => toGateEvent(one, 'system'));
    const notices = [...ended, ...quality.toGateNews(GATE, looks, at(minute))];
    await foreman.follow(`gate/${minute}`, steps, { notices });
    before = after;
    const { launch } = await statesOf(foreman, ORDER);
    return [after.status, launch, notices.map(({ event }) => event.type)];
  };
}

describe('work that is held up', () => {
  it('waits for a gate, goes on under a waiver, is held again, and goes on by a person', async () => {
    await withRun(async (foreman, store) => {
      const check = { checkId: 'security', minute: 2, exitCode: 1 };
      const gate = quality.toGateStep(GATE, [LAUNCH]);
      await foreman.do('check', quality.runCheck('security 1', 'R', check), { documents: [gate] });
      const look = watchGate(foreman);
      expect(await look(4)).toEqual(['FAILED', 'blocked', ['gate_status_changed']]);
      await foreman.do('waive', [], { documents: [quality.toGrantStep(toWaiver())] });
      expect(await look(5)).toEqual(['WAIVED', 'pending', ['gate_status_changed']]);
      expect(await look(9)).toEqual(['WAIVED', 'pending', []]);
      const again = ['waiver_expired', 'gate_status_changed'];
      expect(await look(10)).toEqual(['FAILED', 'blocked', again]);
      expect(await look(11)).toEqual(['FAILED', 'blocked', []]);
      expect(await tellOf(store, 'waiver_expired')).toEqual([
        {
          severity: 'warning',
          by: 'system',
          payload: { waiverId: idOf('waiver'), status: 'FAILED' },
        },
      ]);
      const unblock = { ...at(12, 'dana@example.com'), type: 'unblock' } as const;
      const open = { ...unblock, openBlockers: ['tests'] };
      expect(await foreman.ask('unblock', [askTask('launch', open)])).toBe('STILL_BLOCKED');
      const override = { person: 'dana@example.com', reason: 'the client waits' };
      await foreman.do('override', [askTask('launch', { ...open, override })]);
      expect(await statesOf(foreman, ORDER)).toMatchObject({ launch: 'pending' });
      const facts = { trigger: 'unblock', guard: 'STILL_BLOCKED', ...override };
      expect(await tellOf(store, 'override_recorded')).toEqual([
        { severity: 'warning', by: 'dana@example.com', payload: facts },
      ]);
      expect((await tellOf(store, 'task_blocked')).map(({ severity }) => severity)).toEqual([
        'warning',
        'warning',
      ]);
    });
  });

  it('fails its workstream with a patch that is set aside, and the run with it', async () => {
    await withRun(async (foreman, store) => {
      await foreman.dispatch();
      const place = { run: 'R', workstream: 'W', task: 'page' };
      await foreman.do('patch', [
        quality.makePatch('P', place, { minute: 2, isRequired: true }),
        quality.setAside('P', 2),
      ]);
      foreman.minute = 3;
      await foreman.finish();
      const failed = { ...at(3), taskId: idOf('page'), fixTaskId: idOf('unused') };
      const plan = spreadFailure(await lookAt(foreman, 'skip_dependents'), failed);
      await foreman.follow('spread', plan.steps);
      await foreman.workOff();
      expect(await statesOf(foreman, ORDER)).toEqual({
        page: 'failed',
        form: 'canceled',
        mail: 'completed',
        launch: 'completed',
      });
      const view = await lookAt(foreman, 'skip_dependents');
      expect(view.workstreams.map(({ state }) => state)).toEqual(['failed', 'executing']);
      const facts = toSuccessFacts(view, [], false);
      expect(facts).toMatchObject({ openWorkstreams: 2, openPatches: 1, failedWorkstreams: 1 });
      const succeed = { ...at(9), type: 'succeed', ...facts } as const;
      expect(await foreman.ask('succeed', [{ ...RUN, command: succeed }])).toBe('RUN_WORK_OPEN');
      const fail = { ...at(9), type: 'fail', reason: 'workstream_failed' } as const;
      await foreman.do('fail', [{ ...RUN, command: fail }]);
      expect((await tellOf(store, 'patch_quarantined')).map(({ severity }) => severity)).toEqual([
        'error',
      ]);
      expect((await tellOf(store, 'workstream_failed')).map(({ payload }) => payload)).toEqual([
        { reason: 'task_failed', taskId: idOf('page') },
      ]);
      expect(await store.getRecord('runs', RUN_ID)).toMatchObject({
        document: { state: 'failed', exitCode: 1, failedWorkstreams: 1 },
      });
    });
  });

  it('stops before money is spent that is not there, and goes on when there is more', async () => {
    await withRun(async (foreman, store) => {
      const budget = { ...BUDGET, limitMicros: 50_000n };
      const book = new Map([[budget.budgetId, openAccount(budget, at(1).at)]]);
      const money = { budgetIds: [budget.budgetId], currency: 'EUR', expiresAt: at(30).at };
      const birth = { ...money, reservationId: idOf('money'), runId: RUN_ID, taskId: idOf('page') };
      const refused = placeReservation(book, { ...birth, amountMicros: 50_001n }, at(2));
      const isExhausted = !refused.ok && refused.refusal.code === 'BUDGET_EXHAUSTED';
      if (!isExhausted) throw new Error('expected the budget to refuse');
      expect(placeReservation(book, { ...birth, amountMicros: 50_000n }, at(2)).ok).toBe(true);
      const { position } = await store.head();
      const queue = { openDependencies: [], openGates: [], priority: 'normal', score: 0 } as const;
      const means = { openGates: [], heldLocks: [], isBudgetReservable: refused.ok };
      const lease = { workerId: 'w1', leaseToken: 1 };
      const start = { ...at(2), type: 'start', isRunRunning: true, ...means, ...lease } as const;
      const steps = [
        askTask('page', { ...at(2), type: 'queue', ...queue }),
        askTask('page', start),
      ];
      expect(await foreman.ask('too dear', steps)).toBe('BUDGET_EXHAUSTED');
      expect((await store.head()).position).toBe(position);
      const view = await lookAt(foreman, 'skip_dependents');
      const stop = pauseRun(view, { ...at(3), reason: BUDGET_STOP });
      await foreman.follow('stop', stop.steps, {
        notices: [toReserveRefusalEvent(refused.refusal, at(3))],
      });
      expect(await store.getRecord('runs', RUN_ID)).toMatchObject({
        document: { state: 'paused', stateReason: 'budget_exhausted' },
      });
      const held = await foreman.dispatch();
      expect(held.filter(({ decision }) => decision !== 'hold')).toEqual([]);
      const resume = { ...at(4, 'dana@example.com'), type: 'resume' } as const;
      const means1 = { isHardStopped: true, isBudgetReservable: true };
      expect(await foreman.ask('soon', [{ ...RUN, command: { ...resume, ...means1 } }])).toBe(
        'RUN_HARD_STOPPED',
      );
      const means2 = { isHardStopped: false, isBudgetReservable: true };
      await foreman.do('resume', [{ ...RUN, command: { ...resume, ...means2 } }]);
      foreman.minute = 5;
      expect((await foreman.dispatch()).map(({ decision }) => decision)).toContain('dispatch');
      const lacked = { neededMicros: '50001', availableMicros: '50000', currency: 'EUR' };
      expect(await tellOf(store, 'reservation_refused')).toEqual([
        { severity: 'warning', by: 'system', payload: lacked },
      ]);
      expect(await tellOf(store, 'run_paused')).toEqual([
        {
          severity: 'warning',
          by: 'system',
          payload: { reason: 'budget_exhausted', inFlightTasks: 0 },
        },
      ]);
      expect((await tellOf(store, 'run_resumed')).map(({ payload }) => payload)).toEqual([
        { pausedMs: 60_000 },
      ]);
    });
  });

  it('takes another tool while a breaker is open, and the first again after its probe', async () => {
    const spare = { ...EDITOR, toolId: 'spare', weight: 0, priority: 1 };
    const tasks = ['a', 'b', 'c'].map((name) => ({ name, workstream: 'W' }));
    const order = { ...ORDER, tasks, tools: [EDITOR, spare], maxParallel: 1 };
    const work = async (foreman: Foreman, store: Store): Promise<void> => {
      const calls: readonly CallOutcome[] = ['timeout', 'test_failed', 'timeout', 'spawn_error'];
      const faults = countFaults([...calls, 'server_error', 'timeout']);
      const breaker = { entity: 'breaker', id: 'editor' } as const;
      const trip = { ...at(1), type: 'trip' } as const;
      await foreman.do('breaker', [bearBreaker({ schema: 'breaker.v1', toolId: 'editor' }, at(1))]);
      expect(
        await foreman.ask('soon', [{ ...breaker, command: { ...trip, faults: faults - 1 } }]),
      ).toBe('BELOW_THRESHOLD');
      await foreman.dispatch();
      foreman.minute = 2;
      await foreman.finish();
      await foreman.do('trip', [{ ...breaker, command: { ...trip, at: at(2).at, faults } }]);
      await foreman.dispatch();
      const probe = { type: 'probe', probeId: 'p1' } as const;
      const early = { ...breaker, command: { ...at(2), ...probe } };
      expect(await foreman.ask('probe early', [early])).toBe('COOLDOWN_OPEN');
      await foreman.do('probe', [
        { ...breaker, command: { ...at(3), ...probe } },
        { ...breaker, command: { ...at(3), type: 'close', probeId: 'p1' } },
      ]);
      foreman.minute = 4;
      await foreman.finish();
      await foreman.dispatch();
      const told = await tellOf(store, 'routing_decided');
      expect(told.map(({ payload }) => payload)).toMatchObject([
        { selectedTool: 'editor' },
        {
          selectedTool: 'spare',
          candidates: [{ toolId: 'spare' }, { toolId: 'editor', rejectedBecause: 'breaker_open' }],
        },
        { selectedTool: 'editor' },
      ]);
      const tripped = await tellOf(store, 'breaker_tripped');
      expect(tripped).toMatchObject([{ severity: 'error', payload: { faults: 5 } }]);
    };
    await withRun(work, order);
    const decision = { selectedTool: 'editor', fallbackChain: ['spare'] };
    const failures = [{ toolId: 'editor', failure: 'tool_fault' }] as const;
    const tries = { decision, failures, attemptsBefore: 0 };
    expect(nextTool({ ...tries, maxAttempts: 2 })).toEqual({
      ok: true,
      value: { toolId: 'spare', fromTool: 'editor' },
    });
    expect(nextTool({ ...tries, maxAttempts: 1 })).toEqual({
      ok: false,
      refusal: { code: 'MAX_ATTEMPTS' },
    });
  });

  it('leaves nothing of a canceled run open, and the run beside it as it was', async () => {
    await withRun(async (foreman, store) => {
      await foreman.dispatch();
      const names = { page: 'S page', form: 'S form' };
      const other = createForeman(store, {
        run: 'S',
        workstreams: ['V'],
        tasks: [
          { name: names.page, workstream: 'V' },
          { name: names.form, workstream: 'V', after: [names.page] },
        ],
        workers: ['w3'],
      });
      await other.begin();
      const spent = openSpending();
      await other.dispatch((taskIds) => hold(other, taskIds, spent));
      expect(moneyIn(spent)).toMatchObject({ spentMicros: 0n, heldMicros: 40_000n });
      const before = await store.getRecord('runs', RUN_ID);
      const view = await lookAt(other, 'skip_dependents');
      const plan = cancelRun(view, { ...at(3, 'dana@example.com'), reason: 'client left' });
      const given = plan.effects.flatMap((effect) =>
        effect.type === 'release_reservations' ? [effect.taskId] : [],
      );
      await other.follow('cancel', plan.steps, release(given, spent, at(3)));
      expect(moneyIn(spent)).toMatchObject({ spentMicros: 0n, heldMicros: 0n });
      const runId = other.runId;
      const held = await store.listRecords('reservations', { runId, state: 'released' });
      expect(held.map(({ document }) => document)).toMatchObject([{ taskId: idOf(names.page) }]);
      const after = await lookAt(other, 'skip_dependents');
      const states = [after.run, ...after.phases, ...after.workstreams, ...after.tasks];
      expect([...states, ...after.steps, ...after.workers].map(({ state }) => state)).toEqual([
        'canceled',
        'failed',
        'canceled',
        'canceled',
        'canceled',
        'canceled',
        'idle',
      ]);
      expect(plan.effects).toHaveLength(4);
      expect(await store.getRecord('runs', RUN_ID)).toEqual(before);
      const late = { ...at(4, 'worker/w3'), type: 'submit', leaseToken: 1 } as const;
      const written = { toolResultId: idOf('late'), patchIds: [] };
      const write = askTask(names.page, { ...late, ...written });
      expect(await other.ask('late', [write])).toBe('FINAL_STATE');
      expect(await tellOf(store, 'run_canceled')).toEqual([
        {
          severity: 'warning',
          by: 'dana@example.com',
          payload: { reason: 'client left', openTasks: 2 },
        },
      ]);
    });
  });
});
