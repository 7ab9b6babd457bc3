import { describe, expect, it } from 'vitest';
import { accept, refuse, toInstant } from '#shared/kernel/index.ts';
import * as worker from '#shared/lifecycle/index.ts';
import { FIN, followMatrix, NO } from '../follow-matrix.ts';

const { decide, evolve, initial } = worker.workerDecider;
const replay = (history: readonly worker.WorkerEvent[]) => history.reduce(evolve, initial);
const given = (...history: readonly worker.WorkerEvent[]) => ({
  when: (command: worker.WorkerCommand) => decide(command, replay(history)),
});
const second = (n: number) => toInstant(n * 1_000);
const asked = (n: number) => ({ at: second(n), by: 'system' });

const birth = {
  workerId: 'W1',
  workerType: 'executor',
  adapterType: 'process',
  capabilities: [],
  affinity: 'gpu',
  config: worker.WORKER_CONFIG,
} as const;
const created = { type: 'worker_created', at: second(0), ...birth } as const;
const ready = {
  type: 'worker_became_ready',
  at: second(10),
  startMs: 10_000,
  capabilities: ['code', 'test'],
} as const;
const assigned = {
  type: 'worker_assigned',
  at: second(20),
  taskId: 'T1',
  leaseToken: 3,
  leaseExpiresAt: second(140),
} as const;
const paused = { type: 'worker_paused', at: second(30), reason: 'x', heldTaskId: 'T1' } as const;
const released = {
  type: 'worker_released',
  at: second(35),
  taskId: 'T1',
  outcome: 'completed',
  durationMs: 15_000,
} as const;
const draining = { ...paused, type: 'worker_drain_started' } as const;
const lost = { type: 'worker_lost', at: second(200), silentMs: 190_000, taskId: 'T1' } as const;
const stopped = {
  type: 'worker_stopped',
  at: second(200),
  reason: 'x',
  forced: true,
  taskId: 'T1',
} as const;
const crashed = {
  type: 'worker_crashed',
  at: second(200),
  reason: 'process_ended',
  message: 'signal 9',
  silentMs: 190_000,
  taskId: 'T1',
} as const;

const task = {
  taskId: 'T1',
  leaseToken: 3,
  isTaskQueued: true,
  requiredCapabilities: ['code'],
} as const;
const command = (n: number): Record<worker.WorkerTrigger, worker.WorkerCommand> => ({
  ready: { ...asked(n), type: 'ready', capabilities: ['code', 'test'] },
  assign: { ...asked(n), type: 'assign', ...task },
  finish: { ...asked(n), type: 'finish', leaseToken: 3, outcome: 'completed' },
  pause: { ...asked(n), type: 'pause', reason: 'x' },
  resume: { ...asked(n), type: 'resume' },
  resume_task: { ...asked(n), type: 'resume_task', leaseToken: 3 },
  drain: { ...asked(n), type: 'drain', reason: 'x' },
  stop: { ...asked(n), type: 'stop', reason: 'x', force: true },
  lose: { ...asked(n), type: 'lose' },
  recover: { ...asked(n), type: 'recover' },
  crash: { ...asked(n), type: 'crash', reason: 'process_ended', message: 'signal 9' },
});
const busy = [created, ready, assigned];
const idle = [created, ready];

