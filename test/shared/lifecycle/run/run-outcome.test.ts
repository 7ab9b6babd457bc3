import { describe, expect, it } from 'vitest';
import { accept, refuse, toInstant } from '#shared/kernel/index.ts';
import {
  projectClock,
  type RunCommand,
  type RunEvent,
  runDecider,
} from '#shared/lifecycle/index.ts';

const { decide, evolve, initial } = runDecider;
const replay = (history: readonly RunEvent[]) => history.reduce(evolve, initial);
const minute = (n: number) => toInstant(n * 60_000);
const asked = (n: number) => ({ at: minute(n), by: 'system' });

const plan = {
  runId: 'R1',
  maxFixLoops: 1,
  runConfigId: 'C1',
  projectId: 'acme',
  phaseIds: ['F1', 'F2'],
  triggerType: 'scheduled',
  retryOf: 'R0',
} as const;
const created = { type: 'run_created', at: minute(0), ...plan } as const;
const personal = { type: 'run_created', at: minute(0), runId: 'R1', maxFixLoops: 0 } as const;
const queued = { type: 'run_queued', at: minute(1), queueDepth: 3, priority: 'high' } as const;
const started = {
  type: 'run_started',
  at: minute(2),
  waitMs: 60_000,
  taskCount: 5,
  maxParallel: 4,
} as const;
const validating = {
  type: 'run_validation_started',
  at: minute(4),
  requiredGates: ['G1'],
  openPatches: 0,
} as const;
const reopened = {
  type: 'run_reopened',
  at: minute(5),
  fixLoop: 1,
  reason: 'x',
  taskIds: ['T1'],
} as const;
const twice = [created, started, validating, reopened, { ...validating, at: minute(6) }] as const;
const outcome = {
  tasksCompleted: 4,
  waivedGates: ['G1'],
  failedWorkstreams: 1,
  costMicros: '1500000',
  currency: 'EUR',
} as const;
const succeeded = {
  type: 'run_succeeded',
  at: minute(9),
  durationMs: 420_000,
  activeMs: 420_000,
  ...outcome,
} as const;
const failed = {
  type: 'run_failed',
  at: minute(9),
  reason: 'timeout',
  errorId: 'E1',
  exitCode: 1,
  durationMs: 420_000,
} as const;
const quarantined = {
  type: 'run_quarantined',
  at: minute(20),
  reason: 'forbidden path',
  patchId: 'P1',
} as const;
const canceled = {
  type: 'run_canceled',
  at: minute(9),
  reason: 'client left',
  openTasks: 2,
} as const;
const running = [created, started] as const;
const paused = {
  type: 'run_paused',
  at: minute(3),
  reason: 'budget_exhausted',
  inFlightTasks: 1,
} as const;
const resumed = { type: 'run_resumed', at: minute(5), pausedMs: 120_000 } as const;
const remark = { type: 'stall_detected', at: minute(3) } as const;

