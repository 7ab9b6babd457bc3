import { describe, expect, it } from 'vitest';
import { accept, refuse, toInstant } from '#shared/kernel/index.ts';
import * as workstream from '#shared/lifecycle/index.ts';
import { FIN, followMatrix, NO } from '../follow-matrix.ts';

const { decide, evolve, initial } = workstream.workstreamDecider;
const replay = (history: readonly workstream.WorkstreamEvent[]) => history.reduce(evolve, initial);
const given = (...history: readonly workstream.WorkstreamEvent[]) => ({
  when: (command: workstream.WorkstreamCommand) => decide(command, replay(history)),
});
const second = (n: number) => toInstant(n * 1_000);
const asked = (n: number) => ({ at: second(n), by: 'system' });
const override = { person: 'dana', reason: 'the client waits' };

const birth = {
  workstreamId: 'S1',
  phaseId: 'F1',
  name: 'Audit',
  isCritical: true,
  dependsOn: ['S0'],
  maxFixLoops: 1,
} as const;
const created = { type: 'workstream_created', at: second(0), ...birth } as const;
const blocked = {
  type: 'workstream_blocked',
  at: second(5),
  blockedBy: ['G1'],
  reason: 'gate',
} as const;
const released = { type: 'workstream_released', at: second(10), waitMs: 10_000 } as const;
const started = {
  type: 'workstream_started',
  at: second(20),
  taskCount: 3,
  waitMs: 10_000,
} as const;
const counts = { completed: 2, failed: 0, canceled: 1 } as const;
const validating = {
  type: 'workstream_validation_started',
  at: second(30),
  ...counts,
} as const;
const reopened = {
  type: 'workstream_reopened',
  at: second(40),
  fixLoop: 1,
  taskIds: ['T9'],
} as const;
const completed = {
  type: 'workstream_completed',
  at: second(50),
  durationMs: 30_000,
  ...counts,
} as const;
const failed = {
  type: 'workstream_failed',
  at: second(50),
  reason: 'task_failed',
  taskId: 'T1',
  errorId: 'E1',
} as const;
const skipped = { type: 'workstream_skipped', at: second(50), reason: 'not sold' } as const;
const canceled = {
  type: 'workstream_canceled',
  at: second(50),
  reason: 'run_canceled',
  openTasks: 2,
} as const;

const command: Record<workstream.WorkstreamTrigger, workstream.WorkstreamCommand> = {
  release: { ...asked(50), type: 'release', openDependencies: [], isPhaseActive: true },
  block: { ...asked(50), type: 'block', blockedBy: ['G1'], reason: 'gate' },
  unblock: { ...asked(50), type: 'unblock', openBlockers: [] },
  start: { ...asked(50), type: 'start', isRunRunning: true, openGates: [], taskCount: 3 },
  begin_validation: { ...asked(50), type: 'begin_validation', openTasks: 0, ...counts },
  reopen: { ...asked(50), type: 'reopen', taskIds: ['T9'] },
  complete: {
    ...asked(50),
    type: 'complete',
    unmetChecks: [],
    failedCriticals: [],
    openGates: [],
    ...counts,
  },
  fail: { ...asked(50), type: 'fail', reason: 'task_failed', taskId: 'T1', errorId: 'E1' },
  skip: { ...asked(50), type: 'skip', reason: 'not sold' },
  cancel: { ...asked(50), type: 'cancel', reason: 'run_canceled', openTasks: 2 },
};
const ready = [created, released];
const executing = [...ready, started];
const inValidation = [...executing, validating];

