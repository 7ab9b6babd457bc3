import { describe, expect, it } from 'vitest';
import { accept, refuse, toInstant } from '#shared/kernel/index.ts';
import * as patch from '#shared/lifecycle/index.ts';
import { FIN, followMatrix, NO } from '../follow-matrix.ts';

const { decide, evolve, initial } = patch.patchDecider;
const replay = (history: readonly patch.PatchEvent[]) => history.reduce(evolve, initial);
const given = (...history: readonly patch.PatchEvent[]) => ({
  when: (command: patch.PatchCommand) => decide(command, replay(history)),
});
const minute = (n: number) => toInstant(n * 60_000);
const asked = (n: number) => ({ at: minute(n), by: 'system' });

const birth = {
  patchId: 'P1',
  format: 'unified_diff',
  files: ['src/a.ts'],
  chainId: 'C1',
  taskId: 'T1',
  workstreamId: 'S1',
  isRequired: true,
  maxApplyAttempts: 2,
} as const;
const scope = { files: ['src/a.ts'], insertions: 3, deletions: 1, hunks: 2 } as const;
const created = { type: 'patch_created', at: minute(0), ...birth } as const;
const validated = { type: 'patch_validated', at: minute(1), ...scope } as const;
const queued = { type: 'patch_queued', at: minute(2), position: 4 } as const;
const applied = {
  type: 'patch_applied',
  at: minute(3),
  attempt: 1,
  files: ['src/a.ts'],
  treeHash: 'h1',
  workspaceId: 'ws1',
} as const;
const applyFailed = {
  type: 'patch_apply_failed',
  at: minute(3),
  attempt: 1,
  errorCode: 'HUNK_FAILED',
  message: 'hunk 2',
} as const;
const verifyFailed = {
  type: 'patch_verification_failed',
  at: minute(4),
  attempt: 1,
  gateIds: ['G1'],
} as const;
const retried = { type: 'patch_retried', at: minute(4), attempt: 2 } as const;
const verified = {
  type: 'patch_verified',
  at: minute(4),
  gateIds: ['G1'],
  treeHash: 'h1',
} as const;
const committed = {
  type: 'patch_committed',
  at: minute(5),
  commitId: 'c0ffee',
  treeHash: 'h1',
} as const;
const compensation = {
  kind: 'revert',
  steps: ['revert it'],
  requiredGates: ['G1'],
  cleanTreeCheck: true,
} as const;
const rollback = {
  reason: 'broke login',
  requester: 'dana',
  approver: 'lee',
  compensation,
} as const;
const rolledBack = {
  type: 'patch_rolled_back',
  at: minute(9),
  from: 'committed',
  revertPatchId: 'P2',
  ...rollback,
} as const;
const quarantined = {
  type: 'patch_quarantined',
  at: minute(6),
  reason: 'unsafe',
  path: 'q/P1.patch',
  attempts: 0,
} as const;
const dropped = { type: 'patch_dropped', at: minute(7), reason: 'not needed' } as const;

const command = (n: number) =>
  ({
    validate: {
      ...asked(n),
      type: 'validate',
      formatOk: true,
      scopeOk: true,
      constraintsOk: true,
      ...scope,
    },
    enqueue: { ...asked(n), type: 'enqueue', openPredecessors: [], position: 4 },
    apply: {
      ...asked(n),
      type: 'apply',
      doesBaseMatch: true,
      isTreeLocked: true,
      files: ['src/a.ts'],
      treeHash: 'h1',
      workspaceId: 'ws1',
    },
    fail_apply: {
      ...asked(n),
      type: 'fail_apply',
      isTreeUnchanged: true,
      errorCode: 'HUNK_FAILED',
      message: 'hunk 2',
    },
    fail_verification: {
      ...asked(n),
      type: 'fail_verification',
      isTreeReverted: true,
      gateIds: ['G1'],
    },
    retry: { ...asked(n), type: 'retry' },
    verify: { ...asked(n), type: 'verify', unmetTests: [], gateIds: ['G1'], treeHash: 'h1' },
    commit: { ...asked(n), type: 'commit', treeHash: 'h1', openGates: [], commitId: 'c0ffee' },
    roll_back: {
      ...asked(n),
      type: 'roll_back',
      ...rollback,
      revertPatchId: 'P2',
      isRevertCommitted: true,
    },
    quarantine: {
      ...asked(n),
      type: 'quarantine',
      reason: 'unsafe',
      path: 'q/P1.patch',
      isTreeReverted: true,
    },
    drop: {
      ...asked(n),
      type: 'drop',
      reason: 'not needed',
      isTreeReverted: true,
      isByPerson: true,
    },
  }) as const;

