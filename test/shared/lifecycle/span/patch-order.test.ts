import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accept, refuse, toInstant } from '#shared/kernel/index.ts';
import * as lifecycle from '#shared/lifecycle/index.ts';
import { minute, toPatch, toTask, toView, toWorker, toWorkstream } from './view.ts';

const asked = { at: minute(9), by: 'system' };

describe('orderMerges', () => {
  const candidate = (patchId: string, isOnCriticalPath: boolean, dependents: number, born = 0) => ({
    patch: toPatch({ patchId, state: 'verified', createdAt: minute(born) }),
    isOnCriticalPath,
    dependents,
  });
  const sorted = [
    candidate('P9', true, 2, 5),
    candidate('P8', true, 1, 4),
    candidate('P7', false, 7, 3),
    candidate('P3', false, 2, 1),
    candidate('P2', false, 2, 2),
    candidate('P4', false, 2, 2),
    candidate('P1', false, 0, 0),
  ];
  const ids = (patches: readonly lifecycle.Patch[]) => patches.map(({ patchId }) => patchId);

  it('puts the critical path first, then who is waited for, then age, then id, however they come', () => {
    const law = fc.property(fc.shuffledSubarray(sorted, { minLength: 7 }), (shuffled) => {
      expect(ids(lifecycle.orderMerges(shuffled))).toEqual([
        'P9',
        'P8',
        'P7',
        'P3',
        'P2',
        'P4',
        'P1',
      ]);
    });
    fc.assert(law, { seed: 7 });
  });

  it('leaves out what is not applied and verified', () => {
    const others = lifecycle.PATCH_STATES.filter((state) => state !== 'verified').map((state) => ({
      ...candidate('P0', true, 9),
      patch: toPatch({ state }),
    }));
    expect(lifecycle.orderMerges(others)).toEqual([]);
  });

  it('takes a patch without a birth for the oldest', () => {
    const { createdAt: _born, ...bare } = toPatch({ patchId: 'PX', state: 'verified' });
    const one = { ...candidate('P1', false, 0), patch: bare };
    expect(ids(lifecycle.orderMerges([candidate('P2', false, 0), one]))).toEqual(['PX', 'P2']);
  });
});

describe('followFailedApply', () => {
  const failed = (attempts: number) =>
    toPatch({ state: 'apply_failed', maxApplyAttempts: 3, apply: { attempts, appliedFiles: [] } });
  const path = 'quarantine/P1.patch';

  it('tries again while attempts are left and then sets the patch aside', () => {
    const again = lifecycle.followFailedApply(failed(2), { ...asked, path });
    expect(again).toEqual({ ...asked, type: 'retry' });
    const aside = lifecycle.followFailedApply(failed(3), { ...asked, path });
    expect(aside).toEqual({
      ...asked,
      type: 'quarantine',
      reason: 'attempts_spent',
      path,
      isTreeReverted: true,
    });
    expect(lifecycle.patchDecider.decide(again, failed(2)).ok).toBe(true);
    expect(lifecycle.patchDecider.decide(aside, failed(3)).ok).toBe(true);
  });
});

describe('followQuarantine', () => {
  const patch = toPatch({ state: 'quarantined', isRequired: true, workstreamId: 'S1' });
  const view = toView({
    workstreams: [
      toWorkstream({ workstreamId: 'S0', state: 'executing' }),
      toWorkstream({ state: 'executing' }),
    ],
    tasks: [
      toTask({ state: 'running', workerId: 'W1' }),
      toTask({ taskId: 'T2', state: 'completed', endedAt: minute(1) }),
      toTask({ taskId: 'T3', state: 'running', workstreamId: 'S0' }),
    ],
    workers: [toWorker({ state: 'busy', heldTaskId: 'T1', leaseToken: 4 })],
  });
  const nothing = { steps: [], effects: [] };

  it('fails the workstream of a required patch after its open tasks are canceled', () => {
    const reason = 'patch_quarantined';
    const cancel = { ...asked, type: 'cancel', reason, causeId: 'P1' };
    const finish = { ...asked, type: 'finish', leaseToken: 4, outcome: 'canceled' };
    for (const state of ['executing', 'validating'] as const) {
      const stage = { ...view, workstreams: [toWorkstream({ state })] };
      expect(lifecycle.followQuarantine(stage, patch, asked)).toEqual({
        steps: [
          { entity: 'task', id: 'T1', command: cancel },
          { entity: 'workstream', id: 'S1', command: { ...asked, type: 'fail', reason } },
          { entity: 'worker', id: 'W1', command: finish },
        ],
        effects: [
          { type: 'release_reservations', taskId: 'T1' },
          { type: 'free_locks', taskId: 'T1' },
        ],
      });
    }
    expect(lifecycle.followQuarantine(view, patch, asked).steps).toHaveLength(3);
  });

  it('does nothing about a patch that is not required, not set aside or without a workstream that works', () => {
    const { workstreamId: _workstreamId, ...homeless } = patch;
    for (const other of [
      { ...patch, isRequired: false },
      { ...patch, state: 'dropped' as const },
      homeless,
    ]) {
      expect(lifecycle.followQuarantine(view, other, asked)).toEqual(nothing);
    }
    for (const state of ['failed', 'completed', 'planned'] as const) {
      const besides = view.workstreams.slice(0, 1);
      const stage = { ...view, workstreams: [...besides, toWorkstream({ state })] };
      expect(lifecycle.followQuarantine(stage, patch, asked)).toEqual(nothing);
    }
    expect(lifecycle.followQuarantine(toView(), patch, asked)).toEqual(nothing);
  });
});

