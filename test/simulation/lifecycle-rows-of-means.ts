import {
  blockers,
  countOne,
  current,
  currentIfNamed,
  gates,
  hasTries,
  none,
  nothing,
  number,
  passable,
  reason,
  text,
  truth,
  unblocked,
} from './lifecycle-asks.ts';
import type { Ask, Facts, Model, ModelMachine } from './lifecycle-model.ts';

const FREE = { held: undefined, token: undefined } as const;
const holdsTask: Ask = ['NO_TASK_HELD', (_, { held }) => held !== undefined];
const holdsNone: Ask = ['TASK_HELD', (_, { held }) => held === undefined];
const silentMs = (facts: Facts, { beatMs, createdMs = 0 }: Model, nowMs: number): number => {
  const heardMs = typeof facts['heardAt'] === 'string' ? Date.parse(facts['heardAt']) : 0;
  return nowMs - Math.max(beatMs ?? createdMs, heardMs);
};
const silentFor = (facts: Facts, model: Model, nowMs: number): boolean => {
  switch (facts['reason']) {
    case 'silent':
      return silentMs(facts, model, nowMs) > 300_000;
    case 'start_timeout':
      return model.state === 'starting' && nowMs - number(model.createdMs) > 60_000;
    default:
      return true;
  }
};

/** Worker, row by row as the specification has it; what moves nothing stands last. */
// biome-ignore format: a table is read by its rows
export const worker: ModelMachine = {
  started: 'idle',
  closed: 'stopped crashed',
  gone: { heartbeat: 'WORKER_GONE' },
  rows: [
    { on: 'create', from: 'none', to: 'starting' },
    {
      on: 'ready',
      from: 'starting',
      to: 'idle',
      asks: [['CAPABILITIES_MISSING', ({ capabilities }) => !none(capabilities)]],
      sets: (_, __, nowMs) => ({ beatMs: nowMs }),
    },
    {
      on: 'assign',
      from: 'idle',
      to: 'busy',
      asks: [
        truth('isTaskQueued', 'TASK_NOT_QUEUED'),
        ['CAPABILITY_MISMATCH', ({ requiredCapabilities: list }) => Array.isArray(list) && !list.includes('draw'), 'passable'],
        ['AFFINITY_MISMATCH', ({ requiredAffinity }) => requiredAffinity !== 'cpu', 'passable'],
        nothing('leaseHolder', 'LEASE_HELD'),
      ],
      sets: ({ taskId, leaseToken }) => ({ held: String(taskId), token: number(leaseToken) }),
    },
    { on: 'finish', from: 'busy', to: 'idle', asks: [current], sets: () => FREE },
    { on: 'pause', from: 'idle busy', to: 'paused', asks: [reason] },
    { on: 'resume', from: 'paused', to: 'idle', asks: [holdsNone] },
    { on: 'resume_task', from: 'paused', to: 'busy', asks: [holdsTask, current] },
    { on: 'drain', from: 'idle busy', to: 'draining', asks: [reason] },
    {
      on: 'stop',
      from: 'idle busy paused draining',
      to: 'stopped',
      asks: [['TASK_HELD', (facts, { held }) => held === undefined || facts['force'] === true], reason],
      sets: () => FREE,
    },
    {
      on: 'lose',
      from: 'idle busy',
      to: 'lost',
      asks: [['HEARTBEAT_FRESH', (facts, model, nowMs) => silentMs(facts, model, nowMs) > 120_000, 'passable']],
      sets: () => FREE,
    },
    { on: 'recover', from: 'lost', to: 'idle', sets: (_, __, nowMs) => ({ beatMs: nowMs }) },
    {
      on: 'crash',
      from: 'starting idle busy paused draining lost',
      to: 'crashed',
      asks: [['HEARTBEAT_FRESH', silentFor, 'passable']],
      sets: () => FREE,
    },
    { on: 'heartbeat', from: 'lost', to: 'idle', sets: (_, __, nowMs) => ({ beatMs: nowMs }) },
    {
      on: 'heartbeat',
      from: 'starting idle busy paused draining',
      to: '=',
      asks: [currentIfNamed],
      isKept: (_, { beatMs }, nowMs) => beatMs === undefined || nowMs - beatMs >= 60_000,
      sets: (_, __, nowMs) => ({ beatMs: nowMs }),
    },
    {
      on: 'release',
      from: 'paused draining',
      to: '=',
      asks: [holdsTask, current],
      sets: () => FREE,
    },
  ],
};

