import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ContractName, isContractName, parseContract } from '#shared/contracts/index.ts';
import {
  applyEnvelope,
  bearGateCheck,
  bearPatch,
  bearPhase,
  bearRun,
  bearStep,
  bearTask,
  bearWorker,
  bearWorkstream,
  openBooks,
  rebuildDocuments,
  type TableDocument,
  type WorkStep,
} from '#shared/ledger/index.ts';
import { createRecordDesk, type RecordDesk } from './record-desk.ts';
import * as scene from './work-scene.ts';

const { asked, idOf, sha256 } = scene;
const of = { run: 'R', workstream: 'W', task: 'T' };
const config = scene.runConfig();
const limits = { isRequired: true, maxApplyAttempts: 3 };
const births: readonly WorkStep[] = [
  bearRun(scene.run('R'), config, asked(0)),
  bearPhase(scene.phase('R'), config, asked(0)),
  bearWorkstream(scene.workstream('W', 'R'), config, asked(0)),
  bearTask(scene.task('T', of), asked(0)),
  bearWorker(scene.worker('w1'), asked(0)),
];
const taskId = idOf('T');
const start: readonly WorkStep[] = [
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

const documentOf = (desk: RecordDesk, table: string, id: string) =>
  desk.tables.get(`${table}/${id}`)?.document;

/** A step alone may end a run or a workstream before its tasks; the rules that span machines see to it that none does. */
const OF_SPAN_RULES: ReadonlySet<string> = new Set(['$.counters.tasksTotal', '$.counts.total']);

/** Why a document does not pass the contract it names. */
function faultOf({ document }: TableDocument): { readonly path: string } | undefined {
  const name = String(document['schema']).replace(/\.v1$/, '');
  if (!isContractName(name)) return { path: `no contract ${name}` };
  const read = parseContract(document, name satisfies ContractName);
  return read.ok ? undefined : read.refusal;
}

describe('decideSteps', () => {
  it('writes a document for each entity and for the counts it moved', () => {
    const desk = createRecordDesk();
    expect(desk.run(...births)).toBeUndefined();
    expect(desk.run(...start)).toBeUndefined();
    expect(documentOf(desk, 'tasks', taskId)).toMatchObject({
      schema: 'task.v1',
      state: 'running',
      version: 3,
      attempt: 1,
      workerId: 'w1',
      leaseToken: 1,
      createdAt: asked(0).at,
      queuedAt: asked(2).at,
      startedAt: asked(3).at,
    });
    expect(documentOf(desk, 'workstreams', idOf('W'))).toMatchObject({
      counts: { total: 1, completed: 0, failed: 0, canceled: 0, blocked: 0 },
    });
    expect(documentOf(desk, 'runs', idOf('R'))).toMatchObject({
      counters: { stepAttempts: 1, tasksTotal: 1, tasksCompleted: 0, errors: 0 },
    });
    expect([...desk.tables.values()].map(faultOf).filter(Boolean)).toEqual([]);
  });

  it('tells in each event which work it belongs to and which cell it went through', () => {
    const desk = createRecordDesk();
    desk.run(...births);
    desk.run(...start);
    const started = desk.envelopes.find(({ type }) => type === 'task_started');
    expect(started).toMatchObject({
      stream: `task/${taskId}`,
      version: 3,
      actor: 'system',
      transition: { from: 'queued', trigger: 'start', to: 'running' },
      scope: { runId: idOf('R'), workstreamId: idOf('W'), taskId },
    });
    expect(desk.envelopes.find(({ type }) => type === 'worker_created')).not.toHaveProperty(
      'scope',
    );
    const born = desk.envelopes.find(({ type }) => type === 'task_created');
    expect(born).toMatchObject({
      transition: { from: 'none', trigger: 'create', to: 'pending' },
      payload: { definition: { name: 'Write the page' }, maxAttempts: 3 },
    });
    expect(started?.payload).not.toHaveProperty('definition');
  });

  it('gives an event that moves nothing no transition, and the history no line', () => {
    const desk = createRecordDesk();
    desk.run(...births);
    desk.run(...start);
    desk.run({ entity: 'task', id: taskId, command: { ...asked(4), type: 'fence' } });
    expect(desk.envelopes.at(-1)).toMatchObject({ type: 'lease_fenced', version: 4 });
    expect(desk.envelopes.at(-1)).not.toHaveProperty('transition');
    const { stateHistory } = documentOf(desk, 'tasks', taskId) ?? {};
    expect(stateHistory).toHaveLength(3);
  });

  it('keeps reason and actor in a history whose lines are chained', () => {
    const desk = createRecordDesk();
    desk.run(...births);
    const cancel = {
      ...asked(5, 'dana@example.com'),
      type: 'cancel',
      reason: 'client left',
    } as const;
    desk.run({ entity: 'task', id: taskId, command: cancel });
    const rows = [
      { state: 'pending', at: asked(0).at, trigger: 'create', actor: 'system' },
      {
        state: 'canceled',
        at: asked(5).at,
        trigger: 'cancel',
        actor: 'dana@example.com',
        reason: 'client left',
      },
    ];
    // Written out here: fields in alphabetical order, no spaces, each line after the hash before it.
    const first = sha256(
      `${'0'.repeat(64)}{"actor":"system","at":"${rows[0]?.at}","state":"pending","trigger":"create"}`,
    );
    const second = sha256(
      `${first}{"actor":"dana@example.com","at":"${rows[1]?.at}","reason":"client left","state":"canceled","trigger":"cancel"}`,
    );
    expect(documentOf(desk, 'tasks', taskId)?.['stateHistory']).toEqual([
      { ...rows[0], actor: { kind: 'system', id: 'system' }, hash: first },
      { ...rows[1], actor: { kind: 'person', id: 'dana@example.com' }, hash: second },
    ]);
  });

  it('names the step that was refused and leaves everything as it was', () => {
    const desk = createRecordDesk();
    desk.run(...births);
    const before = structuredClone([...desk.tables]);
    const refused = desk.run(
      { entity: 'task', id: taskId, command: { ...asked(1), type: 'cancel', reason: 'x' } },
      { entity: 'task', id: taskId, command: { ...asked(1), type: 'cancel', reason: 'x' } },
    );
    expect(refused).toEqual({
      index: 1,
      entity: 'task',
      id: taskId,
      refusal: { code: 'FINAL_STATE', from: 'canceled' },
    });
    expect([...desk.tables]).toEqual(before);
    expect(desk.envelopes).toHaveLength(births.length);
  });
});

describe('rebuildDocuments', () => {
  const triggers: readonly WorkStep[] = [
    ...births,
    ...start,
    bearPatch(scene.patch('P', of), limits, asked(4)),
    bearGateCheck(scene.gateCheck('C', 'R'), asked(4)),
    ...toLaterSteps(),
  ];

  it('gives every table again from the events alone, and every document passes its contract', () => {
    const law = fc.property(
      fc.array(fc.tuple(fc.nat({ max: triggers.length - 1 }), fc.nat({ max: 60 })), {
        maxLength: 80,
      }),
      (picks) => {
        const desk = createRecordDesk();
        desk.run(...births);
        desk.run(...start);
        for (const [index, minute] of picks) desk.run(later(triggers[index], minute));
        const rebuilt = rebuildDocuments(desk.envelopes, sha256);
        expect(new Map(rebuilt.map((one) => [`${one.table}/${one.id}`, one]))).toEqual(desk.tables);
        const faults = rebuilt.map(faultOf).filter((fault) => fault !== undefined);
        expect(faults.filter(({ path }) => !OF_SPAN_RULES.has(path))).toEqual([]);
      },
    );
    fc.assert(law, { numRuns: 150 });
  });

  it('takes a document an event carries, the last one of an id', () => {
    const desk = createRecordDesk();
    desk.run(...births);
    const [one] = desk.envelopes;
    const carried = (id: string, limit: string) => ({
      ...one,
      stream: 'ledger/budgets',
      type: 'document_recorded',
      payload: { table: 'budgets', id, document: { limitMicros: limit } },
    });
    const events = [
      carried('B', '1'),
      carried('B', '2'),
      { ...carried('C', '3'), payload: { table: 'budgets' } },
    ];
    expect(rebuildDocuments(events as typeof desk.envelopes, sha256)).toEqual([
      { table: 'budgets', id: 'B', document: { limitMicros: '2' } },
    ]);
  });

  it('passes over runs without a definition, streams of no machine and types the machine does not tell', () => {
    const desk = createRecordDesk();
    desk.run(...births);
    const [born] = desk.envelopes;
    if (born === undefined) throw new Error('expected an event');
    const strange = [
      { ...born, stream: 'run/x', payload: { runId: 'x', maxFixLoops: 0 } },
      { ...born, stream: 'desk/dana' },
      { ...born, stream: 'task/y' },
      { ...born, stream: 'run/z', payload: null },
    ];
    expect(rebuildDocuments(strange, sha256)).toEqual([]);
  });
});

describe('applyEnvelope', () => {
  it('changes nothing when a page is read twice', () => {
    const desk = createRecordDesk();
    desk.run(...births);
    desk.run(...start);
    const books = openBooks();
    for (const envelope of [...desk.envelopes, ...desk.envelopes])
      applyEnvelope(books, envelope, sha256);
    expect(books).toEqual(desk.books);
  });
});

/** The same step, asked at another minute; births keep theirs. */
function later(step: WorkStep | undefined, minute: number): WorkStep {
  if (step === undefined) throw new Error('expected a step');
  if (step.command.type === 'create') return step;
  return { ...step, command: { ...step.command, at: asked(minute).at } } as WorkStep;
}

function toLaterSteps(): readonly WorkStep[] {
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
