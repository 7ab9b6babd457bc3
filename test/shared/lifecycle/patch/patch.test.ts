import { describe, expect, it } from 'vitest';
import { accept } from '#shared/kernel/index.ts';
import * as patch from '#shared/lifecycle/index.ts';
import { FIN, followMatrix, NO } from '../follow-matrix.ts';
import {
  applied,
  applyFailed,
  asked,
  birth,
  commandAt,
  committed,
  created,
  dropped,
  given,
  inQueue,
  inTree,
  kept,
  minute,
  proven,
  quarantined,
  queued,
  replay,
  retried,
  rollback,
  rolledBack,
  scope,
  validated,
  verified,
  verifyFailed,
} from './patch-cases.ts';

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
    command: () => commandAt(10),
    birth: { ...asked(1), type: 'create', ...birth },
    counts: { edges: 24, refused: 86, final: 2 },
  });
});

describe('patchDecider', () => {
  it('keeps what a look at the diff found wrong, and forgets none of it', () => {
    const errors = ['hunk 2 is malformed'];
    const drop = given(created).when({ ...commandAt(7).drop, errors });
    expect(drop).toEqual(accept([{ ...dropped, errors }]));
    expect(replay([created, { ...dropped, errors }]).validation.errors).toEqual(errors);
    const aside = given(created).when({ ...commandAt(6).quarantine, errors });
    expect(aside).toEqual(accept([{ ...quarantined, errors }]));
    const history = [created, { ...quarantined, errors }];
    expect(replay(history).validation.errors).toEqual(errors);
    expect(replay([...history, dropped]).validation).toMatchObject({ errors, formatOk: false });
  });

  it('tells each step with what belongs to it', () => {
    expect(given().when({ ...asked(0), type: 'create', ...birth })).toEqual(accept([created]));
    expect(given(created).when(commandAt(1).validate)).toEqual(accept([validated]));
    expect(given(created, validated).when(commandAt(2).enqueue)).toEqual(accept([queued]));
    expect(given(...inQueue).when(commandAt(3).apply)).toEqual(accept([applied]));
    expect(given(...inQueue).when(commandAt(3).fail_apply)).toEqual(accept([applyFailed]));
    expect(given(...inTree).when(commandAt(4).fail_verification)).toEqual(accept([verifyFailed]));
    expect(given(...inTree).when(commandAt(4).verify)).toEqual(accept([verified]));
    expect(given(...proven).when(commandAt(5).commit)).toEqual(accept([committed]));
    expect(given(...kept).when(commandAt(9).roll_back)).toEqual(accept([rolledBack]));
    expect(given(created).when(commandAt(6).quarantine)).toEqual(accept([quarantined]));
    expect(given(...inTree).when(commandAt(6).quarantine)).toEqual(
      accept([{ ...quarantined, attempts: 1 }]),
    );
    expect(given(created).when(commandAt(7).drop)).toEqual(accept([dropped]));
  });

  it('takes nothing for granted before it was looked at', () => {
    expect(replay([created]).validation).toEqual({
      formatOk: false,
      scopeOk: false,
      constraintsOk: false,
      errors: [],
      testsRan: false,
    });
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
      errors: [],
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
      state: 'rolled_back',
      version: 7,
      scope,
      position: 4,
      commitId: 'c0ffee',
      rollback,
      validation: {
        formatOk: true,
        scopeOk: true,
        constraintsOk: true,
        errors: [],
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
