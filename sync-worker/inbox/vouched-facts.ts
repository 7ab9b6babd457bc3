import type { EntityType, JsonObject } from '#shared/ledger/index.ts';

const NONE: readonly string[] = [];

/**
 * What a writer of events vouches for, by machine and trigger: it has seen the work happen, so what its guards would look up held. What the
 * ledger knows by itself is judged all the same: the table of states, leases, attempts and delays.
 */
export const VOUCHED_FACTS: Readonly<Record<EntityType, Readonly<Record<string, JsonObject>>>> = {
  run: {
    create: { maxFixLoops: 0 },
    enqueue: { isConfigValid: true },
    start: { isSlotFree: true, isBudgetReservable: true },
    resume: { isHardStopped: false, isBudgetReservable: true },
    begin_validation: { openWorkstreams: 0 },
    succeed: { openGates: NONE, openWorkstreams: 0, openPatches: 0 },
  },
  phase: {
    create: { gateIds: NONE, maxFixLoops: 0 },
    activate: { openPhases: NONE },
    gate: { openWorkstreams: 0 },
    complete: { openGates: NONE, openWorkstreams: 0 },
  },
  workstream: {
    create: { maxFixLoops: 0 },
    release: { openDependencies: NONE, isPhaseActive: true },
    unblock: { openBlockers: NONE },
    start: { isRunRunning: true, openGates: NONE },
    begin_validation: { openTasks: 0 },
    complete: { unmetChecks: NONE, failedCriticals: NONE, openGates: NONE },
  },
  task: {
    create: { maxAttempts: 1 },
    queue: { openDependencies: NONE, openGates: NONE },
    unblock: { openBlockers: NONE },
    start: { isRunRunning: true, openGates: NONE, heldLocks: NONE, isBudgetReservable: true },
    complete: { unmetChecks: NONE, openGates: NONE, openPatches: NONE },
    retry: { isRetryable: true },
  },
  step: {
    create: { isRunRunning: true },
    start: { isRunRunning: true, isBreakerOpen: false },
  },
  worker: {
    assign: { isTaskQueued: true, requiredCapabilities: NONE },
    stop: { force: true },
    heartbeat: { load: 0 },
  },
  patch: {
    create: { isRequired: false, maxApplyAttempts: 1 },
    validate: { formatOk: true, scopeOk: true, constraintsOk: true },
    enqueue: { openPredecessors: NONE },
    apply: { doesBaseMatch: true, isTreeLocked: true },
    fail_apply: { isTreeUnchanged: true },
    fail_verification: { isTreeReverted: true },
    verify: { unmetTests: NONE },
    commit: { openGates: NONE },
    roll_back: { isRevertCommitted: true },
    quarantine: { isTreeReverted: true },
    drop: { isTreeReverted: true, isByPerson: true },
  },
  gate_check: { start: { openChecks: NONE }, unblock: { openBlockers: NONE } },
  breaker: {},
};

/** What an event tells that the ledger counts by itself. A birth tells nothing of the kind. */
export const COUNTED_FIELDS: ReadonlySet<string> = new Set([
  'waitMs',
  'pausedMs',
  'durationMs',
  'activeMs',
  'netMs',
  'runMs',
  'blockedMs',
  'openMs',
  'silentMs',
  'startMs',
  'cooldownMs',
  'delayMs',
  'notBefore',
  'leaseExpiresAt',
  'attempt',
  'attempts',
  'fixLoop',
  'oldToken',
  'newToken',
  'workerIds',
  'heldTaskId',
  'from',
]);
