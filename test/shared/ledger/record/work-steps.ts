import {
  bearGateCheck,
  bearPatch,
  bearPhase,
  bearRun,
  bearStep,
  bearTask,
  bearWorker,
  bearWorkstream,
  type WorkStep,
} from '#shared/ledger/index.ts';
import * as scene from './work-scene.ts';

const { asked, idOf, sha256 } = scene;
const of = { run: 'R', workstream: 'W', task: 'T' };
const config = scene.runConfig();
const limits = { isRequired: true, maxApplyAttempts: 3 };
/** A run with one phase, one workstream and one task, and a worker. */
export const births: readonly WorkStep[] = [
  bearRun(scene.run('R'), config, asked(0)),
  bearPhase(scene.phase('R'), config, asked(0)),
  bearWorkstream(scene.workstream('W', 'R'), config, asked(0)),
  bearTask(scene.task('T', of), asked(0)),
  bearWorker(scene.worker('w1'), asked(0)),
];
export const taskId = idOf('T');
/** The run under way: its task running at the worker, under its first lease. */
export const start: readonly WorkStep[] = [
  {
    entity: 'run',
    id: idOf('R'),
    command: {
      ...asked(1),
      type: 'start',
      isSlotFree: true,
      isBudgetReservable: true,
      taskCount: 1,
    },
  },
  {
    entity: 'phase',
    id: `${idOf('R')}/build`,
    command: { ...asked(1), type: 'activate', openPhases: [], workstreams: 1 },
  },
  {
    entity: 'workstream',
    id: idOf('W'),
    command: { ...asked(1), type: 'release', openDependencies: [], isPhaseActive: true },
  },
  {
    entity: 'workstream',
    id: idOf('W'),
    command: { ...asked(1), type: 'start', isRunRunning: true, openGates: [], taskCount: 1 },
  },
  {
    entity: 'task',
    id: taskId,
    command: {
      ...asked(2),
      type: 'queue',
      openDependencies: [],
      openGates: [],
      priority: 'normal',
      score: 120,
    },
  },
  { entity: 'worker', id: 'w1', command: { ...asked(2), type: 'ready', capabilities: ['web'] } },
  {
    entity: 'worker',
    id: 'w1',
    command: {
      ...asked(3),
      type: 'assign',
      taskId,
      leaseToken: 1,
      isTaskQueued: true,
      requiredCapabilities: ['web'],
    },
  },
  {
    entity: 'task',
    id: taskId,
    command: {
      ...asked(3),
      type: 'start',
      isRunRunning: true,
      openGates: [],
      heldLocks: [],
      isBudgetReservable: true,
      workerId: 'w1',
      leaseToken: 1,
    },
  },
  bearStep(scene.step('S', of), { isRunRunning: true }, asked(3)),
  {
    entity: 'step',
    id: idOf('S'),
    command: {
      ...asked(3),
      type: 'start',
      isRunRunning: true,
      workerId: 'w1',
      leaseToken: 1,
      currentToken: 1,
      isBreakerOpen: false,
    },
  },
];

