import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RecordTableName, Store, StoredRecord } from '#worker/store/index.ts';

type Fields = StoredRecord['document'];
type Row = readonly [table: RecordTableName, id: string, fields: Fields];

const STARTED = { startedAt: '2026-03-02T09:00:00.000Z' };
const ENDED = { endedAt: '2026-03-02T10:00:00.000Z' };

/** The fewest documents that name one another; of a document only what a table looks at. */
const CONFIG: Row = ['run_configs', 'C1', { runConfigId: 'C1' }];
const RUN: Row = ['runs', 'R1', { runId: 'R1', runConfigId: 'C1', state: 'pending' }];
const WORKSTREAM: Row = [
  'workstreams',
  'W1',
  { workstreamId: 'W1', runId: 'R1', state: 'planned' },
];
const TASK: Row = [
  'tasks',
  'T1',
  { taskId: 'T1', runId: 'R1', workstreamId: 'W1', state: 'pending' },
];
const SCENE = [CONFIG, RUN, WORKSTREAM, TASK];

const idOf = (field: string, id: string): Fields => ({ [field]: id });
const of = (field: string, id: string): Fields => ({ [field]: id, runId: 'R1', taskId: 'T1' });
const step = (id: string, attempt: number, sequence: number): Row => [
  'step_attempts',
  id,
  { ...of('stepAttemptId', id), attempt, sequence, state: 'pending' },
];
const phase = (id: string, order: number, runId = 'R1'): Row => [
  'phases',
  `${runId}/${id}`,
  { phaseId: id, runId, order, state: 'pending' },
];
const cost = (id: string, idempotencyKey: string, more: Fields = {}): Row => [
  'costs',
  id,
  { entryId: id, idempotencyKey, ...more },
];

/** What each state says of its stamps: never started, started or either; open or closed. */
// biome-ignore format: a matrix is read by its columns
const STAMPS: readonly (readonly [RecordTableName, string, { readonly fields: Fields; readonly states: Readonly<Record<string, string>> }])[] = [
  ['runs', 'R2', { fields: { runId: 'R2', runConfigId: 'C1' }, states: {
    pending: 'new open', queued: 'new open', running: 'ran open', paused: 'ran open', validating: 'ran open',
    succeeded: 'ran closed', failed: 'any closed', quarantined: 'any closed', canceled: 'any closed',
  } }],
  ['phases', 'R1/P2', { fields: { runId: 'R1', phaseId: 'P2', order: 1 }, states: {
    pending: 'new open', active: 'ran open', gated: 'ran open',
    completed: 'ran closed', failed: 'ran closed', skipped: 'new closed',
  } }],
  ['workstreams', 'W2', { fields: { workstreamId: 'W2', runId: 'R1' }, states: {
    planned: 'new open', ready: 'new open', blocked: 'new open', executing: 'ran open', validating: 'ran open',
    completed: 'ran closed', failed: 'ran closed', canceled: 'any closed', skipped: 'new closed',
  } }],
  ['tasks', 'T2', { fields: { taskId: 'T2', runId: 'R1', workstreamId: 'W1' }, states: {
    pending: 'new open', queued: 'any open', blocked: 'new open', running: 'ran open', retrying: 'ran open',
    validating: 'ran open', completed: 'ran closed', failed: 'any closed', canceled: 'any closed',
  } }],
  ['step_attempts', 'A2', { fields: { stepAttemptId: 'A2', runId: 'R1', taskId: 'T1', attempt: 1, sequence: 1 }, states: {
    pending: 'new open', running: 'ran open', succeeded: 'ran closed', failed: 'any closed', canceled: 'any closed',
  } }],
  ['test_gates', 'K2', { fields: { checkRunId: 'K2', runId: 'R1' }, states: {
    pending: 'new open', blocked: 'new open', running: 'ran open', passed: 'ran closed', failed: 'ran closed',
    error: 'ran closed', inconclusive: 'ran closed', skipped: 'any closed',
  } }],
];

