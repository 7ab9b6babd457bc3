import { toInstant } from '#shared/kernel/index.ts';
import * as lifecycle from '#shared/lifecycle/index.ts';
import {
  ask,
  type Draw,
  holder,
  holds,
  namedToken,
  open,
  some,
  token,
  word,
} from './lifecycle-facts.ts';

const drawWorker: Draw<lifecycle.WorkerCommand> = (random, model) => {
  const a = ask(random, model);
  const leaseToken = token(random, model);
  const heardAt = toInstant(1_000_000_000 + random.between(0, 600_000));
  const heard = random.chance(0.8) ? {} : { heardAt };
  const { WORKER_CONFIG: config } = lifecycle;
  // biome-ignore format: a list of commands is read by its lines
  return random.pick<lifecycle.WorkerCommand>([
    {
      ...a,
      type: 'create',
      workerId: 'W1',
      workerType: 'executor',
      adapterType: 'process',
      capabilities: [],
      affinity: 'gpu',
      config,
    },
    { ...a, type: 'ready', capabilities: holds(random) ? ['code'] : [] },
    {
      ...a,
      type: 'assign',
      taskId: 'T1',
      leaseToken: random.between(1, 3),
      isTaskQueued: holds(random),
      requiredCapabilities: holds(random) ? ['code'] : ['draw'],
      ...(random.chance(0.5) ? {} : { requiredAffinity: holds(random) ? 'gpu' : 'cpu' }),
      ...holder(random),
    },
    { ...a, type: 'finish', leaseToken, outcome: 'completed' },
    { ...a, type: 'pause', reason: word(random) },
    { ...a, type: 'resume' },
    { ...a, type: 'resume_task', leaseToken },
    { ...a, type: 'drain', reason: word(random) },
    { ...a, type: 'stop', reason: word(random), force: random.chance(0.3) },
    { ...a, type: 'lose', ...heard },
    { ...a, type: 'recover' },
    {
      ...a,
      type: 'crash',
      reason: random.pick(['silent', 'silent', 'start_timeout', 'process_ended']),
      message: '',
      ...heard,
    },
    { ...a, type: 'heartbeat', ...namedToken(random, model), load: 0 },
    { ...a, type: 'release', leaseToken, outcome: 'failed' },
  ]);
};

const drawPatch: Draw<lifecycle.PatchCommand> = (random, model) => {
  const a = ask(random, model);
  const treeHash = random.chance(0.6) ? 'h1' : 'h2';
  const isTreeReverted = holds(random);
  const compensation = {
    kind: 'revert',
    steps: ['x'],
    requiredGates: [],
    cleanTreeCheck: false,
  } as const;
  // biome-ignore format: a list of commands is read by its lines
  return random.pick<lifecycle.PatchCommand>([
    {
      ...a,
      type: 'create',
      patchId: 'P1',
      format: 'unified_diff',
      files: ['a'],
      isRequired: true,
      maxApplyAttempts: 2,
    },
    {
      ...a,
      type: 'validate',
      formatOk: holds(random),
      scopeOk: holds(random),
      constraintsOk: holds(random),
      files: ['a'],
      insertions: 1,
      deletions: 0,
      hunks: 1,
    },
    { ...a, type: 'enqueue', openPredecessors: open(random), position: 0 },
    {
      ...a,
      type: 'apply',
      doesBaseMatch: holds(random),
      isTreeLocked: holds(random),
      files: ['a'],
      treeHash,
    },
    { ...a, type: 'fail_apply', isTreeUnchanged: holds(random), errorCode: 'X', message: 'x' },
    { ...a, type: 'fail_verification', isTreeReverted, gateIds: [] },
    { ...a, type: 'retry' },
    { ...a, type: 'verify', unmetTests: open(random), gateIds: [], treeHash },
    { ...a, type: 'commit', treeHash, openGates: open(random), commitId: 'c1' },
    {
      ...a,
      type: 'roll_back',
      reason: word(random),
      requester: 'dana',
      ...(holds(random) ? { approver: random.pick(['lee', 'dana', 'lee', '']) } : {}),
      ...(holds(random) ? { compensation } : {}),
      isRevertCommitted: holds(random),
    },
    { ...a, type: 'quarantine', reason: word(random), path: 'q', isTreeReverted },
    { ...a, type: 'drop', reason: word(random), isTreeReverted, isByPerson: random.chance(0.5) },
  ]);
};

const drawCheck: Draw<lifecycle.GateCheckCommand> = (random, model) => {
  const a = ask(random, model);
  const condition = {
    metricKey: 'm',
    op: 'gte',
    threshold: 1,
    unit: 'count',
    minSamples: 1,
  } as const;
  const conditions = random
    .pick([['met'], ['met', 'unmet'], ['between'], ['between', 'unmet'], []] as const)
    .map((outcome) => ({ ...condition, outcome }));
  const findings = { outputHash: holds(random) ? 'aa' : '', conditions };
  // biome-ignore format: a list of commands is read by its lines
  return random.pick<lifecycle.GateCheckCommand>([
    {
      ...a,
      type: 'create',
      checkRunId: 'K1',
      gateId: 'G1',
      checkId: 'unit',
      checkType: 'metric',
      required: true,
      dryRun: false,
      attempt: 1,
    },
    {
      ...a,
      type: 'start',
      openChecks: open(random),
      ...(holds(random) ? { command: 'npm test' } : {}),
      subjectHash: 'bb',
    },
    { ...a, type: 'block', blockedBy: some(random) },
    { ...a, type: 'unblock', openBlockers: open(random) },
    { ...a, type: 'pass', ...findings },
    { ...a, type: 'fail', ...findings },
    { ...a, type: 'record_error', errorKind: 'timeout', message: 'x' },
    { ...a, type: 'leave_open', reason: word(random), conditions: [] },
    { ...a, type: 'skip', reason: word(random) },
  ]);
};

const drawBreaker: Draw<lifecycle.BreakerCommand> = (random, model) => {
  const a = ask(random, model);
  const probeId = holds(random) ? 'S1' : 'S2';
  // biome-ignore format: a list of commands is read by its lines
  return random.pick<lifecycle.BreakerCommand>([
    { ...a, type: 'create', toolId: 'aider' },
    { ...a, type: 'trip', faults: random.between(4, 6) },
    { ...a, type: 'probe', probeId },
    { ...a, type: 'close', probeId },
    { ...a, type: 'reopen', probeId },
  ]);
};

/** How a command of each machine of means is drawn. */
export const MEANS_DRAWS = {
  worker: drawWorker,
  patch: drawPatch,
  gateCheck: drawCheck,
  breaker: drawBreaker,
} as const;
