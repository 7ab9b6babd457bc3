import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accept, listTransitions, refuse, toInstant } from '#shared/kernel/index.ts';
import * as run from '#shared/lifecycle/index.ts';

const { decide, evolve, initial } = run.runDecider;
const replay = (history: readonly run.RunEvent[]) => history.reduce(evolve, initial);
const given = (...history: readonly run.RunEvent[]) => ({
  when: (command: run.RunCommand) => decide(command, replay(history)),
});
const minute = (n: number) => toInstant(n * 60_000);
const asked = (n: number) => ({ at: minute(n), by: 'dana@example.com' });

const done = {
  openGates: [],
  openWorkstreams: 0,
  openPatches: 0,
  hasAcceptance: false,
  waivedGates: [],
  failedWorkstreams: 0,
  tasksCompleted: 1,
};
const command = (n: number): Record<run.RunTrigger, run.RunCommand> => ({
  enqueue: { ...asked(n), type: 'enqueue', isConfigValid: true, queueDepth: 0 },
  start: { ...asked(n), type: 'start', isSlotFree: true, isBudgetReservable: true, taskCount: 1 },
  pause: { ...asked(n), type: 'pause', reason: 'by_person', inFlightTasks: 0 },
  resume: { ...asked(n), type: 'resume', isHardStopped: false, isBudgetReservable: true },
  begin_validation: {
    ...asked(n),
    type: 'begin_validation',
    openWorkstreams: 0,
    requiredGates: ['client_approval'],
    openPatches: 0,
  },
  reopen: { ...asked(n), type: 'reopen', reason: 'gate_failed', taskIds: ['T1'] },
  succeed: { ...asked(n), type: 'succeed', ...done },
  fail: { ...asked(n), type: 'fail', reason: 'operator' },
  quarantine: { ...asked(n), type: 'quarantine', reason: 'forbidden path', patchId: 'P1' },
  cancel: { ...asked(n), type: 'cancel', reason: 'client left', openTasks: 0 },
});

const created = { type: 'run_created', at: minute(0), runId: 'R1', maxFixLoops: 1 } as const;
const queued = { type: 'run_queued', at: minute(1), queueDepth: 0 } as const;
const started = { type: 'run_started', at: minute(2), waitMs: 120_000, taskCount: 1 } as const;
const paused = {
  type: 'run_paused',
  at: minute(5),
  reason: 'by_person',
  inFlightTasks: 0,
} as const;
const validating = {
  type: 'run_validation_started',
  at: minute(8),
  requiredGates: ['client_approval'],
  openPatches: 0,
} as const;
const succeeded = {
  type: 'run_succeeded',
  at: minute(9),
  durationMs: 420_000,
  activeMs: 420_000,
  tasksCompleted: 1,
  waivedGates: [],
  failedWorkstreams: 0,
} as const;
const failed = {
  type: 'run_failed',
  at: minute(9),
  reason: 'operator',
  exitCode: 1,
  durationMs: 420_000,
} as const;
const quarantined = { type: 'run_quarantined', at: minute(9), reason: 'x', patchId: 'P1' } as const;
const canceled = { type: 'run_canceled', at: minute(9), reason: 'x', openTasks: 0 } as const;

