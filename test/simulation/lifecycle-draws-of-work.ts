import type * as lifecycle from '#shared/lifecycle/index.ts';
import {
  ask,
  count,
  type Draw,
  holder,
  holds,
  namedToken,
  open,
  some,
  token,
  word,
} from './lifecycle-facts.ts';

const drawRun: Draw<lifecycle.RunCommand> = (random, model) => {
  const a = ask(random, model);
  const isBudgetReservable = holds(random);
  // biome-ignore format: a list of commands is read by its lines
  return random.pick<lifecycle.RunCommand>([
    { ...a, type: 'create', runId: 'R1', maxFixLoops: 2 },
    { ...a, type: 'enqueue', isConfigValid: holds(random), queueDepth: 0 },
    {
      ...a,
      type: 'start',
      ...(holds(random) ? {} : { planFault: 'cycle' as const }),
      isSlotFree: holds(random),
      isBudgetReservable,
      taskCount: 1,
    },
    { ...a, type: 'pause', reason: word(random), inFlightTasks: 0 },
    { ...a, type: 'resume', isHardStopped: !holds(random), isBudgetReservable },
    {
      ...a,
      type: 'begin_validation',
      openWorkstreams: count(random),
      requiredGates: [],
      openPatches: 0,
    },
    { ...a, type: 'reopen', reason: 'x', taskIds: ['T1'] },
    {
      ...a,
      type: 'succeed',
      openGates: open(random),
      openWorkstreams: count(random),
      openPatches: count(random),
      hasAcceptance: random.chance(0.5),
      waivedGates: [],
      failedWorkstreams: 0,
      tasksCompleted: 1,
    },
    { ...a, type: 'fail', reason: 'operator' },
    { ...a, type: 'quarantine', reason: word(random), ...(holds(random) ? { patchId: 'P1' } : {}) },
    { ...a, type: 'cancel', reason: word(random), openTasks: 0 },
    { ...a, type: 'note', text: 'x' },
  ]);
};

const drawTask: Draw<lifecycle.TaskCommand> = (random, model) => {
  const a = ask(random, model);
  const reason = word(random);
  // biome-ignore format: a list of commands is read by its lines
  return random.pick<lifecycle.TaskCommand>([
    {
      ...a,
      type: 'create',
      taskId: 'T1',
      workstreamId: 'S1',
      kind: 'code',
      isCritical: false,
      dependsOn: [],
      maxAttempts: 2,
    },
    {
      ...a,
      type: 'queue',
      openDependencies: open(random),
      openGates: open(random),
      priority: 'normal',
      score: 1,
    },
    { ...a, type: 'block', blockedBy: some(random), reason: 'x' },
    { ...a, type: 'unblock', openBlockers: open(random) },
    {
      ...a,
      type: 'start',
      isRunRunning: holds(random),
      openGates: open(random),
      heldLocks: open(random),
      isBudgetReservable: holds(random),
      ...holder(random),
      workerId: 'W1',
      leaseToken: token(random, model) + 1,
    },
    {
      ...a,
      type: 'submit',
      leaseToken: token(random, model),
      toolResultId: holds(random) ? 'X1' : '',
      patchIds: [],
    },
    {
      ...a,
      type: 'complete',
      unmetChecks: open(random),
      openGates: open(random),
      openPatches: open(random),
    },
    {
      ...a,
      type: 'retry',
      isRetryable: holds(random),
      ...namedToken(random, model),
      random: random.next(),
    },
    { ...a, type: 'requeue', reason: 'x' },
    { ...a, type: 'fail', reason: random.pick(['no_route', reason]), ...namedToken(random, model) },
    { ...a, type: 'dead_letter' },
    { ...a, type: 'cancel', reason },
    { ...a, type: 'fence' },
  ]);
};

const drawWorkstream: Draw<lifecycle.WorkstreamCommand> = (random, model) => {
  const a = ask(random, model);
  const counts = { completed: 1, failed: 0, canceled: 0 };
  // biome-ignore format: a list of commands is read by its lines
  return random.pick<lifecycle.WorkstreamCommand>([
    {
      ...a,
      type: 'create',
      workstreamId: 'S1',
      phaseId: 'F1',
      name: 'build',
      isCritical: true,
      dependsOn: [],
      maxFixLoops: 2,
    },
    { ...a, type: 'release', openDependencies: open(random), isPhaseActive: holds(random) },
    { ...a, type: 'block', blockedBy: some(random), reason: 'x' },
    { ...a, type: 'unblock', openBlockers: open(random) },
    { ...a, type: 'start', isRunRunning: holds(random), openGates: open(random), taskCount: 1 },
    { ...a, type: 'begin_validation', openTasks: count(random), ...counts },
    { ...a, type: 'reopen', taskIds: some(random) },
    {
      ...a,
      type: 'complete',
      unmetChecks: open(random),
      failedCriticals: open(random),
      openGates: open(random),
      ...counts,
    },
    { ...a, type: 'fail', reason: word(random) },
    { ...a, type: 'skip', reason: word(random) },
    { ...a, type: 'cancel', reason: word(random), openTasks: 0 },
  ]);
};

const drawPhase: Draw<lifecycle.PhaseCommand> = (random, model) => {
  const a = ask(random, model);
  // biome-ignore format: a list of commands is read by its lines
  return random.pick<lifecycle.PhaseCommand>([
    {
      ...a,
      type: 'create',
      phaseId: 'F1',
      name: 'build',
      category: 'core',
      order: 1,
      gateIds: random.chance(0.5) ? ['G1'] : [],
      maxFixLoops: 2,
    },
    { ...a, type: 'activate', openPhases: open(random), workstreams: 1 },
    { ...a, type: 'gate', openWorkstreams: count(random) },
    { ...a, type: 'reopen', gateIds: ['G1'] },
    {
      ...a,
      type: 'complete',
      openGates: open(random),
      openWorkstreams: count(random),
      waivedGates: [],
    },
    { ...a, type: 'fail', reason: word(random) },
    { ...a, type: 'skip', reason: word(random) },
  ]);
};

const drawStep: Draw<lifecycle.StepCommand> = (random, model) => {
  const a = ask(random, model);
  const isRunRunning = holds(random);
  // biome-ignore format: a list of commands is read by its lines
  return random.pick<lifecycle.StepCommand>([
    {
      ...a,
      type: 'create',
      isRunRunning,
      stepAttemptId: 'A1',
      taskId: 'T1',
      decisionId: 'D1',
      toolId: 'aider',
      attempt: 1,
      sequence: 1,
    },
    {
      ...a,
      type: 'start',
      isRunRunning,
      workerId: 'W1',
      leaseToken: random.between(2, 3),
      currentToken: 3,
      isBreakerOpen: !holds(random),
    },
    { ...a, type: 'succeed', toolResultId: holds(random) ? 'X1' : '', patchIds: [] },
    { ...a, type: 'fail', failureKind: 'timeout' },
    { ...a, type: 'cancel', reason: word(random) },
  ]);
};

/** How a command of each machine of work is drawn. */
export const WORK_DRAWS = {
  run: drawRun,
  task: drawTask,
  workstream: drawWorkstream,
  phase: drawPhase,
  step: drawStep,
} as const;