const inQueue = [created, validated, queued];
const inTree = [...inQueue, applied];
const proven = [...inTree, verified];
const kept = [...proven, committed];

describe('the patch machine', () => {
  // Every cell is written out from the specification, none computed from the table it checks.
  followMatrix<
    patch.PatchState,
    patch.PatchTrigger,
    patch.PatchCommand,
    patch.Patch,
    patch.PatchEvent
  >({
    decider: patch.patchDecider,
    table: patch.PATCH_TRANSITIONS,
    states: patch.PATCH_STATES,
    triggers: patch.PATCH_TRIGGERS,
    // biome-ignore format: a matrix is read by its columns
    matrix: {
      created:      { validate: 'validated', enqueue: NO,       apply: NO,        fail_apply: NO,             fail_verification: NO,             retry: NO,       verify: NO,         commit: NO,          roll_back: NO,            quarantine: 'quarantined', drop: 'dropped' },
      validated:    { validate: NO,          enqueue: 'queued', apply: NO,        fail_apply: NO,             fail_verification: NO,             retry: NO,       verify: NO,         commit: NO,          roll_back: NO,            quarantine: 'quarantined', drop: 'dropped' },
      queued:       { validate: NO,          enqueue: NO,       apply: 'applied', fail_apply: 'apply_failed', fail_verification: NO,             retry: NO,       verify: NO,         commit: NO,          roll_back: NO,            quarantine: 'quarantined', drop: 'dropped' },
      applied:      { validate: NO,          enqueue: NO,       apply: NO,        fail_apply: NO,             fail_verification: 'apply_failed', retry: NO,       verify: 'verified', commit: NO,          roll_back: 'rolled_back', quarantine: 'quarantined', drop: 'dropped' },
      apply_failed: { validate: NO,          enqueue: NO,       apply: NO,        fail_apply: NO,             fail_verification: NO,             retry: 'queued', verify: NO,         commit: NO,          roll_back: NO,            quarantine: 'quarantined', drop: 'dropped' },
      verified:     { validate: NO,          enqueue: NO,       apply: NO,        fail_apply: NO,             fail_verification: NO,             retry: NO,       verify: NO,         commit: 'committed', roll_back: 'rolled_back', quarantine: 'quarantined', drop: 'dropped' },
      committed:    { validate: NO,          enqueue: NO,       apply: NO,        fail_apply: NO,             fail_verification: NO,             retry: NO,       verify: NO,         commit: NO,          roll_back: 'rolled_back', quarantine: NO,            drop: NO },
      rolled_back:  { validate: FIN,         enqueue: FIN,      apply: FIN,       fail_apply: FIN,            fail_verification: FIN,            retry: FIN,      verify: FIN,        commit: FIN,         roll_back: FIN,           quarantine: FIN,           drop: FIN },
      quarantined:  { validate: NO,          enqueue: NO,       apply: NO,        fail_apply: NO,             fail_verification: NO,             retry: NO,       verify: NO,         commit: NO,          roll_back: NO,            quarantine: NO,            drop: 'dropped' },
      dropped:      { validate: FIN,         enqueue: FIN,      apply: FIN,       fail_apply: FIN,            fail_verification: FIN,            retry: FIN,      verify: FIN,        commit: FIN,         roll_back: FIN,           quarantine: FIN,           drop: FIN },
    },
    history: {
      created: [created],
      validated: [created, validated],
      queued: inQueue,
      applied: inTree,
      apply_failed: [...inQueue, applyFailed],
      verified: proven,
      committed: kept,
      rolled_back: [...kept, rolledBack],
      quarantined: [created, quarantined],
      dropped: [created, dropped],
    },
    command: () => command(10),
    birth: { ...asked(1), type: 'create', ...birth },
    counts: { edges: 24, refused: 86, final: 2 },
  });
});