const inTree: Ask = [
  'TREE_DIRTY',
  (facts, { state }) =>
    (state !== 'applied' && state !== 'verified') || facts['isTreeReverted'] === true,
];
const keepHash = ({ treeHash: hash }: Facts) => ({ hash });
/** Patch, row by row as the specification has it; what moves nothing stands last. */
// biome-ignore format: a table is read by its rows
export const patch: ModelMachine = {
  closed: 'committed quarantined rolled_back dropped',
  rows: [
    {
      on: 'create',
      from: 'none',
      to: 'created',
      sets: ({ maxApplyAttempts }) => ({ most: number(maxApplyAttempts) }),
    },
    {
      on: 'validate',
      from: 'created',
      to: 'validated',
      asks: [truth('formatOk', 'PATCH_FORMAT'), truth('scopeOk', 'PATCH_SCOPE'), truth('constraintsOk', 'PATCH_CONSTRAINTS')],
    },
    {
      on: 'enqueue',
      from: 'validated',
      to: 'queued',
      asks: [nothing('openPredecessors', 'CHAIN_OPEN')],
    },
    {
      on: 'apply',
      from: 'queued',
      to: 'applied',
      asks: [truth('doesBaseMatch', 'BASE_MOVED'), truth('isTreeLocked', 'LOCK_HELD')],
      sets: (facts, { count }) => ({ count: count + 1, ...keepHash(facts) }),
    },
    {
      on: 'fail_apply',
      from: 'queued',
      to: 'apply_failed',
      asks: [truth('isTreeUnchanged', 'TREE_DIRTY')],
      sets: countOne,
    },
    {
      on: 'fail_verification',
      from: 'applied',
      to: 'apply_failed',
      asks: [truth('isTreeReverted', 'TREE_DIRTY')],
    },
    { on: 'retry', from: 'apply_failed', to: 'queued', asks: [hasTries] },
    {
      on: 'verify',
      from: 'applied',
      to: 'verified',
      asks: [nothing('unmetTests', 'TESTS_UNMET')],
      sets: keepHash,
    },
    {
      on: 'commit',
      from: 'verified',
      to: 'committed',
      asks: [['BASE_MOVED', (facts, { hash }) => facts['treeHash'] === hash], gates],
    },
    { on: 'roll_back', from: 'applied verified', to: 'rolled_back', asks: [reason] },
    {
      on: 'roll_back',
      from: 'committed',
      to: 'rolled_back',
      asks: [
        reason,
        ['APPROVAL_REQUIRED', ({ approver, requester }) => approver !== undefined && approver !== '' && approver !== requester],
        ['COMPENSATION_REQUIRED', ({ compensation, isRevertCommitted }) => compensation !== undefined && isRevertCommitted === true],
      ],
    },
    {
      on: 'quarantine',
      from: 'created validated queued applied apply_failed verified',
      to: 'quarantined',
      asks: [reason, inTree],
    },
    {
      on: 'drop',
      from: 'created validated queued applied apply_failed verified quarantined',
      to: 'dropped',
      asks: [reason, inTree, ['ACTOR_REQUIRED', (facts, { state }) => state !== 'quarantined' || facts['isByPerson'] === true]],
    },
  ],
};

const read = text('outputHash', 'RESULT_MISSING');
const outcomes = ({ conditions }: Facts): string => JSON.stringify(conditions);
/** Gate check, row by row as the specification has it; what moves nothing stands last. */
// biome-ignore format: a table is read by its rows
export const gateCheck: ModelMachine = {
  started: 'running',
  closed: 'passed failed error inconclusive skipped',
  rows: [
    { on: 'create', from: 'none', to: 'pending' },
    {
      on: 'start',
      from: 'pending',
      to: 'running',
      asks: [passable(nothing('openChecks', 'GATE_BLOCKED')), ['GATE_UNRUNNABLE', ({ command }) => command !== undefined]],
    },
    { on: 'block', from: 'pending', to: 'blocked', asks: [blockers] },
    { on: 'unblock', from: 'blocked', to: 'pending', asks: [unblocked] },
    {
      on: 'pass',
      from: 'running',
      to: 'passed',
      asks: [read, ['CRITERIA_UNMET', (facts) => !/"(unmet|between)"/.test(outcomes(facts))]],
    },
    {
      on: 'fail',
      from: 'running',
      to: 'failed',
      asks: [read, ['NOTHING_FAILED', (facts) => outcomes(facts).includes('"unmet"')]],
    },
    { on: 'record_error', from: 'running', to: 'error' },
    { on: 'leave_open', from: 'running', to: 'inconclusive', asks: [reason] },
    { on: 'skip', from: 'pending blocked running', to: 'skipped', asks: [reason] },
  ],
};

const probing: Ask = ['BREAKER_OPEN', ({ probeId }, { held }) => probeId === held];
/** Circuit breaker, row by row as the specification has it; what moves nothing stands last. */
// biome-ignore format: a table is read by its rows
export const breaker: ModelMachine = {
  closed: '',
  rows: [
    { on: 'create', from: 'none', to: 'closed', sets: () => ({ cooldownMs: 60_000 }) },
    {
      on: 'trip',
      from: 'closed',
      to: 'open',
      asks: [['BELOW_THRESHOLD', ({ faults }) => number(faults) >= 5, 'passable']],
      sets: ({ faults }, _, nowMs) => ({ count: number(faults), untilMs: nowMs + 60_000 }),
    },
    {
      on: 'probe',
      from: 'open',
      to: 'half_open',
      asks: [['COOLDOWN_OPEN', (_, { untilMs }, nowMs) => nowMs >= number(untilMs), 'passable']],
      sets: ({ probeId }) => ({ held: String(probeId) }),
    },
    {
      on: 'close',
      from: 'half_open',
      to: 'closed',
      asks: [probing],
      sets: () => ({ cooldownMs: 60_000, count: 0, held: undefined }),
    },
    {
      on: 'reopen',
      from: 'half_open',
      to: 'open',
      asks: [probing],
      sets: (_, { count, cooldownMs = 0 }, nowMs) => {
        const longerMs = Math.min(900_000, cooldownMs * 2);
        return {
          count: count + 1,
          cooldownMs: longerMs,
          untilMs: nowMs + longerMs,
          held: undefined,
        };
      },
    },
  ],
};
