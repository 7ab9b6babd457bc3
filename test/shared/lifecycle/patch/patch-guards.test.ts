import { describe, expect, it } from 'vitest';
import { accept, refuse } from '#shared/kernel/index.ts';
import * as patch from '#shared/lifecycle/index.ts';
import {
  applied,
  applyFailed,
  asked,
  commandAt,
  compensation,
  created,
  given,
  inQueue,
  inTree,
  kept,
  minute,
  proven,
  quarantined,
  retried,
  validated,
  verifyFailed,
} from './patch-cases.ts';

describe('the guards of a patch', () => {
  const c = commandAt(8);
  it.each<[string, readonly patch.PatchEvent[], patch.PatchCommand, patch.PatchRefusal]>([
    [
      'a readable diff first',
      [created],
      { ...c.validate, formatOk: false, scopeOk: false },
      { code: 'PATCH_FORMAT' },
    ],
    [
      'allowed paths',
      [created],
      { ...c.validate, scopeOk: false, constraintsOk: false },
      { code: 'PATCH_SCOPE' },
    ],
    [
      'a bearable size',
      [created],
      { ...c.validate, constraintsOk: false },
      { code: 'PATCH_CONSTRAINTS' },
    ],
    [
      'its turn in the chain',
      [created, validated],
      { ...c.enqueue, openPredecessors: ['P0'] },
      { code: 'CHAIN_OPEN', openPredecessors: ['P0'] },
    ],
    [
      'its base',
      inQueue,
      { ...c.apply, doesBaseMatch: false, isTreeLocked: false },
      { code: 'BASE_MOVED', treeHash: 'h1' },
    ],
    ['the lock of the tree', inQueue, { ...c.apply, isTreeLocked: false }, { code: 'LOCK_HELD' }],
    [
      'a tree left alone',
      inQueue,
      { ...c.fail_apply, isTreeUnchanged: false },
      { code: 'TREE_DIRTY' },
    ],
    [
      'a tree as before',
      inTree,
      { ...c.fail_verification, isTreeReverted: false },
      { code: 'TREE_DIRTY' },
    ],
    [
      'tests',
      inTree,
      { ...c.verify, unmetTests: ['unit'] },
      { code: 'TESTS_UNMET', unmetTests: ['unit'] },
    ],
    [
      'the tree that was verified',
      proven,
      { ...c.commit, treeHash: 'h2', openGates: ['G1'] },
      { code: 'BASE_MOVED', treeHash: 'h2' },
    ],
    [
      'gates',
      proven,
      { ...c.commit, openGates: ['G1'] },
      { code: 'GATE_BLOCKED', openGates: ['G1'] },
    ],
    [
      'a reason to roll back',
      kept,
      { ...c.roll_back, reason: '', approver: 'dana' },
      { code: 'REASON_REQUIRED' },
    ],
    [
      'another approver',
      kept,
      { ...c.roll_back, approver: 'dana', isRevertCommitted: false },
      { code: 'APPROVAL_REQUIRED' },
    ],
    ['a named approver', kept, { ...c.roll_back, approver: '' }, { code: 'APPROVAL_REQUIRED' }],
    [
      'any approver',
      kept,
      {
        ...asked(8),
        type: 'roll_back',
        reason: 'x',
        requester: 'dana',
        compensation,
        isRevertCommitted: true,
      },
      { code: 'APPROVAL_REQUIRED' },
    ],
    [
      'a plan',
      kept,
      {
        ...asked(8),
        type: 'roll_back',
        reason: 'x',
        requester: 'dana',
        approver: 'lee',
        isRevertCommitted: true,
      },
      { code: 'COMPENSATION_REQUIRED' },
    ],
    [
      'steps in the plan',
      kept,
      { ...c.roll_back, compensation: { ...compensation, steps: [] } },
      { code: 'COMPENSATION_REQUIRED' },
    ],
    [
      'a committed revert',
      kept,
      { ...c.roll_back, isRevertCommitted: false },
      { code: 'COMPENSATION_REQUIRED' },
    ],
    [
      'a reason to quarantine',
      inTree,
      { ...c.quarantine, reason: '', isTreeReverted: false },
      { code: 'REASON_REQUIRED' },
    ],
    [
      'a tree without it to quarantine',
      inTree,
      { ...c.quarantine, isTreeReverted: false },
      { code: 'TREE_DIRTY' },
    ],
    [
      'a tree without it to quarantine what is verified',
      proven,
      { ...c.quarantine, isTreeReverted: false },
      { code: 'TREE_DIRTY' },
    ],
    [
      'a reason to drop',
      inTree,
      { ...c.drop, reason: '', isTreeReverted: false },
      { code: 'REASON_REQUIRED' },
    ],
    [
      'a tree without it to drop',
      inTree,
      { ...c.drop, isTreeReverted: false, isByPerson: false },
      { code: 'TREE_DIRTY' },
    ],
    [
      'a person to drop what is quarantined',
      [created, quarantined],
      { ...c.drop, isByPerson: false },
      { code: 'ACTOR_REQUIRED' },
    ],
    ['an actor', [created], { ...c.drop, by: '' }, { code: 'ACTOR_REQUIRED' }],
  ])('ask for %s', (_name, history, when, refusal) => {
    expect(given(...history).when(when)).toEqual(refuse(refusal));
    const override = { person: 'dana', reason: 'I know better' };
    expect(given(...history).when({ ...when, override })).toEqual(refuse(refusal));
  });

  it('ask for no clean tree where it never was in one, and for no person but after quarantine', () => {
    const far = { isTreeReverted: false, isByPerson: false };
    for (const history of [[created], inQueue, [...inQueue, applyFailed]]) {
      expect(given(...history).when({ ...c.drop, ...far }).ok).toBe(true);
      expect(given(...history).when({ ...c.quarantine, ...far }).ok).toBe(true);
    }
  });

  it('ask for neither approver nor plan before the commit, nor for a revert where the plan has none', () => {
    const bare = {
      ...asked(8),
      type: 'roll_back',
      reason: 'x',
      requester: 'dana',
      isRevertCommitted: false,
    } as const;
    expect(given(...proven).when(bare)).toEqual(
      accept([
        {
          type: 'patch_rolled_back',
          at: minute(8),
          from: 'verified',
          reason: 'x',
          requester: 'dana',
        },
      ]),
    );
    for (const kind of ['manual_fix', 'accept'] as const) {
      const plan = { ...compensation, kind };
      expect(given(...kept).when({ ...bare, approver: 'lee', compensation: plan }).ok).toBe(true);
    }
  });

  it('let it be tried as often as its limit says and no more', () => {
    const once = [...inQueue, applyFailed];
    expect(given(...once).when(c.retry)).toEqual(accept([{ ...retried, at: minute(8) }]));
    const twice = [...once, retried, { ...applied, attempt: 2 }, { ...verifyFailed, attempt: 2 }];
    expect(given(...twice).when(c.retry)).toEqual(
      refuse({ code: 'ATTEMPTS_SPENT', attempts: 2, maxApplyAttempts: 2 }),
    );
    expect(patch.MAX_APPLY_ATTEMPTS).toBe(3);
  });
});