describe('the worker machine', () => {
  // Every cell is written out from the specification, none computed from the table it checks.
  followMatrix({
    decider: worker.workerDecider,
    table: worker.WORKER_TRANSITIONS,
    states: worker.WORKER_STATES,
    triggers: worker.WORKER_TRIGGERS,
    // biome-ignore format: a matrix is read by its columns
    matrix: {
      starting: { ready: 'idle', assign: NO,     finish: NO,     pause: NO,       resume: NO,     resume_task: NO,     drain: NO,         stop: NO,        lose: NO,     recover: NO,     crash: 'crashed' },
      idle:     { ready: NO,     assign: 'busy', finish: NO,     pause: 'paused', resume: NO,     resume_task: NO,     drain: 'draining', stop: 'stopped', lose: 'lost', recover: NO,     crash: 'crashed' },
      busy:     { ready: NO,     assign: NO,     finish: 'idle', pause: 'paused', resume: NO,     resume_task: NO,     drain: 'draining', stop: 'stopped', lose: 'lost', recover: NO,     crash: 'crashed' },
      paused:   { ready: NO,     assign: NO,     finish: NO,     pause: NO,       resume: 'idle', resume_task: 'busy', drain: NO,         stop: 'stopped', lose: NO,     recover: NO,     crash: 'crashed' },
      draining: { ready: NO,     assign: NO,     finish: NO,     pause: NO,       resume: NO,     resume_task: NO,     drain: NO,         stop: 'stopped', lose: NO,     recover: NO,     crash: 'crashed' },
      lost:     { ready: NO,     assign: NO,     finish: NO,     pause: NO,       resume: NO,     resume_task: NO,     drain: NO,         stop: NO,        lose: NO,     recover: 'idle', crash: 'crashed' },
      stopped:  { ready: FIN,    assign: FIN,    finish: FIN,    pause: FIN,      resume: FIN,    resume_task: FIN,    drain: FIN,        stop: FIN,       lose: FIN,    recover: FIN,    crash: FIN },
      crashed:  { ready: FIN,    assign: FIN,    finish: FIN,    pause: FIN,      resume: FIN,    resume_task: FIN,    drain: FIN,        stop: FIN,       lose: FIN,    recover: FIN,    crash: FIN },
    },
    history: {
      starting: [created],
      idle,
      busy,
      paused: [...busy, paused],
      draining: [...busy, draining],
      lost: [...busy, lost],
      stopped: [...busy, stopped],
      crashed: [...busy, crashed],
    },
    instead: { 'paused resume': [...idle, { type: 'worker_paused', at: second(30), reason: 'x' }] },
    command: () => command(300),
    birth: { ...asked(1), type: 'create', ...birth },
    counts: { edges: 22, refused: 66, final: 2 },
  });
});

const HELD = { code: 'TASK_HELD', heldTaskId: 'T1' } as const;
const STALE = { code: 'STALE_LEASE', leaseToken: 2, currentToken: 3 } as const;
const pausedIdle = { type: 'worker_paused', at: second(30), reason: 'x' } as const;

