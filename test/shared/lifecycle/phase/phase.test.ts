import { describe, expect, it } from 'vitest';
import { accept, refuse, toInstant } from '#shared/kernel/index.ts';
import * as phase from '#shared/lifecycle/index.ts';
import { FIN, followMatrix, NO } from '../follow-matrix.ts';

const { decide, evolve, initial } = phase.phaseDecider;
const replay = (history: readonly phase.PhaseEvent[]) => history.reduce(evolve, initial);
const given = (...history: readonly phase.PhaseEvent[]) => ({
  when: (command: phase.PhaseCommand) => decide(command, replay(history)),
});
const second = (n: number) => toInstant(n * 1_000);
const asked = (n: number) => ({ at: second(n), by: 'system' });
const override = { person: 'dana', reason: 'the client waits' };

const birth = {
  phaseId: 'F1',
  name: 'Build',
  category: 'delivery',
  order: 1,
  gateIds: ['G1', 'G2'],
  maxFixLoops: 1,
} as const;
const created = { type: 'phase_created', at: second(0), ...birth } as const;
const free = { ...created, gateIds: [] } as const;
const activated = {
  type: 'phase_activated',
  at: second(10),
  waitMs: 10_000,
  workstreams: 2,
} as const;
const gated = { type: 'phase_gated', at: second(20), requiredGates: ['G1', 'G2'] } as const;
const reopened = { type: 'phase_reopened', at: second(30), fixLoop: 1, gateIds: ['G2'] } as const;
const completed = {
  type: 'phase_completed',
  at: second(40),
  durationMs: 30_000,
  waivedGates: ['G2'],
} as const;
const failed = {
  type: 'phase_failed',
  at: second(40),
  reason: 'gate_failed',
  gateId: 'G1',
  workstreamId: 'S1',
} as const;
const skipped = { type: 'phase_skipped', at: second(40), reason: 'run_canceled' } as const;

const command: Record<phase.PhaseTrigger, phase.PhaseCommand> = {
  activate: { ...asked(40), type: 'activate', openPhases: [], workstreams: 2 },
  gate: { ...asked(40), type: 'gate', openWorkstreams: 0 },
  reopen: { ...asked(40), type: 'reopen', gateIds: ['G2'] },
  complete: {
    ...asked(40),
    type: 'complete',
    openGates: [],
    openWorkstreams: 0,
    waivedGates: ['G2'],
  },
  fail: {
    ...asked(40),
    type: 'fail',
    reason: 'gate_failed',
    gateId: 'G1',
    workstreamId: 'S1',
  },
  skip: { ...asked(40), type: 'skip', reason: 'run_canceled' },
};
const active = [created, activated];
const atGate = [...active, gated];

describe('the phase machine', () => {
  // Every cell is written out from the specification, none computed from the table it checks.
  followMatrix({
    decider: phase.phaseDecider,
    table: phase.PHASE_TRANSITIONS,
    states: phase.PHASE_STATES,
    triggers: phase.PHASE_TRIGGERS,
    // biome-ignore format: a matrix is read by its columns
    matrix: {
      pending:   { activate: 'active', gate: NO,      reopen: NO,       complete: NO,          fail: NO,       skip: 'skipped' },
      active:    { activate: NO,       gate: 'gated', reopen: NO,       complete: 'completed', fail: 'failed', skip: NO },
      gated:     { activate: NO,       gate: NO,      reopen: 'active', complete: 'completed', fail: 'failed', skip: NO },
      completed: { activate: FIN,      gate: FIN,     reopen: FIN,      complete: FIN,         fail: FIN,      skip: FIN },
      failed:    { activate: FIN,      gate: FIN,     reopen: FIN,      complete: FIN,         fail: FIN,      skip: FIN },
      skipped:   { activate: FIN,      gate: FIN,     reopen: FIN,      complete: FIN,         fail: FIN,      skip: FIN },
    },
    history: {
      pending: [created],
      active,
      gated: atGate,
      completed: [...atGate, completed],
      failed: [...active, failed],
      skipped: [created, skipped],
    },
    instead: { 'active complete': [free, activated] },
    command: () => command,
    birth: { ...asked(1), type: 'create', ...birth },
    counts: { edges: 8, refused: 28, final: 3 },
  });
});

const complete = { ...asked(40), type: 'complete', waivedGates: [] } as const;
const twice = [...atGate, reopened, { ...gated, at: second(35) }] as const;