describe('findOscillation', () => {
  const add = (patchId: string, ...added: string[]) => ({ patchId, added, removed: [] });
  const cut = (patchId: string, ...removed: string[]) => ({ patchId, added: [], removed });

  it('finds three of the last five that toggle one line, and not two', () => {
    expect(lifecycle.findOscillation([add('P1', 'a'), cut('P2', 'a')])).toEqual([]);
    expect(lifecycle.findOscillation([add('P1', 'a'), cut('P2', 'a'), add('P3', 'a')])).toEqual([
      'P1',
      'P2',
      'P3',
    ]);
    const spread = [cut('P1', 'a'), add('P2', 'b'), add('P3', 'a'), add('P4', 'c'), cut('P5', 'a')];
    expect(lifecycle.findOscillation(spread)).toEqual(['P1', 'P3', 'P5']);
  });

  it('looks back no farther than five', () => {
    const long = [
      add('P1', 'a'),
      cut('P2', 'a'),
      add('P3', 'b'),
      add('P4', 'c'),
      add('P5', 'd'),
      add('P6', 'a'),
    ];
    expect(lifecycle.findOscillation(long)).toEqual([]);
    expect(
      lifecycle.findOscillation(long, { oscillationWindow: 6, oscillationThreshold: 3 }),
    ).toEqual(['P1', 'P2', 'P6']);
  });

  it('counts neither what is done twice nor what only moves', () => {
    expect(
      lifecycle.findOscillation([add('P1', 'a'), add('P2', 'a'), add('P3', 'a'), cut('P4', 'a')]),
    ).toEqual([]);
    const moved = { patchId: 'P2', added: ['a'], removed: ['a'] };
    expect(lifecycle.findOscillation([add('P1', 'a'), moved, cut('P3', 'a')])).toEqual([]);
  });

  it('finds the patches of every line that oscillates, once each', () => {
    const both = [
      add('P1', 'a', 'b'),
      cut('P2', 'a'),
      add('P3', 'a'),
      cut('P4', 'b'),
      add('P5', 'b'),
    ];
    expect(lifecycle.findOscillation(both)).toEqual(['P1', 'P2', 'P3', 'P4', 'P5']);
    expect(lifecycle.OSCILLATION_LIMITS).toEqual({ oscillationWindow: 5, oscillationThreshold: 3 });
  });
});