describe('the guards of a patch', () => {
  const c = command(8);
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

describe('patchDecider', () => {
  it('tells each step with what belongs to it', () => {
    expect(given().when({ ...asked(0), type: 'create', ...birth })).toEqual(accept([created]));
    expect(given(created).when(command(1).validate)).toEqual(accept([validated]));
    expect(given(created, validated).when(command(2).enqueue)).toEqual(accept([queued]));
    expect(given(...inQueue).when(command(3).apply)).toEqual(accept([applied]));
    expect(given(...inQueue).when(command(3).fail_apply)).toEqual(accept([applyFailed]));
    expect(given(...inTree).when(command(4).fail_verification)).toEqual(accept([verifyFailed]));
    expect(given(...inTree).when(command(4).verify)).toEqual(accept([verified]));
    expect(given(...proven).when(command(5).commit)).toEqual(accept([committed]));
    expect(given(...kept).when(command(9).roll_back)).toEqual(accept([rolledBack]));
    expect(given(created).when(command(6).quarantine)).toEqual(accept([quarantined]));
    expect(given(...inTree).when(command(6).quarantine)).toEqual(
      accept([{ ...quarantined, attempts: 1 }]),
    );
    expect(given(created).when(command(7).drop)).toEqual(accept([dropped]));
  });

  it('keeps what was tried in the tree', () => {
    expect(replay([created]).apply).toEqual({ attempts: 0, appliedFiles: [] });
    const trial = {
      attempts: 1,
      lastAttemptAt: minute(3),
      appliedFiles: ['src/a.ts'],
      workspaceId: 'ws1',
      treeHash: 'h1',
    };
    expect(replay(inTree).apply).toEqual(trial);
    expect(replay([...inQueue, applyFailed]).apply).toEqual({
      attempts: 1,
      lastAttemptAt: minute(3),
      lastErrorCode: 'HUNK_FAILED',
      lastErrorMessage: 'hunk 2',
      appliedFiles: [],
    });
    const failed = replay([...inTree, verifyFailed]);
    expect(failed.apply).toEqual({
      attempts: 1,
      lastAttemptAt: minute(3),
      workspaceId: 'ws1',
      appliedFiles: [],
    });
    expect(failed.validation).toMatchObject({ testsRan: true, testsPassed: false });
    const seen = replay([...inTree, { ...verified, treeHash: 'h3' }]);
    expect(seen.apply.treeHash).toBe('h3');
    expect(seen.validation).toEqual({
      formatOk: true,
      scopeOk: true,
      constraintsOk: true,
      testsRan: true,
      testsPassed: true,
    });
    expect(replay([...inQueue, applyFailed, retried])).toMatchObject({
      state: 'queued',
      enteredAt: minute(4),
    });
  });

  it('keeps the stamps of a commit that was undone', () => {
    expect(replay([...kept, rolledBack])).toEqual({
      ...birth,
      ...{ state: 'rolled_back', version: 7, scope, position: 4, commitId: 'c0ffee', rollback },
      validation: {
        formatOk: true,
        scopeOk: true,
        constraintsOk: true,
        testsRan: true,
        testsPassed: true,
      },
      apply: {
        attempts: 1,
        lastAttemptAt: minute(3),
        appliedFiles: ['src/a.ts'],
        workspaceId: 'ws1',
        treeHash: 'h1',
      },
      revertPatchId: 'P2',
      createdAt: minute(0),
      closedAt: minute(5),
      rolledBackAt: minute(9),
      enteredAt: minute(9),
      lastAt: minute(9),
    });
  });

  it('sets no rollback stamp where nothing was committed, and keeps the first end of a quarantine', () => {
    const back = replay([
      ...inTree,
      { type: 'patch_rolled_back', at: minute(6), from: 'applied', reason: 'x', requester: 'dana' },
    ]);
    expect(back).toMatchObject({
      closedAt: minute(6),
      rollback: { reason: 'x', requester: 'dana' },
    });
    expect(back).not.toHaveProperty('rolledBackAt');
    expect(back).not.toHaveProperty('revertPatchId');
    expect(replay([created, quarantined, dropped])).toMatchObject({
      closedAt: minute(6),
      quarantine: { reason: 'unsafe', path: 'q/P1.patch', at: minute(6) },
      stateReason: 'not needed',
    });
    const note = {
      at: minute(1),
      trigger: 'drop',
      guard: 'X',
      person: 'dana',
      reason: 'y',
    } as const;
    expect(replay([created, { type: 'override_recorded', ...note }])).toMatchObject({
      state: 'created',
      version: 2,
      lastAt: minute(1),
    });
  });
});
