import { type Result, toInstant } from '#shared/kernel/index.ts';
import {
  gateCheckDecider,
  patchDecider,
  phaseDecider,
  type RunView,
  runDecider,
  type SpanStep,
  stepDecider,
  taskDecider,
  WORKER_CONFIG,
  workerDecider,
  workstreamDecider,
} from '#shared/lifecycle/index.ts';

const second = (n: number) => toInstant(n * 1_000);
/** Who asks in a test, and when. */
export const asked = (n: number) => ({ at: second(n), by: 'system' });

/** A view in which nothing has been born. */
export const emptyView: RunView = {
  run: runDecider.initial,
  onFailure: 'skip_dependents',
  phases: [],
  workstreams: [],
  tasks: [],
  steps: [],
  dependencies: [],
  workers: [],
  checks: [],
  patches: [],
  decisions: [],
};

/** The view after steps that must all be accepted, in their order; the first that is refused throws with its refusal. */
export const applySteps = (view: RunView, steps: readonly SpanStep[]): RunView =>
  steps.reduce(applyStep, view);

function applyStep(view: RunView, step: SpanStep): RunView {
  switch (step.entity) {
    case 'run':
      return { ...view, run: follow(runDecider, view.run, step.command) };
    case 'phase':
      return { ...view, phases: change(view.phases, 'phaseId', step, phaseDecider) };
    case 'workstream': {
      const workstreams = change(view.workstreams, 'workstreamId', step, workstreamDecider);
      return { ...view, workstreams };
    }
    case 'task':
      return { ...view, tasks: change(view.tasks, 'taskId', step, taskDecider) };
    case 'step':
      return { ...view, steps: change(view.steps, 'stepAttemptId', step, stepDecider) };
    case 'worker':
      return { ...view, workers: change(view.workers, 'workerId', step, workerDecider) };
    case 'gate_check':
      return { ...view, checks: change(view.checks, 'checkRunId', step, gateCheckDecider) };
    case 'patch':
      return { ...view, patches: change(view.patches, 'patchId', step, patchDecider) };
  }
}

interface Machine<Command, State, Event> {
  readonly initial: State;
  readonly decide: (command: Command, state: State) => Result<readonly Event[], unknown>;
  readonly evolve: (state: State, event: Event) => State;
}

function change<Key extends string, Command, State extends { readonly [K in Key]: string }, Event>(
  all: readonly State[],
  key: Key,
  step: { readonly id: string; readonly command: Command },
  machine: Machine<Command, State, Event>,
): readonly State[] {
  const before = all.find((one) => one[key] === step.id);
  const after = follow(machine, before ?? machine.initial, step.command);
  return before === undefined ? [...all, after] : all.map((one) => (one === before ? after : one));
}

function follow<Command, State, Event>(
  machine: Machine<Command, State, Event>,
  state: State,
  command: Command,
): State {
  const result = machine.decide(command, state);
  if (!result.ok) throw new Error(JSON.stringify({ command, refusal: result.refusal, state }));
  return result.value.reduce(machine.evolve, state);
}

/** Births of a run's parts, short enough to be read in a test. */
export const born = {
  run: (maxFixLoops = 3): SpanStep => ({
    entity: 'run',
    id: 'R1',
    command: { ...asked(0), type: 'create', runId: 'R1', maxFixLoops, runConfigId: 'C1' },
  }),
  phase: (id: string, order: number, gateIds: readonly string[] = []): SpanStep => {
    const birth = { phaseId: id, name: id, category: 'delivery', order, gateIds, maxFixLoops: 1 };
    return { entity: 'phase', id, command: { ...asked(0), type: 'create', ...birth } };
  },
  workstream: (id: string, rest: object = {}): SpanStep => {
    const birth = { workstreamId: id, phaseId: 'F1', name: id, isCritical: true };
    const limits = { dependsOn: [], maxFixLoops: 1 };
    const command = { ...asked(0), type: 'create', ...birth, ...limits, ...rest } as const;
    return { entity: 'workstream', id, command };
  },
  task: (id: string, rest: object = {}): SpanStep => {
    const birth = { taskId: id, workstreamId: 'S1', kind: 'audit', isCritical: false };
    const limits = { dependsOn: [], maxAttempts: 1 };
    const command = { ...asked(0), type: 'create', ...birth, ...limits, ...rest } as const;
    return { entity: 'task', id, command };
  },
  worker: (id: string): SpanStep => {
    const birth = {
      workerType: 'executor',
      adapterType: 'process',
      capabilities: ['code'],
    } as const;
    const create = { ...asked(0), type: 'create', workerId: id, ...birth } as const;
    return { entity: 'worker', id, command: { ...create, config: WORKER_CONFIG } };
  },
  check: (id: string): SpanStep => {
    const birth = { gateId: 'G1', checkId: 'c1', checkType: 'lint', attempt: 1 } as const;
    const flags = { required: true, dryRun: false };
    const create = { ...asked(0), type: 'create', checkRunId: id, ...birth, ...flags } as const;
    return { entity: 'gate_check', id, command: create };
  },
};