describe('finishRollback', () => {
  const compensation = {
    kind: 'revert',
    steps: ['revert'],
    requiredGates: ['G1'],
    cleanTreeCheck: true,
  } as const;
  const rollback = {
    reason: 'broke login',
    requester: 'dana',
    approver: 'lee',
    compensation,
  } as const;
  const patch = toPatch({ state: 'committed', files: ['a.ts'], taskId: 'T1', workstreamId: 'S1' });
  const birth = lifecycle.toRevert(patch, 'P2');
  const revert = { ...toPatch(birth), state: 'committed' } as const;
  const facts = { rollback, revert, openGates: ['G9'], isTreeClean: true };
  const judged = (more: object) => {
    const result = lifecycle.finishRollback(patch, { ...facts, ...more }, asked);
    if (!result.ok) return result.refusal;
    const { entity, command } = result.value;
    const decided = entity === 'patch' ? lifecycle.patchDecider.decide(command, patch) : undefined;
    return decided?.ok === true ? decided.value[0] : decided?.refusal;
  };

  it('makes of the undoing a patch of its own', () => {
    expect(birth).toEqual({
      patchId: 'P2',
      format: 'unified_diff',
      files: ['a.ts'],
      isRequired: true,
      maxApplyAttempts: 3,
      rollbackOfPatchId: 'P1',
      taskId: 'T1',
      workstreamId: 'S1',
    });
    expect(lifecycle.toRevert(toPatch({ maxApplyAttempts: 2 }), 'P2')).toStrictEqual({
      patchId: 'P2',
      format: 'unified_diff',
      files: [],
      isRequired: true,
      maxApplyAttempts: 2,
      rollbackOfPatchId: 'P1',
    });
  });

  it('counts the original as undone once the revert is committed', () => {
    const command = {
      ...asked,
      type: 'roll_back',
      ...rollback,
      revertPatchId: 'P2',
      isRevertCommitted: true,
    };
    expect(lifecycle.finishRollback(patch, facts, asked)).toEqual(
      accept({ entity: 'patch', id: 'P1', command }),
    );
    expect(judged({})).toEqual({
      type: 'patch_rolled_back',
      at: minute(9),
      from: 'committed',
      revertPatchId: 'P2',
      ...rollback,
    });
    const missing = { code: 'COMPENSATION_REQUIRED' };
    expect(judged({ revert: { ...revert, state: 'verified' } })).toEqual(missing);
    expect(judged({ revert: { ...revert, rollbackOfPatchId: 'P9' } })).toEqual(missing);
    expect(judged({ revert: undefined })).toEqual(missing);
  });

  it('asks for the gates of the plan, a clean tree, a plan and another approver', () => {
    const closed = lifecycle.finishRollback(
      patch,
      { ...facts, openGates: ['G9', 'G1'], isTreeClean: false },
      asked,
    );
    expect(closed).toEqual(refuse({ code: 'GATE_BLOCKED', openGates: ['G1'] }));
    expect(judged({ isTreeClean: false })).toEqual({ code: 'TREE_DIRTY' });
    expect(judged({ rollback: { ...rollback, approver: 'dana' } })).toEqual({
      code: 'APPROVAL_REQUIRED',
    });
    const { compensation: _plan, ...planless } = rollback;
    expect(judged({ rollback: planless, isTreeClean: false })).toEqual({
      code: 'COMPENSATION_REQUIRED',
    });
    const accepted = { ...compensation, kind: 'accept', cleanTreeCheck: false };
    expect(
      judged({
        rollback: { ...rollback, compensation: accepted },
        revert: undefined,
        isTreeClean: false,
      }),
    ).toMatchObject({
      type: 'patch_rolled_back',
    });
  });
});

describe('followNoRoute', () => {
  const unroutable = {
    taskId: 'T1',
    noRouteSince: minute(0),
    notBefores: [minute(12), minute(9), minute(5)],
  };
  const at = (ms: number) => ({ by: 'system', at: toInstant(ms) });

  it('waits for the first tool that may be asked again, and no longer than the limit', () => {
    expect(lifecycle.followNoRoute(unroutable, asked)).toEqual({ until: minute(12) });
    expect(lifecycle.followNoRoute({ ...unroutable, notBefores: [minute(40)] }, asked)).toEqual({
      until: minute(15),
    });
    expect(lifecycle.followNoRoute({ ...unroutable, notBefores: [] }, asked)).toEqual({
      until: minute(15),
    });
    expect(lifecycle.followNoRoute({ ...unroutable, noRouteAfterMs: 660_000 }, asked)).toEqual({
      until: minute(11),
    });
  });

  it('fails the task when the wait is over and not a millisecond before', () => {
    expect(lifecycle.followNoRoute(unroutable, at(899_999))).toEqual({ until: minute(15) });
    const fail = { ...at(900_000), type: 'fail', reason: 'no_route' } as const;
    expect(lifecycle.followNoRoute(unroutable, at(900_000))).toEqual({
      step: { entity: 'task', id: 'T1', command: fail },
    });
    expect(lifecycle.taskDecider.decide(fail, toTask({ state: 'queued' })).ok).toBe(true);
    expect(lifecycle.NO_ROUTE_AFTER_MS).toBe(900_000);
  });
});