const NO = 'ILLEGAL_TRANSITION';
const FIN = 'FINAL_STATE';
// Every cell is written out from the specification, none computed from the table it checks.
// biome-ignore format: a matrix is read by its columns
const MATRIX: Record<run.RunState, Record<run.RunTrigger, run.RunState | typeof NO | typeof FIN>> = {
  pending:     { enqueue: 'queued', start: 'running', pause: NO,       resume: NO,        begin_validation: NO,           reopen: NO,        succeed: NO,          fail: NO,       quarantine: NO,            cancel: 'canceled' },
  queued:      { enqueue: NO,       start: 'running', pause: NO,       resume: NO,        begin_validation: NO,           reopen: NO,        succeed: NO,          fail: 'failed', quarantine: NO,            cancel: 'canceled' },
  running:     { enqueue: NO,       start: NO,        pause: 'paused', resume: NO,        begin_validation: 'validating', reopen: NO,        succeed: 'succeeded', fail: 'failed', quarantine: 'quarantined', cancel: 'canceled' },
  paused:      { enqueue: NO,       start: NO,        pause: NO,       resume: 'running', begin_validation: NO,           reopen: NO,        succeed: NO,          fail: 'failed', quarantine: NO,            cancel: 'canceled' },
  validating:  { enqueue: NO,       start: NO,        pause: NO,       resume: NO,        begin_validation: NO,           reopen: 'running', succeed: 'succeeded', fail: 'failed', quarantine: 'quarantined', cancel: 'canceled' },
  succeeded:   { enqueue: FIN,      start: FIN,       pause: FIN,      resume: FIN,       begin_validation: FIN,          reopen: FIN,       succeed: FIN,         fail: FIN,      quarantine: FIN,           cancel: FIN },
  failed:      { enqueue: NO,       start: NO,        pause: NO,       resume: NO,        begin_validation: NO,           reopen: NO,        succeed: NO,          fail: NO,       quarantine: 'quarantined', cancel: NO },
  quarantined: { enqueue: FIN,      start: FIN,       pause: FIN,      resume: FIN,       begin_validation: FIN,          reopen: FIN,       succeed: FIN,         fail: FIN,      quarantine: FIN,           cancel: FIN },
  canceled:    { enqueue: FIN,      start: FIN,       pause: FIN,      resume: FIN,       begin_validation: FIN,          reopen: FIN,       succeed: FIN,         fail: FIN,      quarantine: FIN,           cancel: FIN },
};
const HISTORY: Record<run.RunState, readonly run.RunEvent[]> = {
  pending: [created],
  queued: [created, queued],
  running: [created, queued, started],
  paused: [created, queued, started, paused],
  validating: [created, queued, started, validating],
  succeeded: [created, queued, started, succeeded],
  failed: [created, queued, started, failed],
  quarantined: [created, queued, started, quarantined],
  canceled: [created, queued, started, canceled],
};

describe.each(run.RUN_STATES)('from %s', (from) => {
  it.each(run.RUN_TRIGGERS)('%s leads where the matrix says', (trigger) => {
    const before = replay(HISTORY[from]);
    const result = decide(command(10)[trigger], before);
    const landed = result.ok ? result.value.reduce(evolve, before).state : result.refusal.code;
    expect(landed).toBe(MATRIX[from][trigger]);
    const cell = run.RUN_TRANSITIONS[from][trigger];
    expect(cell ?? (landed === FIN ? FIN : NO)).toBe(MATRIX[from][trigger]);
  });

  it('keeps a second birth out', () => {
    const result = given(...HISTORY[from]).when({ ...created, ...asked(10), type: 'create' });
    expect(result.ok).toBe(false);
  });
});

describe('RUN_TRANSITIONS', () => {
  const transitions = listTransitions(run.RUN_TRANSITIONS, run.RUN_STATES, run.RUN_TRIGGERS);
  const reach = (from: run.RunState): Set<run.RunState> => {
    const seen = new Set<run.RunState>([from]);
    for (const state of seen) {
      for (const { from: source, to } of transitions) if (source === state) seen.add(to);
    }
    return seen;
  };

  it('has the 21 edges and 69 refused pairs of its specification', () => {
    expect(new Set(transitions.map(({ from, to }) => `${from} ${to}`)).size).toBe(21);
    expect(run.RUN_STATES.length * run.RUN_TRIGGERS.length - transitions.length).toBe(69);
  });

  it('reaches every state from pending and lets every state end', () => {
    expect([...reach('pending')].toSorted()).toEqual([...run.RUN_STATES].toSorted());
    for (const state of run.RUN_STATES) {
      expect([...reach(state)].some((at) => MATRIX[at].cancel === FIN)).toBe(true);
    }
  });
});