/** Whatever else can be asked of that run and its parts, in no order. */
export function toLaterSteps(): readonly WorkStep[] {
  const runId = idOf('R');
  const errorId = idOf('E');
  const treeHash = sha256('tree');
  const conditions = [
    {
      metricKey: 'coverage',
      op: 'gte',
      threshold: 90,
      unit: 'percent',
      minSamples: 1,
      actual: 95,
      outcome: 'met',
    },
  ] as const;
  const done = {
    openGates: [],
    openWorkstreams: 0,
    openPatches: 0,
    hasAcceptance: false,
    waivedGates: [],
    failedWorkstreams: 0,
    tasksCompleted: 1,
  };
  return [
    bearPatch(scene.patch('P', of), limits, asked(4)),
    bearGateCheck(scene.gateCheck('C', 'R'), asked(4)),
    {
      entity: 'run',
      id: runId,
      command: { ...asked(9), type: 'pause', reason: 'by_person', inFlightTasks: 1 },
    },
    {
      entity: 'run',
      id: runId,
      command: { ...asked(9), type: 'resume', isHardStopped: false, isBudgetReservable: true },
    },
    {
      entity: 'run',
      id: runId,
      command: {
        ...asked(9),
        type: 'begin_validation',
        openWorkstreams: 0,
        requiredGates: ['tests'],
        openPatches: 0,
      },
    },
    { entity: 'run', id: runId, command: { ...asked(9), type: 'note', text: 'looks good' } },
    {
      entity: 'task',
      id: taskId,
      command: {
        ...asked(9),
        type: 'submit',
        leaseToken: 1,
        toolResultId: idOf('result'),
        patchIds: [],
      },
    },
    {
      entity: 'task',
      id: taskId,
      command: {
        ...asked(9),
        type: 'complete',
        unmetChecks: ['docs'],
        openGates: [],
        openPatches: [],
        override: { person: 'dana@example.com', reason: 'seen by hand' },
      },
    },
    {
      entity: 'task',
      id: taskId,
      command: { ...asked(9), type: 'retry', isRetryable: true, random: 0.5, errorId },
    },
    { entity: 'task', id: taskId, command: { ...asked(9), type: 'requeue', reason: 'again' } },
    { entity: 'task', id: taskId, command: { ...asked(9), type: 'fence' } },
    {
      entity: 'task',
      id: taskId,
      command: {
        ...asked(9),
        type: 'start',
        isRunRunning: true,
        openGates: [],
        heldLocks: [],
        isBudgetReservable: true,
        workerId: 'w1',
        leaseToken: 9,
      },
    },
    {
      entity: 'task',
      id: taskId,
      command: { ...asked(9), type: 'fail', reason: 'timeout', errorId },
    },
    { entity: 'task', id: taskId, command: { ...asked(9), type: 'dead_letter' } },
    {
      entity: 'step',
      id: idOf('S'),
      command: {
        ...asked(9),
        type: 'succeed',
        toolResultId: idOf('result'),
        exitCode: 0,
        patchIds: [idOf('P')],
      },
    },
    {
      entity: 'step',
      id: idOf('S'),
      command: { ...asked(9), type: 'fail', failureKind: 'timeout', errorId },
    },
    {
      entity: 'worker',
      id: 'w1',
      command: { ...asked(9), type: 'finish', leaseToken: 1, outcome: 'completed' },
    },
    { entity: 'worker', id: 'w1', command: { ...asked(9), type: 'pause', reason: 'lunch' } },
    {
      entity: 'worker',
      id: 'w1',
      command: { ...asked(9), type: 'heartbeat', leaseToken: 1, load: 0.5 },
    },
    {
      entity: 'worker',
      id: 'w1',
      command: { ...asked(9), type: 'stop', reason: 'end of day', force: true },
    },
    {
      entity: 'worker',
      id: 'w1',
      command: { ...asked(9), type: 'crash', reason: 'process_ended', message: 'killed' },
    },
    {
      entity: 'workstream',
      id: idOf('W'),
      command: { ...asked(9), type: 'fail', reason: 'task_failed', taskId },
    },
    {
      entity: 'phase',
      id: `${runId}/build`,
      command: { ...asked(9), type: 'gate', openWorkstreams: 0 },
    },
    {
      entity: 'phase',
      id: `${runId}/build`,
      command: {
        ...asked(9),
        type: 'complete',
        openGates: [],
        openWorkstreams: 0,
        waivedGates: [],
      },
    },
    {
      entity: 'patch',
      id: idOf('P'),
      command: {
        ...asked(9),
        type: 'validate',
        formatOk: true,
        scopeOk: true,
        constraintsOk: true,
        files: ['src/page.html'],
        insertions: 12,
        deletions: 3,
        hunks: 2,
      },
    },
    {
      entity: 'patch',
      id: idOf('P'),
      command: { ...asked(9), type: 'enqueue', openPredecessors: [], position: 1 },
    },
    {
      entity: 'patch',
      id: idOf('P'),
      command: {
        ...asked(9),
        type: 'apply',
        doesBaseMatch: true,
        isTreeLocked: true,
        files: ['src/page.html'],
        treeHash,
      },
    },
    {
      entity: 'patch',
      id: idOf('P'),
      command: { ...asked(9), type: 'verify', unmetTests: [], gateIds: ['tests'], treeHash },
    },
    {
      entity: 'patch',
      id: idOf('P'),
      command: { ...asked(9), type: 'commit', treeHash, openGates: [], commitId: 'abc123' },
    },
    {
      entity: 'patch',
      id: idOf('P'),
      command: {
        ...asked(9),
        type: 'quarantine',
        reason: 'outside scope',
        path: 'quarantine/P.patch',
        isTreeReverted: true,
      },
    },
    {
      entity: 'patch',
      id: idOf('P'),
      command: {
        ...asked(9),
        type: 'drop',
        reason: 'not wanted',
        isTreeReverted: true,
        isByPerson: true,
      },
    },
    {
      entity: 'gate_check',
      id: idOf('C'),
      command: {
        ...asked(9),
        type: 'start',
        openChecks: [],
        command: 'npm test',
        subjectHash: sha256('tree'),
      },
    },
    {
      entity: 'gate_check',
      id: idOf('C'),
      command: { ...asked(9), type: 'pass', exitCode: 0, outputHash: sha256('out'), conditions },
    },
    {
      entity: 'gate_check',
      id: idOf('C'),
      command: { ...asked(9), type: 'record_error', errorKind: 'timeout', message: 'too slow' },
    },
    {
      entity: 'gate_check',
      id: idOf('C'),
      command: { ...asked(9), type: 'skip', reason: 'run_canceled' },
    },
    { entity: 'run', id: runId, command: { ...asked(9), type: 'succeed', ...done } },
    {
      entity: 'run',
      id: runId,
      command: { ...asked(9), type: 'fail', reason: 'timeout', errorId },
    },
    {
      entity: 'run',
      id: runId,
      command: { ...asked(9), type: 'quarantine', reason: 'forbidden path', patchId: idOf('P') },
    },
    {
      entity: 'run',
      id: runId,
      command: { ...asked(9), type: 'cancel', reason: 'client left', openTasks: 1 },
    },
  ];
}
