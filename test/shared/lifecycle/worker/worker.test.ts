import { describe, expect, it } from 'vitest';
import { accept, refuse, toInstant } from '#shared/kernel/index.ts';
import * as worker from '#shared/lifecycle/index.ts';
import { FIN, followMatrix, NO } from '../follow-matrix.ts';
import {
  asked,
  birth,
  busy,
  commandAt,
  crashed,
  created,
  draining,
  given,
  idle,
  lost,
  paused,
  pausedIdle,
  ready,
  released,
  replay,
  second,
  stopped,
} from './worker-cases.ts';

const { decide, evolve } = worker.workerDecider;

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
    command: () => commandAt(300),
    birth: { ...asked(1), type: 'create', ...birth },
    counts: { edges: 22, refused: 66, final: 2 },
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

  it('renews the lease also where it does not name it', () => {
    const when = { ...asked(90), type: 'heartbeat', load: 1 } as const;
    const renewed = { leaseExpiresAt: second(210) };
    expect(given(...busy).when(when)).toStrictEqual(
      accept([{ type: 'worker_heartbeat', at: second(90), load: 1, ...renewed }]),
    );
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
      expect(evolve(before, stored)).toStrictEqual({
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
    expect(given(created).when(commandAt(10).ready)).toEqual(accept([ready]));
    expect(given(...busy).when(commandAt(35).finish)).toEqual(accept([released]));
    const resumed = given(...busy, paused).when(commandAt(42).resume_task);
    expect(resumed).toEqual(
      accept([{ type: 'worker_resumed', at: second(42), pausedMs: 12_000, heldTaskId: 'T1' }]),
    );
    const rested = given(...idle, pausedIdle).when(commandAt(42).resume);
    // Strictly: what it does not hold is left out, not named as nothing.
    expect(rested).toStrictEqual(
      accept([{ type: 'worker_resumed', at: second(42), pausedMs: 12_000 }]),
    );
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
      expect(decide(stop, after)).toStrictEqual(
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
    expect(given(...busy).when({ ...commandAt(5).drain })).toEqual(
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