describe('the guards of a run', () => {
  const running = [created, queued, started];
  it.each<[string, readonly run.RunEvent[], run.RunCommand, run.RunRefusal]>([
    [
      'a config',
      [created],
      { ...asked(3), type: 'enqueue', isConfigValid: false, queueDepth: 1 },
      { code: 'RUN_CONFIG_INVALID' },
    ],
    [
      'a plan',
      [created],
      {
        ...asked(3),
        type: 'start',
        planFault: 'cycle',
        isSlotFree: true,
        isBudgetReservable: true,
        taskCount: 1,
      },
      { code: 'PLAN_INVALID', fault: 'cycle' },
    ],
    [
      'a slot',
      [created],
      { ...asked(3), type: 'start', isSlotFree: false, isBudgetReservable: false, taskCount: 1 },
      { code: 'RUN_NO_SLOT' },
    ],
    [
      'a budget',
      [created],
      { ...asked(3), type: 'start', isSlotFree: true, isBudgetReservable: false, taskCount: 1 },
      { code: 'BUDGET_EXHAUSTED' },
    ],
    [
      'a reason to pause',
      running,
      { ...asked(3), type: 'pause', reason: '', inFlightTasks: 0 },
      { code: 'REASON_REQUIRED' },
    ],
    [
      'a hard stop',
      [...running, paused],
      { ...asked(9), type: 'resume', isHardStopped: true, isBudgetReservable: false },
      { code: 'RUN_HARD_STOPPED' },
    ],
    [
      'a budget to resume',
      [...running, paused],
      { ...asked(9), type: 'resume', isHardStopped: false, isBudgetReservable: false },
      { code: 'BUDGET_EXHAUSTED' },
    ],
    [
      'open work',
      running,
      {
        ...asked(3),
        type: 'begin_validation',
        openWorkstreams: 2,
        requiredGates: [],
        openPatches: 0,
      },
      { code: 'RUN_WORK_OPEN', openWorkstreams: 2 },
    ],
    [
      'the fix limit',
      [
        ...running,
        validating,
        { type: 'run_reopened', at: minute(9), fixLoop: 1, reason: 'x', taskIds: [] },
        { ...validating, at: minute(10) },
      ],
      { ...asked(11), type: 'reopen', reason: 'x', taskIds: [] },
      { code: 'RUN_FIX_LIMIT', maxFixLoops: 1 },
    ],
    [
      'an open gate',
      running,
      {
        ...asked(9),
        type: 'succeed',
        ...done,
        openGates: ['g1'],
        openWorkstreams: 1,
        openPatches: 1,
      },
      { code: 'RUN_GATES_OPEN', openGates: ['g1'] },
    ],
    [
      'an open workstream',
      running,
      { ...asked(9), type: 'succeed', ...done, openWorkstreams: 1, openPatches: 1 },
      { code: 'RUN_WORK_OPEN', openWorkstreams: 1 },
    ],
    [
      'an open patch',
      running,
      { ...asked(9), type: 'succeed', ...done, openPatches: 1 },
      { code: 'RUN_PATCHES_OPEN', openPatches: 1 },
    ],
    [
      'acceptance without validation',
      running,
      { ...asked(9), type: 'succeed', ...done, hasAcceptance: true },
      { code: NO, from: 'running', trigger: 'succeed' },
    ],
    [
      'evidence',
      running,
      { ...asked(9), type: 'quarantine', reason: 'x' },
      { code: 'EVIDENCE_REQUIRED' },
    ],
    [
      'a reason to cancel',
      running,
      { ...asked(9), type: 'cancel', reason: '', openTasks: 1 },
      { code: 'REASON_REQUIRED' },
    ],
    [
      'an actor',
      running,
      { ...asked(9), by: '', type: 'cancel', reason: 'x', openTasks: 1 },
      { code: 'ACTOR_REQUIRED' },
    ],
    [
      'a birth',
      [],
      { ...asked(9), type: 'cancel', reason: 'x', openTasks: 1 },
      { code: 'ENTITY_UNKNOWN' },
    ],
  ])('ask for %s', (_name, history, when, refusal) => {
    expect(given(...history).when(when)).toEqual(refuse(refusal));
  });

  it('let acceptance pass once validation has begun', () => {
    const result = given(...running, validating).when({
      ...asked(12),
      type: 'succeed',
      ...done,
      hasAcceptance: true,
    });
    expect(result.ok).toBe(true);
  });
});