describe('a run of a plan', () => {
  // biome-ignore format: one case a line
  it.each<[string, readonly RunEvent[], RunCommand, RunEvent]>([
    ['its plan', [], { ...asked(0), type: 'create', ...plan }, created],
    ['its place', [created], { ...asked(1), type: 'enqueue', isConfigValid: true, queueDepth: 3, priority: 'high' }, queued],
    ['how broad it runs', [created, queued], { ...asked(2), type: 'start', isSlotFree: true, isBudgetReservable: true, taskCount: 5, maxParallel: 4 }, started],
    ['which gates it stands before', running, { ...asked(4), type: 'begin_validation', openWorkstreams: 0, requiredGates: ['G1'], openPatches: 0 }, validating],
    ['which repair it is', [...running, validating], { ...asked(5), type: 'reopen', reason: 'x', taskIds: ['T1'] }, reopened],
    ['what it cost', running, { ...asked(9), type: 'succeed', ...outcome, openGates: [], openWorkstreams: 0, openPatches: 0, hasAcceptance: false }, succeeded],
    ['why it failed', running, { ...asked(9), type: 'fail', reason: 'timeout', errorId: 'E1' }, failed],
    ['what it was set aside for', running, { ...asked(20), type: 'quarantine', reason: 'forbidden path', patchId: 'P1' }, quarantined],
    ['the error it was set aside for', running, { ...asked(20), type: 'quarantine', reason: 'x', errorId: 'E1' }, { type: 'run_quarantined', at: minute(20), reason: 'x', errorId: 'E1' }],
    ['why it was canceled', running, { ...asked(9), type: 'cancel', reason: 'client left', openTasks: 2 }, canceled],
    ['a remark', running, { ...asked(9), type: 'note', text: 'late' }, { type: 'note_added', at: minute(9), text: 'late' }],
  ])('tells %s', (_name, history, command, event) => {
    expect(decide(command, replay(history))).toEqual(accept([event]));
  });

  it('keeps what it came to', () => {
    const end = { runConfigId: 'C1', endedAt: minute(9) };
    expect(replay([...running, succeeded])).toMatchObject({
      ...end,
      exitCode: 0,
      failedWorkstreams: 1,
    });
    const failure = { stateReason: 'timeout', errorId: 'E1' };
    expect(replay([...running, failed])).toMatchObject({ ...end, ...failure, exitCode: 1 });
    expect(replay([...running, failed, quarantined])).toMatchObject({
      ...end,
      stateReason: 'forbidden path',
      errorId: 'E1',
      exitCode: 2,
      quarantinedAt: minute(20),
    });
    const canceledEnd = { ...end, stateReason: 'client left', exitCode: 3 };
    expect(replay([...running, canceled])).toMatchObject(canceledEnd);
    expect(replay([...running, canceled])).not.toHaveProperty('openTasks');
  });

  // biome-ignore format: one case a line
  it.each<[string, readonly RunEvent[], string | undefined]>([
    ['paused', [...running, paused], 'budget_exhausted'],
    ['paused and remarked on', [...running, paused, remark], 'budget_exhausted'],
    ['paused and given a note', [...running, paused, { type: 'note_added', at: minute(4), text: 'x' }], 'budget_exhausted'],
    ['resumed', [...running, paused, resumed], undefined],
    ['reopened', [...running, validating, reopened], 'x'],
    ['validated again', twice, undefined],
    ['done after a repair', [...running, validating, reopened, succeeded], undefined],
  ])('says why it stands where it does when it is %s', (_name, history, reason) => {
    const run = replay(history);
    expect(run.stateReason).toBe(reason);
    expect('stateReason' in run).toBe(reason !== undefined);
  });

  it('takes a note after its end and moves nothing by it', () => {
    const note = { type: 'note', text: 'ran out', waiverExpiredAt: minute(30) } as const;
    const before = replay([...running, succeeded]);
    const result = decide({ ...asked(3), ...note }, before);
    const event = {
      type: 'note_added',
      at: minute(9),
      clockAdjusted: true,
      text: 'ran out',
      waiverExpiredAt: minute(30),
    } as const;
    expect(result).toEqual(accept([event]));
    const after = { ...before, version: 4, lastAt: minute(9), waiverExpiredAt: minute(30) };
    expect(evolve(before, event)).toEqual(after);
    expect(decide({ ...asked(3), by: '', ...note }, before)).toEqual(
      refuse({ code: 'ACTOR_REQUIRED' }),
    );
    expect(decide({ ...asked(3), ...note }, initial)).toEqual(refuse({ code: 'ENTITY_UNKNOWN' }));
  });

  it.each(['schedule_planned', 'progress_recorded', 'stall_detected', 'stall_cleared'] as const)(
    'counts %s and stays where it is',
    (type) => {
      const before = replay(running);
      const after = { ...before, version: 3, lastAt: minute(9) };
      expect(evolve(before, { type, at: minute(9) })).toEqual(after);
    },
  );

  it('lets a person pass by the fix limit, and by nothing else', () => {
    const override = { person: 'dana', reason: 'one more' };
    const reopen = { ...asked(9), type: 'reopen', reason: 'x', taskIds: [] } as const;
    expect(decide(reopen, replay(twice))).toEqual(
      refuse({ code: 'RUN_FIX_LIMIT', maxFixLoops: 1 }),
    );
    const passed = {
      type: 'override_recorded',
      at: minute(9),
      trigger: 'reopen',
      guard: 'RUN_FIX_LIMIT',
      ...override,
    } as const;
    expect(decide({ ...reopen, override }, replay(twice))).toEqual(
      accept([
        passed,
        { type: 'run_reopened', at: minute(9), fixLoop: 2, reason: 'x', taskIds: [] },
      ]),
    );
    expect(evolve(replay(twice), passed)).toEqual({
      ...replay(twice),
      version: 6,
      lastAt: minute(9),
    });
    const open = { openGates: ['G1'], openWorkstreams: 0, openPatches: 0, hasAcceptance: true };
    const succeed = { ...asked(9), type: 'succeed', ...outcome, ...open, override } as const;
    expect(decide(succeed, replay(twice)).ok).toBe(false);
  });
});

describe("a person's run", () => {
  it('keeps its clock and state only', () => {
    const note = {
      type: 'note_added',
      at: minute(9),
      text: 'x',
      waiverExpiredAt: minute(9),
    } as const;
    for (const end of [paused, reopened, succeeded, failed, quarantined, canceled, note]) {
      const run = replay([personal, started, end]);
      for (const field of ['runConfigId', 'exitCode', 'stateReason', 'errorId']) {
        expect(run).not.toHaveProperty(field);
      }
      expect(run).not.toHaveProperty('waiverExpiredAt');
    }
  });

  it('has no clock before it ever ran', () => {
    const waiting = { activeMs: 0, pausedMs: 0, isTicking: false };
    expect(projectClock(replay([personal]), minute(5))).toEqual(waiting);
    expect(projectClock(replay([created, queued, canceled]), minute(9))).toEqual(waiting);
  });

  it('ticks from its start on where no later stamp is known', () => {
    const run = { ...initial, state: 'running', startedAt: minute(2) } as const;
    expect(projectClock(run, minute(5))).toEqual({
      activeMs: 180_000,
      pausedMs: 0,
      isTicking: true,
    });
  });

  it('takes nothing back where the asker is behind the clock that stamped it', () => {
    const run = { ...initial, state: 'running', startedAt: minute(2), lastAt: minute(6) } as const;
    expect(projectClock(run, minute(5)).activeMs).toBe(240_000);
    expect(projectClock(run, minute(7)).activeMs).toBe(300_000);
  });
});
