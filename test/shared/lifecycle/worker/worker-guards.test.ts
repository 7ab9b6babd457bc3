import { describe, expect, it } from 'vitest';
import { accept, refuse, toInstant } from '#shared/kernel/index.ts';
import type * as worker from '#shared/lifecycle/index.ts';
import {
  asked,
  assigned,
  busy,
  created,
  draining,
  given,
  idle,
  paused,
  pausedIdle,
  replay,
  second,
  task,
} from './worker-cases.ts';

const HELD = { code: 'TASK_HELD', heldTaskId: 'T1' } as const;
const STALE = { code: 'STALE_LEASE', leaseToken: 2, currentToken: 3 } as const;

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
      { ...asked(20), type: 'assign', ...task, requiredAffinity: 'cpu' },
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
    const override = { person: 'dana', reason: 'she knows the tool' };
    const isPassable = ['CAPABILITY_MISMATCH', 'AFFINITY_MISMATCH'].includes(refusal.code);
    const result = given(...history).when({ ...when, override });
    expect(result.ok).toBe(isPassable);
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

describe('an override', () => {
  const override = { person: 'dana', reason: 'the screen is dark' };

  it('lets a person say that a worker is lost or dead before its silence does', () => {
    const asks = [
      { ...asked(21), type: 'lose', override },
      { ...asked(21), type: 'crash', reason: 'silent', message: '', override },
      { ...asked(21), type: 'crash', reason: 'start_timeout', message: '', override },
    ] as const;
    for (const when of asks) {
      expect(given(...busy).when(when)).toMatchObject({
        ok: true,
        value: [{ type: 'override_recorded', guard: 'HEARTBEAT_FRESH' }, { silentMs: 11_000 }],
      });
    }
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
