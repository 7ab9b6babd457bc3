import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ContractName, isContractName, parseContract } from '#shared/contracts/index.ts';
import {
  applyEnvelope,
  openBooks,
  rebuildDocuments,
  type TableDocument,
  type WorkStep,
} from '#shared/ledger/index.ts';
import { createRecordDesk, type RecordDesk } from './record-desk.ts';
import { asked, idOf, sha256 } from './work-scene.ts';
import { births, start, taskId, toLaterSteps } from './work-steps.ts';

const documentOf = (desk: RecordDesk, table: string, id: string) =>
  desk.tables.get(`${table}/${id}`)?.document;

/** A step alone may end a run or a workstream before its tasks; the rules that span machines see to it that none does. */
const OF_SPAN_RULES: ReadonlySet<string> = new Set(['$.counters.tasksTotal', '$.counts.total']);

/** Why a document does not pass the contract it names. */
function faultOf({ document }: TableDocument): { readonly path: string } | undefined {
  const { schema } = document;
  const name = typeof schema === 'string' ? schema.replace(/\.v1$/, '') : '';
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
    expect(desk.envelopes.find(({ type }) => type === 'workstream_created')?.scope).toEqual({
      runId: idOf('R'),
      phaseId: 'build',
      workstreamId: idOf('W'),
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
  const triggers: readonly WorkStep[] = [...births, ...start, ...toLaterSteps()];

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
      carried('A', '7'),
      carried('B', '2'),
      { ...carried('C', '3'), payload: { table: 'budgets' } },
    ];
    expect(rebuildDocuments(events as typeof desk.envelopes, sha256)).toEqual([
      { table: 'budgets', id: 'B', document: { limitMicros: '2' } },
      { table: 'budgets', id: 'A', document: { limitMicros: '7' } },
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