describe('the guards of a phase', () => {
  // biome-ignore format: one case a line
  it.each<[string, readonly phase.PhaseEvent[], phase.PhaseCommand, phase.PhaseRefusal]>([
    ['the order of phases', [created], { ...asked(9), type: 'activate', openPhases: ['F0'], workstreams: 2 }, { code: 'PHASE_ORDER', openPhases: ['F0'] }],
    ['no open workstream to be gated', [free, activated], { ...asked(20), type: 'gate', openWorkstreams: 1 }, { code: 'PHASE_WORK_OPEN', openWorkstreams: 1 }],
    ['an exit gate to be gated', [free, activated], { ...asked(20), type: 'gate', openWorkstreams: 0 }, { code: 'GATE_EMPTY' }],
    ['the fix limit', twice, { ...asked(40), type: 'reopen', gateIds: ['G2'] }, { code: 'RUN_FIX_LIMIT', maxFixLoops: 1 }],
    ['its gates to be asked first', active, { ...complete, openGates: [], openWorkstreams: 1 }, { code: 'PHASE_GATES_OPEN', openGates: ['G1', 'G2'] }],
    ['no open workstream to be done', [free, activated], { ...complete, openGates: [], openWorkstreams: 1 }, { code: 'PHASE_WORK_OPEN', openWorkstreams: 1 }],
    ['its gates to be done', atGate, { ...complete, openGates: ['G2'], openWorkstreams: 0 }, { code: 'PHASE_GATES_OPEN', openGates: ['G2'] }],
    ['a reason to fail', active, { ...asked(40), type: 'fail', reason: '' }, { code: 'REASON_REQUIRED' }],
    ['a reason to skip', [created], { ...asked(40), type: 'skip', reason: '' }, { code: 'REASON_REQUIRED' }],
    ['an actor', [created], { ...asked(40), by: '', type: 'skip', reason: 'x' }, { code: 'ACTOR_REQUIRED' }],
  ])('ask for %s', (_name, history, when, refusal) => {
    expect(given(...history).when(when)).toEqual(refuse(refusal));
  });

  // biome-ignore format: one case a line
  it.each<[string, readonly phase.PhaseEvent[], phase.PhaseCommand, string]>([
    ['the order of phases', [created], { ...asked(9), type: 'activate', openPhases: ['F0'], workstreams: 2 }, 'PHASE_ORDER'],
    ['the fix limit', twice, { ...asked(40), type: 'reopen', gateIds: ['G2'] }, 'RUN_FIX_LIMIT'],
  ])('let a person pass by %s', (_name, history, when, guard) => {
    const before = replay(history);
    const result = decide({ ...when, override }, before);
    expect(result).toMatchObject({ ok: true, value: [{ type: 'override_recorded', guard }, {}] });
    const [passed] = result.ok ? result.value : [];
    const recorded = passed === undefined ? before : evolve(before, passed);
    expect(recorded).toEqual({ ...before, version: before.version + 1, lastAt: when.at });
  });

  // biome-ignore format: one case a line
  it.each<[string, readonly phase.PhaseEvent[], phase.PhaseCommand]>([
    ['open work', active, { ...asked(20), type: 'gate', openWorkstreams: 1 }],
    ['the gates of an active phase', active, { ...complete, openGates: [], openWorkstreams: 0 }],
    ['an open gate', atGate, { ...complete, openGates: ['G2'], openWorkstreams: 0 }],
  ])('let nobody pass by %s', (_name, history, when) => {
    expect(given(...history).when({ ...when, override }).ok).toBe(false);
  });
});

describe('phaseDecider', () => {
  // biome-ignore format: one case a line
  it.each<[string, readonly phase.PhaseEvent[], phase.PhaseCommand, phase.PhaseEvent]>([
    ['its birth', [], { ...asked(0), type: 'create', ...birth }, created],
    ['how long it waited', [created], { ...command.activate, at: second(10) }, activated],
    ['which gates it stands before', active, { ...command.gate, at: second(20) }, gated],
    ['which repair it is', atGate, { ...command.reopen, at: second(30) }, reopened],
    ['how long it took and what was waived', atGate, command.complete, completed],
    ['what failed it', active, command.fail, failed],
    ['why it was skipped', [created], command.skip, skipped],
  ])('tells %s', (_name, history, when, event) => {
    expect(given(...history).when(when)).toEqual(accept([event]));
  });

  it('stamps each moment once and knows why it ended', () => {
    const stamps = { createdAt: second(0), startedAt: second(10) };
    expect(replay(twice)).toMatchObject({ ...stamps, fixLoops: 1, enteredAt: second(35) });
    expect(replay(twice)).not.toHaveProperty('endedAt');
    const done = replay([...twice, completed]);
    expect(done).toMatchObject({ ...stamps, endedAt: second(40), version: 6 });
    const failure = replay([...active, failed]);
    expect(failure).toMatchObject({ stateReason: 'gate_failed', endedAt: second(40) });
    const left = replay([created, skipped]);
    expect(left).toMatchObject({ stateReason: 'run_canceled', endedAt: second(40) });
    expect(left).not.toHaveProperty('startedAt');
  });
});
