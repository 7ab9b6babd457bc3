import {
  blockers,
  bound,
  budget,
  countOne,
  current,
  currentIfNamed,
  fixLimit,
  gates,
  hasTries,
  heldIfNamed,
  none,
  nothing,
  number,
  passable,
  reason,
  running,
  text,
  truth,
  unblocked,
} from './lifecycle-asks.ts';
import type { Ask, ModelMachine } from './lifecycle-model.ts';

/** Run, row by row as the specification has it; what moves nothing stands last. */
// biome-ignore format: a table is read by its rows
export const run: ModelMachine = {
  queued: 'queued',
  started: 'running',
  closed: 'succeeded failed quarantined canceled',
  rows: [
    { on: 'create', from: 'none', to: 'pending', sets: bound },
    {
      on: 'enqueue',
      from: 'pending',
      to: 'queued',
      asks: [truth('isConfigValid', 'RUN_CONFIG_INVALID')],
    },
    {
      on: 'start',
      from: 'pending queued',
      to: 'running',
      asks: [nothing('planFault', 'PLAN_INVALID'), truth('isSlotFree', 'RUN_NO_SLOT'), budget],
    },
    { on: 'pause', from: 'running', to: 'paused', asks: [reason] },
    {
      on: 'resume',
      from: 'paused',
      to: 'running',
      asks: [['RUN_HARD_STOPPED', (facts) => facts['isHardStopped'] === false], budget],
    },
    {
      on: 'begin_validation',
      from: 'running',
      to: 'validating',
      asks: [nothing('openWorkstreams', 'RUN_WORK_OPEN')],
    },
    { on: 'reopen', from: 'validating', to: 'running', asks: [fixLimit], sets: countOne },
    {
      on: 'succeed',
      from: 'running validating',
      to: 'succeeded',
      asks: [
        nothing('openGates', 'RUN_GATES_OPEN'),
        nothing('openWorkstreams', 'RUN_WORK_OPEN'),
        nothing('openPatches', 'RUN_PATCHES_OPEN'),
        ['ILLEGAL_TRANSITION', (facts, { state }) => state === 'validating' || facts['hasAcceptance'] === false],
      ],
    },
    { on: 'fail', from: 'queued running paused validating', to: 'failed', asks: [reason] },
    {
      on: 'quarantine',
      from: 'running validating failed',
      to: 'quarantined',
      asks: [reason, ['EVIDENCE_REQUIRED', ({ patchId, errorId }) => !none(patchId) || !none(errorId)]],
    },
    {
      on: 'cancel',
      from: 'pending queued running paused validating',
      to: 'canceled',
      asks: [reason],
    },
    { on: 'note', from: '*', to: '=' },
  ],
};

const fenced: Ask = ['LEASE_HELD', (_, { isFenced }) => isFenced === true];

/** Task, row by row as the specification has it; what moves nothing stands last. */
// biome-ignore format: a table is read by its rows
export const task: ModelMachine = {
  queued: 'queued',
  started: 'running',
  closed: 'completed failed canceled',
  rows: [
    {
      on: 'create',
      from: 'none',
      to: 'pending',
      sets: ({ maxAttempts }) => ({ most: number(maxAttempts), token: 0 }),
    },
    {
      on: 'queue',
      from: 'pending',
      to: 'queued',
      asks: [passable(nothing('openDependencies', 'DEPENDENCY_OPEN')), gates],
    },
    { on: 'block', from: 'pending', to: 'blocked', asks: [blockers] },
    { on: 'unblock', from: 'blocked', to: 'pending', asks: [unblocked] },
    {
      on: 'start',
      from: 'queued',
      to: 'running',
      asks: [
        running,
        gates,
        nothing('heldLocks', 'LOCK_HELD'),
        budget,
        nothing('leaseHolder', 'LEASE_HELD'),
        ['STALE_LEASE', (facts, { token }) => number(facts['leaseToken']) > number(token)],
      ],
      sets: (facts, { count }) => ({ count: count + 1, token: number(facts['leaseToken']) }),
    },
    {
      on: 'submit',
      from: 'running',
      to: 'validating',
      asks: [current, text('toolResultId', 'RESULT_MISSING')],
    },
    {
      on: 'complete',
      from: 'validating',
      to: 'completed',
      asks: [passable(nothing('unmetChecks', 'ACCEPTANCE_UNMET')), gates, nothing('openPatches', 'PATCHES_OPEN')],
    },
    {
      on: 'retry',
      from: 'running',
      to: 'retrying',
      asks: [currentIfNamed, truth('isRetryable', 'NOT_RETRYABLE'), hasTries],
      sets: ({ random }, { count }, nowMs) => ({
        untilMs: nowMs + Math.min(60_000, Math.floor(1_000 * 2 ** (count - 1) * (0.5 + number(random)))),
      }),
    },
    {
      on: 'requeue',
      from: 'retrying',
      to: 'queued',
      asks: [['BACKOFF_OPEN', (_, { untilMs }, nowMs) => nowMs >= number(untilMs), 'passable']],
    },
    { on: 'requeue', from: 'running', to: 'queued', asks: [fenced, hasTries] },
    {
      on: 'fail',
      from: 'queued running validating',
      to: 'failed',
      asks: [heldIfNamed, reason, ['NOT_RUN_YET', (facts, { state }) => state !== 'queued' || facts['reason'] === 'no_route', 'passable']],
    },
    {
      on: 'dead_letter',
      from: 'running',
      to: 'failed',
      asks: [fenced, ['ATTEMPTS_LEFT', (_, { count, most }) => count === most]],
    },
    {
      on: 'cancel',
      from: 'pending queued blocked running retrying validating',
      to: 'canceled',
      asks: [reason],
    },
    {
      on: 'fence',
      from: 'running',
      to: '=',
      sets: (_, { token }) => ({ token: number(token) + 1, isFenced: true }),
    },
  ],
};