describe('the workstream machine', () => {
  // Every cell is written out from the specification, none computed from the table it checks.
  followMatrix({
    decider: workstream.workstreamDecider,
    table: workstream.WORKSTREAM_TRANSITIONS,
    states: workstream.WORKSTREAM_STATES,
    triggers: workstream.WORKSTREAM_TRIGGERS,
    // biome-ignore format: a matrix is read by its columns
    matrix: {
      planned:    { release: 'ready', block: 'blocked', unblock: NO,      start: NO,          begin_validation: NO,           reopen: NO,          complete: NO,          fail: NO,       skip: 'skipped', cancel: 'canceled' },
      ready:      { release: NO,      block: NO,        unblock: NO,      start: 'executing', begin_validation: NO,           reopen: NO,          complete: NO,          fail: NO,       skip: 'skipped', cancel: 'canceled' },
      blocked:    { release: NO,      block: NO,        unblock: 'ready', start: NO,          begin_validation: NO,           reopen: NO,          complete: NO,          fail: NO,       skip: 'skipped', cancel: 'canceled' },
      executing:  { release: NO,      block: NO,        unblock: NO,      start: NO,          begin_validation: 'validating', reopen: NO,          complete: NO,          fail: 'failed', skip: NO,        cancel: 'canceled' },
      validating: { release: NO,      block: NO,        unblock: NO,      start: NO,          begin_validation: NO,           reopen: 'executing', complete: 'completed', fail: 'failed', skip: NO,        cancel: 'canceled' },
      completed:  { release: FIN,     block: FIN,       unblock: FIN,     start: FIN,         begin_validation: FIN,          reopen: FIN,         complete: FIN,         fail: FIN,      skip: FIN,       cancel: FIN },
      failed:     { release: FIN,     block: FIN,       unblock: FIN,     start: FIN,         begin_validation: FIN,          reopen: FIN,         complete: FIN,         fail: FIN,      skip: FIN,       cancel: FIN },
      canceled:   { release: FIN,     block: FIN,       unblock: FIN,     start: FIN,         begin_validation: FIN,          reopen: FIN,         complete: FIN,         fail: FIN,      skip: FIN,       cancel: FIN },
      skipped:    { release: FIN,     block: FIN,       unblock: FIN,     start: FIN,         begin_validation: FIN,          reopen: FIN,         complete: FIN,         fail: FIN,      skip: FIN,       cancel: FIN },
    },
    history: {
      planned: [created],
      ready,
      blocked: [created, blocked],
      executing,
      validating: inValidation,
      completed: [...inValidation, completed],
      failed: [...executing, failed],
      canceled: [...executing, canceled],
      skipped: [created, skipped],
    },
    command: () => command,
    birth: { ...asked(1), type: 'create', ...birth },
    counts: { edges: 17, refused: 73, final: 4 },
  });
});

const release = { ...asked(9), type: 'release' } as const;
const start = { ...asked(20), type: 'start', taskCount: 3 } as const;
const complete = { ...asked(50), type: 'complete', ...counts } as const;
const twice = [...inValidation, reopened, { ...validating, at: second(45) }] as const;

describe('the guards of a workstream', () => {
  // Each refusal is met with all later guards unmet too, so that the order is tested with it.
  // biome-ignore format: one case a line
  it.each<[string, readonly workstream.WorkstreamEvent[], workstream.WorkstreamCommand, workstream.WorkstreamRefusal]>([
    ['dependencies', [created], { ...release, openDependencies: ['S0'], isPhaseActive: false }, { code: 'DEPENDENCY_OPEN', openDependencies: ['S0'] }],
    ['an active phase', [created], { ...release, openDependencies: [], isPhaseActive: false }, { code: 'PHASE_NOT_ACTIVE' }],
    ['a blocker', [created], { ...asked(9), type: 'block', blockedBy: [], reason: 'x' }, { code: 'BLOCKER_REQUIRED' }],
    ['no blocker left', [created, blocked], { ...asked(9), type: 'unblock', openBlockers: ['G1'] }, { code: 'STILL_BLOCKED', openBlockers: ['G1'] }],
    ['a running run', ready, { ...start, isRunRunning: false, openGates: ['G1'] }, { code: 'RUN_NOT_RUNNING' }],
    ['gates to start', ready, { ...start, isRunRunning: true, openGates: ['G1'] }, { code: 'GATE_BLOCKED', openGates: ['G1'] }],
    ['no open task', executing, { ...asked(30), type: 'begin_validation', openTasks: 1, ...counts }, { code: 'WORKSTREAM_WORK_OPEN', openTasks: 1 }],
    ['a repair', twice, { ...asked(50), type: 'reopen', taskIds: [] }, { code: 'FIX_TASK_REQUIRED' }],
    ['the fix limit', twice, { ...asked(50), type: 'reopen', taskIds: ['T9'] }, { code: 'RUN_FIX_LIMIT', maxFixLoops: 1 }],
    ['acceptance', inValidation, { ...complete, unmetChecks: ['c1'], failedCriticals: ['T1'], openGates: ['G1'] }, { code: 'ACCEPTANCE_UNMET', unmetChecks: ['c1'] }],
    ['no critical failure', inValidation, { ...complete, unmetChecks: [], failedCriticals: ['T1'], openGates: ['G1'] }, { code: 'CRITICAL_FAILED', failedCriticals: ['T1'] }],
    ['gates to be done', inValidation, { ...complete, unmetChecks: [], failedCriticals: [], openGates: ['G1'] }, { code: 'GATE_BLOCKED', openGates: ['G1'] }],
    ['a reason to fail', executing, { ...asked(50), type: 'fail', reason: '' }, { code: 'REASON_REQUIRED' }],
    ['a reason to skip', ready, { ...asked(50), type: 'skip', reason: '' }, { code: 'REASON_REQUIRED' }],
    ['a reason to cancel', ready, { ...asked(50), type: 'cancel', reason: '', openTasks: 0 }, { code: 'REASON_REQUIRED' }],
    ['an actor', ready, { ...asked(50), by: '', type: 'skip', reason: 'x' }, { code: 'ACTOR_REQUIRED' }],
  ])('ask for %s', (_name, history, when, refusal) => {
    expect(given(...history).when(when)).toEqual(refuse(refusal));
  });

  // biome-ignore format: one case a line
  it.each<[string, readonly workstream.WorkstreamEvent[], workstream.WorkstreamCommand, readonly string[]]>([
    ['dependencies and the order of phases', [created], { ...release, openDependencies: ['S0'], isPhaseActive: false }, ['DEPENDENCY_OPEN', 'PHASE_NOT_ACTIVE']],
    ['a blocker', [created, blocked], { ...asked(9), type: 'unblock', openBlockers: ['G1'] }, ['STILL_BLOCKED']],
    ['the fix limit', twice, { ...asked(50), type: 'reopen', taskIds: ['T9'] }, ['RUN_FIX_LIMIT']],
    ['acceptance', inValidation, { ...complete, unmetChecks: ['c1'], failedCriticals: [], openGates: [] }, ['ACCEPTANCE_UNMET']],
  ])('let a person pass by %s', (_name, history, when, guards) => {
    const before = replay(history);
    const result = decide({ ...when, override }, before);
    const events = result.ok ? result.value : [];
    const passed = events.filter((event) => event.type === 'override_recorded');
    expect(passed.map(({ guard }) => guard)).toEqual(guards);
    const recorded = passed.reduce(evolve, before);
    const version = before.version + guards.length;
    expect(recorded).toEqual({ ...before, version, lastAt: when.at });
    expect(events).toHaveLength(guards.length + 1);
  });

  // biome-ignore format: one case a line
  it.each<[string, readonly workstream.WorkstreamEvent[], workstream.WorkstreamCommand]>([
    ['a run that stands', ready, { ...start, isRunRunning: false, openGates: [] }],
    ['gates to start', ready, { ...start, isRunRunning: true, openGates: ['G1'] }],
    ['open tasks', executing, { ...asked(30), type: 'begin_validation', openTasks: 1, ...counts }],
    ['a critical failure', inValidation, { ...complete, unmetChecks: [], failedCriticals: ['T1'], openGates: [] }],
    ['gates to be done', inValidation, { ...complete, unmetChecks: [], failedCriticals: [], openGates: ['G1'] }],
  ])('let nobody pass by %s', (_name, history, when) => {
    expect(given(...history).when({ ...when, override }).ok).toBe(false);
  });
});