/** How every store keeps contract documents, and what it refuses of them. */
export function describeRecords(name: string, create: () => Promise<Store>): void {
  let store: Store;
  beforeEach(async () => {
    store = await create();
    await put(...SCENE);
  });
  afterEach(() => store.close());

  const put = (...rows: readonly Row[]): Promise<void> =>
    store.transaction(async (transaction) => {
      for (const [table, id, document] of rows) {
        await transaction.putRecords(table, [{ id, document }]);
      }
    });
  const refusal = (...texts: readonly string[]) => ({
    name: 'DomainError',
    code: 'RECORD_REFUSED',
    message: expect.stringMatching(new RegExp(texts.join('.*'))),
  });
  const listIds = async (...asked: Parameters<Store['listRecords']>) =>
    (await store.listRecords(...asked)).map(({ id }) => id);

  describe(`${name}: contract documents`, () => {
    it('are kept whole and replaced by newer ones', async () => {
      const [, id, fields] = TASK;
      const document = { ...fields, state: 'queued', name: 'Ünïcode “quoted”', dependsOn: ['T0'] };
      await put(['tasks', id, document]);
      expect(await store.getRecord('tasks', id)).toEqual({ id, document });
      expect(await store.listRecords('tasks')).toEqual([{ id, document }]);
      expect(await store.getRecord('tasks', 'T9')).toBeUndefined();
    });

    it('are listed by id, and by run, task and state where they have one', async () => {
      await put(
        ['runs', 'R2', { runId: 'R2', runConfigId: 'C1', state: 'queued' }],
        ['tasks', 'T3', { taskId: 'T3', runId: 'R2', state: 'pending' }],
        ['tasks', 'T2', { taskId: 'T2', runId: 'R1', state: 'queued' }],
        step('A1', 1, 1),
      );
      expect(await listIds('tasks')).toEqual(['T1', 'T2', 'T3']);
      expect(await listIds('tasks', {})).toEqual(['T1', 'T2', 'T3']);
      expect(await listIds('tasks', { runId: 'R1' })).toEqual(['T1', 'T2']);
      expect(await listIds('tasks', { runId: 'R1', state: 'queued' })).toEqual(['T2']);
      expect(await listIds('tasks', { runId: 'R9' })).toEqual([]);
      expect(await listIds('step_attempts', { taskId: 'T1' })).toEqual(['A1']);
      expect(await listIds('step_attempts', { taskId: 'T2' })).toEqual([]);
    });

    it('without a field fit no filter on it', async () => {
      await put(['workers', 'D1', { workerId: 'D1', state: 'idle' }]);
      expect(await listIds('workers', { state: 'idle' })).toEqual(['D1']);
      expect(await listIds('workers', { runId: 'R1' })).toEqual([]);
      expect(await listIds('workers', { taskId: 'T1' })).toEqual([]);
      expect(await listIds('run_configs', { state: 'idle' })).toEqual([]);
    });

    it('of an append-only table are written once; the same again changes nothing', async () => {
      const first = cost('E1', 'K1', { amountMicros: '5', note: 'x' });
      await put(first);
      await put(cost('E1', 'K1', { note: 'x', amountMicros: '5' }));
      await expect(put(cost('E1', 'K1', { amountMicros: '6' }))).rejects.toMatchObject(
        refusal('costs.*E1'),
      );
      expect(await store.getRecord('costs', 'E1')).toEqual({ id: 'E1', document: first[2] });
    });

    it('keep the diff they were made of, where they are patches', async () => {
      const patch = (diffHash: string, state: string): Row => [
        'patch_ledger',
        'P1',
        { ...of('patchId', 'P1'), diffHash, state },
      ];
      await put(patch('aa', 'created'));
      await put(patch('aa', 'validated'));
      await expect(put(patch('bb', 'validated'))).rejects.toMatchObject(
        refusal('patch_ledger.*P1'),
      );
    });

    it('may name what the same step writes after them', async () => {
      const later: Row = ['runs', 'R2', { runId: 'R2', runConfigId: 'C2', state: 'pending' }];
      await put(later, ['run_configs', 'C2', idOf('runConfigId', 'C2')]);
      expect(await listIds('runs')).toEqual(['R1', 'R2']);
    });

    it.each<[string, Row]>([
      ['runs', ['runs', 'R2', { runId: 'R2', runConfigId: 'C9', state: 'pending' }]],
      ['tasks', ['tasks', 'T2', { taskId: 'T2', runId: 'R9', state: 'pending' }]],
      ['tasks', ['tasks', 'T1', { ...TASK[2], workstreamId: 'W9' }]],
      [
        'step_attempts',
        ['step_attempts', 'A1', { stepAttemptId: 'A1', taskId: 'T9', state: 'pending' }],
      ],
      ['workers', ['workers', 'D1', { workerId: 'D1', state: 'busy', heldTaskId: 'T9' }]],
      ['costs', cost('E1', 'K1', { reverses: 'E9' })],
      ['test_gates', ['test_gates', 'K1', { checkRunId: 'K1', gateId: 'G9', state: 'pending' }]],
      [
        'dead_letters',
        ['dead_letters', 'L1', { deadLetterId: 'L1', subscriberId: 'S9', state: 'open' }],
      ],
    ])('of %s that name what is nowhere stop the whole step', async (table, row) => {
      const before = await store.getRecord('tasks', 'T1');
      const other = cost('E0', 'K0');
      await expect(put(other, row)).rejects.toMatchObject(refusal(table));
      expect(await listIds('costs')).toEqual([]);
      expect(await store.getRecord('tasks', 'T1')).toEqual(before);
    });

    it.each<[string, Row]>([
      ['another id', ['tasks', 'T2', { taskId: 'T3', state: 'pending' }]],
      ['no id', ['tasks', 'T2', { state: 'pending' }]],
      ['only half of its id', ['phases', 'P1', { runId: 'R1', phaseId: 'P1', state: 'pending' }]],
      ['no state', ['tasks', 'T2', { taskId: 'T2' }]],
      ['a state nobody knows', ['tasks', 'T2', { taskId: 'T2', state: 'done' }]],
      ['a state of another lifecycle', ['breakers', 'lint', { toolId: 'lint', state: 'pending' }]],
      ['no moment of its opening', ['breakers', 'lint', { toolId: 'lint', state: 'open' }]],
      ['no end', ['patch_ledger', 'P1', { patchId: 'P1', state: 'dropped' }]],
      [
        'a task it may not hold',
        ['workers', 'D1', { workerId: 'D1', heldTaskId: 'T1', state: 'idle' }],
      ],
      ['no task it works at', ['workers', 'D1', { workerId: 'D1', state: 'busy' }]],
    ])('with %s are refused', async (_what, row) => {
      await expect(put(row)).rejects.toMatchObject(refusal(`${row[0]}.*${row[1]}`));
      expect(await listIds(row[0])).toEqual(row[0] === 'tasks' ? ['T1'] : []);
    });

    it.each<[string, Row, Row, Row]>([
      ['attempt of a task', step('A1', 1, 1), step('A2', 1, 2), step('A2', 2, 2)],
      ['sequence of a run', step('A1', 1, 1), step('A2', 2, 1), step('A2', 2, 2)],
      ['order of a run', phase('P1', 1), phase('P2', 1), phase('P2', 2)],
      ['key of a cost', cost('E1', 'K1'), cost('E2', 'K1'), cost('E2', 'K2')],
    ])('with an %s that is taken are refused', async (_what, first, second, other) => {
      await put(first);
      await expect(put(second)).rejects.toMatchObject(refusal(`${second[0]}.*${second[1]}`));
      await put(other);
      expect(await listIds(first[0])).toEqual([first[1], other[1]]);
    });

    it('name a phase by its run too, since a plan is run more than once', async () => {
      await put(['runs', 'R2', { runId: 'R2', runConfigId: 'C1', state: 'pending' }]);
      await put(phase('P1', 1), phase('P1', 1, 'R2'));
      expect(await listIds('phases')).toEqual(['R1/P1', 'R2/P1']);
    });

    it.each(STAMPS)(
      'of %s have the stamps of their state',
      async (table, id, { fields, states }) => {
        const kept: string[] = [];
        const due: string[] = [];
        for (const [state, rule] of Object.entries(states)) {
          const [start, end] = rule.split(' ');
          for (const stamps of [{}, STARTED, ENDED, { ...STARTED, ...ENDED }]) {
            const label = [state, ...Object.keys(stamps)].join();
            const isStarted = 'startedAt' in stamps;
            const isStartFit = start === 'any' || (start === 'ran') === isStarted;
            if (isStartFit && (end === 'closed') === 'endedAt' in stamps) due.push(label);
            await put([table, id, { ...fields, ...stamps, state }]).then(
              () => kept.push(label),
              (error) => expect(error).toMatchObject({ code: 'RECORD_REFUSED' }),
            );
          }
        }
        expect(kept).toEqual(due);
      },
    );
  });
}