/** Workstream, row by row as the specification has it; what moves nothing stands last. */
// biome-ignore format: a table is read by its rows
export const workstream: ModelMachine = {
  queued: 'ready',
  started: 'executing',
  closed: 'completed failed canceled skipped',
  rows: [
    { on: 'create', from: 'none', to: 'planned', sets: bound },
    {
      on: 'release',
      from: 'planned',
      to: 'ready',
      asks: [passable(nothing('openDependencies', 'DEPENDENCY_OPEN')), passable(truth('isPhaseActive', 'PHASE_NOT_ACTIVE'))],
    },
    { on: 'block', from: 'planned', to: 'blocked', asks: [blockers] },
    { on: 'unblock', from: 'blocked', to: 'ready', asks: [unblocked] },
    { on: 'start', from: 'ready', to: 'executing', asks: [running, gates] },
    {
      on: 'begin_validation',
      from: 'executing',
      to: 'validating',
      asks: [nothing('openTasks', 'WORKSTREAM_WORK_OPEN')],
    },
    {
      on: 'reopen',
      from: 'validating',
      to: 'executing',
      asks: [['FIX_TASK_REQUIRED', ({ taskIds }) => !none(taskIds)], fixLimit],
      sets: countOne,
    },
    {
      on: 'complete',
      from: 'validating',
      to: 'completed',
      asks: [passable(nothing('unmetChecks', 'ACCEPTANCE_UNMET')), nothing('failedCriticals', 'CRITICAL_FAILED'), gates],
    },
    { on: 'fail', from: 'executing validating', to: 'failed', asks: [reason] },
    { on: 'skip', from: 'planned blocked ready', to: 'skipped', asks: [reason] },
    {
      on: 'cancel',
      from: 'planned blocked ready executing validating',
      to: 'canceled',
      asks: [reason],
    },
  ],
};

const workDone = nothing('openWorkstreams', 'PHASE_WORK_OPEN');
/** Phase, row by row as the specification has it; what moves nothing stands last. */
// biome-ignore format: a table is read by its rows
export const phase: ModelMachine = {
  started: 'active',
  closed: 'completed failed skipped',
  rows: [
    {
      on: 'create',
      from: 'none',
      to: 'pending',
      sets: (facts) => ({ ...bound(facts), gates: none(facts['gateIds']) ? 0 : 1 }),
    },
    {
      on: 'activate',
      from: 'pending',
      to: 'active',
      asks: [passable(nothing('openPhases', 'PHASE_ORDER'))],
    },
    {
      on: 'gate',
      from: 'active',
      to: 'gated',
      asks: [workDone, ['GATE_EMPTY', (_, model) => model.gates === 1]],
    },
    { on: 'reopen', from: 'gated', to: 'active', asks: [fixLimit], sets: countOne },
    {
      on: 'complete',
      from: 'active',
      to: 'completed',
      asks: [['PHASE_GATES_OPEN', (_, model) => model.gates === 0], workDone],
    },
    {
      on: 'complete',
      from: 'gated',
      to: 'completed',
      asks: [nothing('openGates', 'PHASE_GATES_OPEN'), workDone],
    },
    { on: 'fail', from: 'active gated', to: 'failed', asks: [reason] },
    { on: 'skip', from: 'pending', to: 'skipped', asks: [reason] },
  ],
};

/** Step attempt, row by row as the specification has it; what moves nothing stands last. */
// biome-ignore format: a table is read by its rows
export const step: ModelMachine = {
  started: 'running',
  closed: 'succeeded failed canceled',
  rows: [
    { on: 'create', from: 'none', to: 'pending', asks: [running] },
    {
      on: 'start',
      from: 'pending',
      to: 'running',
      asks: [running, ['STALE_LEASE', ({ leaseToken, currentToken }) => leaseToken === currentToken], ['BREAKER_OPEN', (facts) => facts['isBreakerOpen'] === false]],
    },
    {
      on: 'succeed',
      from: 'running',
      to: 'succeeded',
      asks: [text('toolResultId', 'RESULT_MISSING')],
    },
    { on: 'fail', from: 'pending running', to: 'failed' },
    { on: 'cancel', from: 'pending running', to: 'canceled', asks: [reason] },
  ],
};