describe('the guards of a worker', () => {
  it.each<[string, readonly worker.WorkerEvent[], worker.WorkerCommand, worker.WorkerRefusal]>([
    [
      'capabilities',
      [created],
      { ...asked(9), type: 'ready', capabilities: [] },
      { code: 'CAPABILITIES_MISSING' },
    ],
    [
      'a queued task before all else',
      idle,
      {
        ...asked(20),
        type: 'assign',
        ...task,
        isTaskQueued: false,
        requiredCapabilities: ['draw'],
        leaseHolder: 'W2',
      },
      { code: 'TASK_NOT_QUEUED' },
    ],
    [
      'what the task requires',
      idle,
      {
        ...asked(20),
        type: 'assign',
        ...task,
        requiredCapabilities: ['code', 'draw'],
        requiredAffinity: 'cpu',
      },
      { code: 'CAPABILITY_MISMATCH', missing: ['draw'] },
    ],
    [
      'the affinity the task names',
      idle,
      { ...asked(20), type: 'assign', ...task, requiredAffinity: 'cpu', leaseHolder: 'W2' },
      { code: 'AFFINITY_MISMATCH', requiredAffinity: 'cpu' },
    ],
    [
      'a free lease',
      idle,
      { ...asked(20), type: 'assign', ...task, leaseHolder: 'W2' },
      { code: 'LEASE_HELD', leaseHolder: 'W2' },
    ],
    [
      'its lease to finish',
      busy,
      { ...asked(30), type: 'finish', leaseToken: 2, outcome: 'failed' },
      STALE,
    ],
    [
      'a reason to pause',
      busy,
      { ...asked(30), type: 'pause', reason: '' },
      { code: 'REASON_REQUIRED' },
    ],
    [
      'a reason to drain',
      busy,
      { ...asked(30), type: 'drain', reason: '' },
      { code: 'REASON_REQUIRED' },
    ],
    ['empty hands to resume', [...busy, paused], { ...asked(40), type: 'resume' }, HELD],
    [
      'a task to resume it',
      [...idle, pausedIdle],
      { ...asked(40), type: 'resume_task', leaseToken: 3 },
      { code: 'NO_TASK_HELD' },
    ],
    [
      'its lease to resume the task',
      [...busy, paused],
      { ...asked(40), type: 'resume_task', leaseToken: 2 },
      STALE,
    ],
    ['empty hands to stop', busy, { ...asked(40), type: 'stop', reason: '', force: false }, HELD],
    [
      'a reason to stop',
      busy,
      { ...asked(40), type: 'stop', reason: '', force: true },
      { code: 'REASON_REQUIRED' },
    ],
    [
      'a task to release',
      [...idle, pausedIdle],
      { ...asked(40), type: 'release', leaseToken: 3, outcome: 'failed' },
      { code: 'NO_TASK_HELD' },
    ],
    [
      'its lease to release',
      [...busy, draining],
      { ...asked(40), type: 'release', leaseToken: 2, outcome: 'failed' },
      STALE,
    ],
    ['its lease to beat', busy, { ...asked(90), type: 'heartbeat', leaseToken: 2, load: 1 }, STALE],
    [
      'an actor',
      idle,
      { ...asked(40), by: '', type: 'drain', reason: 'x' },
      { code: 'ACTOR_REQUIRED' },
    ],
  ])('ask for %s', (_name, history, when, refusal) => {
    expect(given(...history).when(when)).toEqual(refuse(refusal));
  });

  it('let a task without an affinity, and one with the same, go to a worker that has one', () => {
    for (const affinity of [{}, { requiredAffinity: 'gpu' }]) {
      const when = { ...asked(20), type: 'assign', ...task, ...affinity } as const;
      expect(given(...idle).when(when)).toEqual(accept([assigned]));
    }
  });

  it('let a person pass by what a worker can do, and by no lease', () => {
    const override = { person: 'dana', reason: 'she knows the tool' };
    const when = {
      ...asked(20),
      type: 'assign',
      ...task,
      requiredCapabilities: ['draw'],
      override,
    } as const;
    const recorded = {
      type: 'override_recorded',
      at: second(20),
      trigger: 'assign',
      guard: 'CAPABILITY_MISMATCH',
      ...override,
    };
    expect(given(...idle).when(when)).toEqual(accept([recorded, assigned]));
    const leased = given(...idle).when({ ...when, leaseHolder: 'W2' });
    expect(leased).toEqual(refuse({ code: 'LEASE_HELD', leaseHolder: 'W2' }));
    const after = replay([...idle, { ...recorded, type: 'override_recorded' }, assigned]);
    expect(after).toMatchObject({ state: 'busy', version: 4 });
  });
});