describe('runDecider', () => {
  it('takes the pauses out of the active time', () => {
    const history = [
      created,
      started,
      paused,
      { type: 'run_resumed', at: minute(9), pausedMs: 240_000 } as const,
    ];
    expect(given(...history).when(command(12).succeed)).toEqual(
      accept([{ ...succeeded, at: minute(12), durationMs: 600_000, activeMs: 360_000 }]),
    );
  });

  it('stamps a command from a clock that ran backwards with the last stamp and says so', () => {
    const result = given(created, started).when(command(1).pause);
    expect(result).toEqual(accept([{ ...paused, at: minute(2), clockAdjusted: true }]));
  });

  it('keeps the first end when a failed run is quarantined', () => {
    const after = replay([created, started, failed, { ...quarantined, at: minute(30) }]);
    expect(after).toMatchObject({ endedAt: minute(9), quarantinedAt: minute(30) });
  });
});

describe('projectClock', () => {
  it('stands while paused and does not count a pause the run ended in', () => {
    const open = replay([created, started, paused]);
    expect(run.projectClock(open, minute(60))).toEqual({
      activeMs: 180_000,
      pausedMs: 3_300_000,
      isTicking: false,
    });
    const ended = replay([created, started, paused, { ...canceled, at: minute(65) }]);
    expect(run.projectClock(ended, minute(99)).activeMs).toBe(180_000);
  });

  it('shows nothing before the start and stops at validation', () => {
    expect(run.projectClock(replay([created]), minute(9)).activeMs).toBe(0);
    const open = replay([created, started, validating]);
    expect(run.projectClock(open, minute(60))).toMatchObject({
      activeMs: 360_000,
      isTicking: false,
    });
  });

  it('takes validation out of the hours, however long it takes and whatever comes of it', () => {
    const finished = [created, started, validating] as const;
    const late = command(500);
    expect(given(...finished).when(late.succeed)).toMatchObject({
      ok: true,
      value: [{ durationMs: 498 * 60_000, activeMs: 360_000 }],
    });
    for (const trigger of ['succeed', 'fail', 'quarantine', 'cancel', 'reopen'] as const) {
      const state = replay(finished);
      const result = decide(late[trigger], state);
      const after = result.ok ? result.value.reduce(evolve, state) : state;
      expect(run.projectClock(after, minute(500)).activeMs).toBe(360_000);
      expect(after.pausedAt).toBeUndefined();
    }
  });

  const anyTrigger = fc.constantFrom(...run.RUN_TRIGGERS);
  it('never runs backwards, never exceeds wall time and stamps in order, whatever was asked and whenever', () => {
    const law = fc.property(fc.array(fc.tuple(anyTrigger, fc.nat({ max: 600 }))), (asks) => {
      let state = replay([created]);
      let before = 0;
      for (const [trigger, at] of asks) {
        const result = decide(command(at)[trigger], state);
        state = result.ok ? result.value.reduce(evolve, state) : state;
        const clock = run.projectClock(state, state.lastAt ?? minute(0));
        expect(clock.activeMs).toBeGreaterThanOrEqual(before);
        if (state.state !== 'validating' && state.state !== 'succeeded') before = clock.activeMs;
        const wallMs =
          Date.parse(state.lastAt ?? '') - Date.parse(state.startedAt ?? state.lastAt ?? '');
        expect(clock.activeMs + clock.pausedMs).toBeLessThanOrEqual(wallMs);
        expect(state.endedAt !== undefined).toBe(
          ['succeeded', 'failed', 'quarantined', 'canceled'].includes(state.state),
        );
      }
    });
    fc.assert(law);
  });
});