describe('workstreamDecider', () => {
  // biome-ignore format: one case a line
  it.each<[string, readonly workstream.WorkstreamEvent[], workstream.WorkstreamCommand, workstream.WorkstreamEvent]>([
    ['its birth', [], { ...asked(0), type: 'create', ...birth }, created],
    ['how long it waited', [created], { ...release, at: second(10), openDependencies: [], isPhaseActive: true }, released],
    ['what blocks it', [created], { ...command.block, at: second(5) }, blocked],
    ['how long it was blocked', [created, blocked], { ...command.unblock, at: second(9) }, { type: 'workstream_unblocked', at: second(9), blockedMs: 4_000 }],
    ['how long it was ready', ready, { ...start, isRunRunning: true, openGates: [] }, started],
    ['what its tasks came to', executing, { ...command.begin_validation, at: second(30) }, validating],
    ['which repair it is', inValidation, { ...command.reopen, at: second(40) }, reopened],
    ['how long it took', inValidation, { ...complete, unmetChecks: [], failedCriticals: [], openGates: [] }, completed],
    ['what failed it', executing, command.fail, failed],
    ['why it was skipped', ready, command.skip, skipped],
    ['why it was canceled', ready, command.cancel, canceled],
  ])('tells %s', (_name, history, when, event) => {
    expect(given(...history).when(when)).toEqual(accept([event]));
  });

  it('stamps each moment once', () => {
    const stamps = { createdAt: second(0), queuedAt: second(10), startedAt: second(20) };
    expect(replay(twice)).toMatchObject({ ...stamps, fixLoops: 1, enteredAt: second(45) });
    expect(replay(twice)).not.toHaveProperty('endedAt');
    expect(replay([...twice, completed])).toMatchObject({ ...stamps, endedAt: second(50) });
  });

  it('knows its blockers only while it is blocked, and why it ended', () => {
    expect(replay([created, blocked]).blockedBy).toEqual(['G1']);
    const freed = replay([
      created,
      blocked,
      { type: 'workstream_unblocked', at: second(9), blockedMs: 4_000 },
    ]);
    expect(freed).toMatchObject({ state: 'ready', queuedAt: second(9) });
    expect(freed).not.toHaveProperty('blockedBy');
    const end = { stateReason: 'task_failed', errorId: 'E1', endedAt: second(50) };
    expect(replay([...executing, failed])).toMatchObject(end);
    expect(replay([...ready, skipped])).toMatchObject({ stateReason: 'not sold' });
    expect(replay([...ready, skipped])).not.toHaveProperty('startedAt');
    expect(replay([...ready, canceled])).toMatchObject({ stateReason: 'run_canceled' });
  });
});