describe('the silence of a worker', () => {
  const fresh = (silentMs: number) => refuse({ code: 'HEARTBEAT_FRESH', silentMs } as const);
  const at = (ms: number) => ({ at: toInstant(10_000 + ms), by: 'system' });

  it('loses it one millisecond after two missed heartbeats', () => {
    expect(given(...idle).when({ ...at(120_000), type: 'lose' })).toEqual(fresh(120_000));
    expect(given(...idle).when({ ...at(120_001), type: 'lose' })).toEqual(
      accept([{ type: 'worker_lost', at: toInstant(130_001), silentMs: 120_001 }]),
    );
  });

  it('kills it one millisecond after five minutes, in a pause too', () => {
    const silent = { type: 'crash', reason: 'silent', message: '' } as const;
    for (const history of [idle, [...busy, paused], [...busy, draining]]) {
      expect(given(...history).when({ ...at(300_000), ...silent })).toEqual(fresh(300_000));
      expect(given(...history).when({ ...at(300_001), ...silent })).toMatchObject({
        ok: true,
        value: [{ type: 'worker_crashed', silentMs: 300_001, reason: 'silent' }],
      });
    }
  });

  it('counts from the newest sign of life, stored or not', () => {
    const heardAt = toInstant(60_000);
    const lose = { type: 'lose', heardAt } as const;
    expect(given(...idle).when({ ...at(170_000), ...lose })).toEqual(fresh(120_000));
    expect(given(...idle).when({ ...at(170_001), ...lose }).ok).toBe(true);
    const older = { ...at(120_001), type: 'lose', heardAt: toInstant(5_000) } as const;
    expect(given(...idle).when(older).ok).toBe(true);
    const ahead = { ...at(50_000), type: 'lose', heardAt: toInstant(99_000) } as const;
    expect(given(...idle).when(ahead)).toEqual(fresh(0));
  });

  it('gives a start one minute, and only a start', () => {
    const late = { type: 'crash', reason: 'start_timeout', message: 'no hello' } as const;
    const start = given(created);
    expect(start.when({ at: toInstant(60_000), by: 'system', ...late })).toEqual(fresh(60_000));
    expect(start.when({ at: toInstant(60_001), by: 'system', ...late }).ok).toBe(true);
    expect(given(...idle).when({ ...at(60_001), ...late })).toEqual(fresh(60_001));
  });

  it('need not be shown where the process or the orchestrator has ended', () => {
    for (const reason of ['process_ended', 'orchestrator_crash'] as const) {
      const when = { ...asked(21), type: 'crash', reason, message: 'gone' } as const;
      expect(given(...busy).when(when)).toEqual(
        accept([
          {
            type: 'worker_crashed',
            at: second(21),
            reason,
            message: 'gone',
            silentMs: 11_000,
            taskId: 'T1',
          },
        ]),
      );
    }
  });
});

describe('the heartbeat of a worker', () => {
  const beat = (ms: number) =>
    ({ at: toInstant(ms), by: 'W1', type: 'heartbeat', leaseToken: 3, load: 0.5 }) as const;

  it('is stored once a minute and renews the lease', () => {
    expect(given(...busy).when(beat(69_999))).toEqual(accept([]));
    const stored = {
      type: 'worker_heartbeat',
      at: toInstant(70_000),
      leaseToken: 3,
      load: 0.5,
      leaseExpiresAt: toInstant(190_000),
    } as const;
    expect(given(...busy).when(beat(70_000))).toEqual(accept([stored]));
    expect(replay([...busy, stored])).toMatchObject({
      state: 'busy',
      version: 4,
      lastHeartbeatAt: toInstant(70_000),
      leaseExpiresAt: toInstant(190_000),
    });
  });

  it('moves nothing in any state but the final two and the lost one', () => {
    for (const history of [
      [created],
      [...idle, pausedIdle],
      [...idle, { ...pausedIdle, type: 'worker_drain_started' } as const],
    ]) {
      const before = replay(history);
      const when = { ...asked(400), type: 'heartbeat', load: 0 } as const;
      const stored = { type: 'worker_heartbeat', at: second(400), load: 0 } as const;
      expect(decide(when, before)).toEqual(accept([stored]));
      expect(evolve(before, stored)).toEqual({
        ...before,
        version: before.version + 1,
        lastAt: second(400),
        lastHeartbeatAt: second(400),
      });
    }
    for (const [from, end] of [
      ['stopped', stopped],
      ['crashed', crashed],
    ] as const) {
      expect(given(...busy, end).when(beat(400_000))).toEqual(
        refuse({ code: 'WORKER_GONE', from }),
      );
    }
    expect(given().when(beat(400_000))).toEqual(refuse({ code: 'ENTITY_UNKNOWN' }));
  });

  it('brings a lost worker back, whatever lease it believes to hold', () => {
    const recovered = { type: 'worker_recovered', at: second(230), silentMs: 220_000 } as const;
    expect(given(...busy, lost).when({ ...beat(230_000), leaseToken: 1 })).toEqual(
      accept([recovered]),
    );
    expect(given(...busy, lost).when({ ...asked(230), type: 'recover' })).toEqual(
      accept([recovered]),
    );
    expect(replay([...busy, lost, recovered])).toMatchObject({
      state: 'idle',
      lastHeartbeatAt: second(230),
    });
  });
});