/** Commands of a run's parts with every guard met, short enough to be read in a test. */
export const go = {
  startRun: (n = 1): SpanStep => ({
    entity: 'run',
    id: 'R1',
    command: {
      ...asked(n),
      type: 'start',
      isSlotFree: true,
      isBudgetReservable: true,
      taskCount: 1,
    },
  }),
  activate: (id: string, n = 1): SpanStep => ({
    entity: 'phase',
    id,
    command: { ...asked(n), type: 'activate', openPhases: [], workstreams: 1 },
  }),
  release: (id: string, n = 1): SpanStep => ({
    entity: 'workstream',
    id,
    command: { ...asked(n), type: 'release', openDependencies: [], isPhaseActive: true },
  }),
  execute: (id: string, n = 1): SpanStep => ({
    entity: 'workstream',
    id,
    command: { ...asked(n), type: 'start', isRunRunning: true, openGates: [], taskCount: 1 },
  }),
  queue: (id: string, n = 1): SpanStep => ({
    entity: 'task',
    id,
    command: {
      ...asked(n),
      type: 'queue',
      openDependencies: [],
      openGates: [],
      priority: 'normal',
      score: 1,
    },
  }),
  /** The steps with which a worker takes up a task. */
  take: (id: string, workerId: string, { n = 2, leaseToken = 1 } = {}): readonly SpanStep[] => {
    const assign = { ...asked(n), type: 'assign', taskId: id, leaseToken } as const;
    const fit = { isTaskQueued: true, requiredCapabilities: [] };
    const ground = { isRunRunning: true, openGates: [], heldLocks: [], isBudgetReservable: true };
    const start = { ...asked(n), type: 'start', ...ground, workerId, leaseToken } as const;
    const attemptId = `${id}-${leaseToken}`;
    const birth = { taskId: id, decisionId: 'D1', toolId: 'linter', attempt: 1, sequence: 1 };
    const make = { ...asked(n), type: 'create', stepAttemptId: attemptId, ...birth } as const;
    const lease = { workerId, leaseToken, currentToken: leaseToken, isBreakerOpen: false };
    const call = { ...asked(n), type: 'start', isRunRunning: true, ...lease } as const;
    return [
      { entity: 'worker', id: workerId, command: { ...assign, ...fit } },
      { entity: 'task', id, command: start },
      { entity: 'step', id: attemptId, command: { ...make, isRunRunning: true } },
      { entity: 'step', id: attemptId, command: call },
    ];
  },
  /** The steps with which a worker is there. */
  staff: (...ids: readonly string[]): readonly SpanStep[] =>
    ids.flatMap((id) => [
      born.worker(id),
      { entity: 'worker', id, command: { ...asked(1), type: 'ready', capabilities: ['code'] } },
    ]),
  /** The steps with which a tool's work fails and its worker comes free. */
  fail: (id: string, workerId: string, { n = 3, leaseToken = 1 } = {}): readonly SpanStep[] => [
    {
      entity: 'step',
      id: `${id}-${leaseToken}`,
      command: { ...asked(n), type: 'fail', failureKind: 'exit_code', exitCode: 1 },
    },
    {
      entity: 'task',
      id,
      command: { ...asked(n), type: 'fail', leaseToken, reason: 'exit_code', errorId: 'E1' },
    },
    {
      entity: 'worker',
      id: workerId,
      command: { ...asked(n), type: 'finish', leaseToken, outcome: 'failed' },
    },
  ],
  /** The steps with which a task is done and its worker comes free. */
  complete: (id: string, workerId: string, { n = 3, leaseToken = 1 } = {}): readonly SpanStep[] => {
    const result = { toolResultId: `R-${id}`, patchIds: [] };
    const submit = { ...asked(n), type: 'submit', leaseToken, ...result } as const;
    const facts = { unmetChecks: [], openGates: [], openPatches: [] };
    return [
      {
        entity: 'step',
        id: `${id}-${leaseToken}`,
        command: { ...asked(n), type: 'succeed', ...result },
      },
      { entity: 'task', id, command: submit },
      { entity: 'task', id, command: { ...asked(n), type: 'complete', ...facts } },
      {
        entity: 'worker',
        id: workerId,
        command: { ...asked(n), type: 'finish', leaseToken, outcome: 'completed' },
      },
    ];
  },
};