describe('workerDecider', () => {
  it('tells how long it took to start, to work and to rest', () => {
    expect(given(created).when(command(10).ready)).toEqual(accept([ready]));
    expect(given(...busy).when(command(35).finish)).toEqual(accept([released]));
    const resumed = given(...busy, paused).when(command(42).resume_task);
    expect(resumed).toEqual(
      accept([{ type: 'worker_resumed', at: second(42), pausedMs: 12_000, heldTaskId: 'T1' }]),
    );
    const rested = given(...idle, pausedIdle).when(command(42).resume);
    expect(rested).toEqual(accept([{ type: 'worker_resumed', at: second(42), pausedMs: 12_000 }]));
  });

  it('lets the task go where it ends, is lost or comes off in a pause', () => {
    for (const end of [released, lost, stopped, crashed]) {
      const after = replay([...busy, end]);
      for (const key of ['heldTaskId', 'leaseToken', 'leaseExpiresAt', 'assignedAt']) {
        expect(after).not.toHaveProperty(key);
      }
    }
    for (const [off, state] of [
      [paused, 'paused'],
      [draining, 'draining'],
    ] as const) {
      const when = { ...asked(35), type: 'release', leaseToken: 3, outcome: 'completed' } as const;
      expect(given(...busy, off).when(when)).toEqual(accept([released]));
      const after = replay([...busy, off, released]);
      expect(after).toMatchObject({ state, enteredAt: second(30) });
      expect(after).not.toHaveProperty('heldTaskId');
      const stop = { ...asked(36), type: 'stop', reason: 'drained', force: false } as const;
      expect(decide(stop, after)).toEqual(
        accept([{ type: 'worker_stopped', at: second(36), reason: 'drained', forced: false }]),
      );
    }
    expect(
      given(...busy).when({ ...asked(35), type: 'release', leaseToken: 3, outcome: 'failed' }),
    ).toEqual(refuse({ code: NO, from: 'busy', trigger: 'release' }));
  });

  it('keeps the stamps of a whole life', () => {
    expect(replay([...busy, crashed])).toEqual({
      ...birth,
      capabilities: ['code', 'test'],
      state: 'crashed',
      version: 4,
      createdAt: second(0),
      startedAt: second(10),
      enteredAt: second(200),
      endedAt: second(200),
      lastAt: second(200),
      lastHeartbeatAt: second(10),
      crash: { reason: 'process_ended', message: 'signal 9', at: second(200) },
    });
    expect(replay([...busy, stopped]).endedAt).toBe(second(200));
    expect(given(...busy).when({ ...command(5).drain })).toEqual(
      accept([{ ...draining, at: second(20), clockAdjusted: true }]),
    );
  });

  it('repeats its birth word for word', () => {
    const when = { ...asked(0), type: 'create', ...birth } as const;
    expect(given().when(when)).toEqual(accept([created]));
  });

  it('has the limits of its specification', () => {
    expect(worker.WORKER_CONFIG).toEqual({
      heartbeatMs: 60_000,
      lostAfterMs: 120_000,
      deadAfterMs: 300_000,
      leaseMs: 120_000,
    });
    expect([
      worker.START_TIMEOUT_MS,
      worker.DRAIN_TIMEOUT_MS,
      worker.HEARTBEAT_STORE_MS,
      worker.MAX_WORKERS,
    ]).toEqual([60_000, 1_800_000, 60_000, 4]);
  });
});
