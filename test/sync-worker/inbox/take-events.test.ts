import { describe, expect, it } from 'vitest';
import {
  type ExecutionEvent,
  rebuildDocuments,
  type TableDocument,
  toExecutionEvent,
} from '#shared/ledger/index.ts';
import { takeEvents } from '#worker/inbox/index.ts';
import { openSqliteStore, type Store, sha256 } from '#worker/store/index.ts';
import { holdLease } from '#worker/sync/index.ts';
import { createForeman, type Foreman } from '../../integration/foreman.ts';
import { at, type Order } from '../../integration/order.ts';
import {
  landPatch,
  makePatch,
  runCheck,
  setAside,
  toGate,
  toGateStep,
} from '../../integration/quality.ts';
import { idOf } from '../../shared/ledger/record/work-scene.ts';
import { useStoreFiles } from '../store/store-files.ts';

const nextFile = useStoreFiles();
const RUN = idOf('R');
const ORDER: Order = {
  run: 'R',
  workstreams: ['W'],
  tasks: [
    { name: 'design', workstream: 'W' },
    { name: 'page', workstream: 'W', after: ['design'] },
    { name: 'form', workstream: 'W', isCritical: false },
  ],
  workers: ['w1', 'w2'],
  maxParallel: 2,
  outcomeOf: (task, attempt) =>
    task === 'form' && attempt === 1
      ? { exitCode: 1, durationMs: 60_000, isRetryable: true }
      : { exitCode: 0, durationMs: 60_000 },
};

/** A run with tries that fail, patches that land and one that does not, checks, pauses, a note, and its end. */
async function workThrough(foreman: Foreman): Promise<void> {
  await foreman.begin();
  await foreman.dispatch();
  foreman.minute += 1;
  await foreman.finish();
  const { minute } = foreman;
  const place = { run: 'R', workstream: 'W', task: 'design' };
  await foreman.do(
    'patches',
    [
      makePatch('P1', place, { minute, isRequired: true }),
      ...landPatch('P1', minute),
      makePatch('P2', place, { minute, isRequired: false }),
      setAside('P2', minute),
    ],
    { documents: [toGateStep(toGate(['unit']))] },
  );
  const end = foreman.minute + 5;
  await foreman.do('checks', [
    ...runCheck('unit 1', 'R', { checkId: 'unit', minute: end, exitCode: 1 }),
    ...runCheck('unit 2', 'R', { checkId: 'unit', minute: end + 1, exitCode: 0, again: 'unit 1' }),
  ]);
  const run = { entity: 'run', id: RUN } as const;
  await foreman.do('end', [
    { ...run, command: { ...at(end + 2), type: 'pause', reason: 'lunch', inFlightTasks: 0 } },
    {
      ...run,
      command: { ...at(end + 62), type: 'resume', isHardStopped: false, isBudgetReservable: true },
    },
    { ...run, command: { ...at(end + 63), type: 'note', text: 'nearly' } },
    { ...run, command: { ...at(end + 64), type: 'cancel', reason: 'client left', openTasks: 0 } },
  ]);
}

interface Told {
  readonly events: readonly ExecutionEvent[];
  readonly documents: readonly TableDocument[];
}

const byName = (documents: readonly TableDocument[]): ReadonlyMap<string, unknown> =>
  new Map(documents.map(({ table, id, document }) => [`${table}/${id}`, document]));

async function tell(): Promise<Told> {
  const store = await openSqliteStore({ file: nextFile() });
  await workThrough(createForeman(store, ORDER));
  const envelopes = await store.readAll(0, 1_000);
  await store.close();
  return {
    events: envelopes.map(toExecutionEvent),
    documents: rebuildDocuments(envelopes, sha256),
  };
}

async function openInbox() {
  const store: Store = await openSqliteStore({ file: nextFile() });
  const { under } = await holdLease(store, () => 0);
  const take = (text: string) =>
    takeEvents(
      {
        bytes: (async function* () {
          // Torn anywhere, also within a letter.
          const bytes = Buffer.from(text);
          for (let from = 0; from < bytes.length; from += 1_000)
            yield bytes.subarray(from, from + 1_000);
        })(),
      },
      { store, under },
    );
  return { store, take };
}
const toText = (events: readonly object[]): string =>
  events.map((event) => `${JSON.stringify(event)}\n`).join('');
const say = ({ line, code, reason }: { line: number; code: string; reason: string }) =>
  `${line} ${code} ${reason}`;

const ID = idOf('one');
/** A person's stretch of work as a tool may tell it. */
const event = (change: object): object => ({
  schema: 'execution_event.v1',
  eventId: idOf(JSON.stringify(change)),
  position: 1,
  severity: 'info',
  at: '2026-03-02T09:00:00.000Z',
  entityType: 'run',
  entityId: ID,
  actor: { kind: 'worker', id: 'codex' },
  correlationId: ID,
  payload: {},
  ...change,
});
const CREATED = event({
  type: 'run_created',
  version: 1,
  trigger: 'create',
  toState: 'pending',
  payload: { work: { task: 'T-1', person: 'dana@acme.example' } },
});
const QUEUED = event({
  type: 'run_queued',
  version: 2,
  trigger: 'enqueue',
  fromState: 'pending',
  toState: 'queued',
  payload: { queueDepth: 0 },
});
const STARTED = event({
  type: 'run_started',
  version: 3,
  trigger: 'start',
  fromState: 'queued',
  toState: 'running',
  at: '2026-03-02T09:01:00.000Z',
  payload: { waitMs: 5, taskCount: 0 },
});

describe('takeEvents', () => {
  it('comes to the same documents as the ledger whose events it takes, in whatever order they come', async () => {
    const { events, documents } = await tell();
    const types = new Set(events.map(({ type }) => type));
    expect([...types]).toEqual(
      expect.arrayContaining([
        'task_retry_scheduled',
        'patch_committed',
        'gate_check_failed',
        'run_paused',
      ]),
    );
    for (const told of [events, events.toReversed()]) {
      const { store, take } = await openInbox();
      const report = await take(toText(told));
      expect(report.refused.map(say)).toEqual([]);
      expect(report).toMatchObject({ taken: events.length, existed: 0, otherFigures: [] });
      expect(byName(rebuildDocuments(await store.readAll(0, 1_000), sha256))).toEqual(
        byName(documents),
      );
      const { position } = await store.head();
      expect(await take(toText(told))).toMatchObject({
        taken: 0,
        existed: events.length,
        refused: [],
      });
      expect((await store.head()).position).toBe(position);
      await store.close();
    }
  });

  it('takes a stretch of work without a plan, counts its figures itself, and names those told otherwise', async () => {
    const { store, take } = await openInbox();
    const report = await take(toText([CREATED, QUEUED, STARTED]));
    expect(report).toMatchObject({ taken: 3, refused: [] });
    expect(report.otherFigures).toEqual([{ line: 3, fields: ['waitMs'] }]);
    const [, , started] = await store.readStream(`run/${ID}`);
    expect(started).toMatchObject({ payload: { waitMs: 60_000 }, actor: 'worker/codex' });
    await store.close();
  });

  it('knows an event by its id, and says both hashes where the content is another', async () => {
    const { store, take } = await openInbox();
    await take(toText([CREATED]));
    const { refused } = await take(toText([{ ...CREATED, at: '2026-03-02T09:00:00.001Z' }]));
    expect(refused.map(say)).toEqual([
      expect.stringMatching(/^1 REQUEST_MISMATCH .*stored [0-9a-f]{64}, given [0-9a-f]{64}$/),
    ]);
    await store.close();
  });

  it('never takes a last line that has no line break', async () => {
    const { store, take } = await openInbox();
    const text = toText([CREATED, QUEUED]);
    expect(await take(text.slice(0, -1))).toMatchObject({ taken: 1, tornLine: 2, refused: [] });
    expect(await take(`\uFEFF\n\r\n${text}\n`)).toMatchObject({
      taken: 1,
      existed: 1,
      refused: [],
    });
    await store.close();
  });

  it('refuses what the table of states does not allow, and what the ledger would tell otherwise', async () => {
    const { store, take } = await openInbox();
    const resumed = event({
      type: 'run_resumed',
      version: 2,
      trigger: 'resume',
      fromState: 'paused',
      toState: 'running',
      payload: { pausedMs: 0 },
    });
    expect((await take(toText([CREATED, resumed]))).refused.map(say)).toEqual([
      '2 ILLEGAL_TRANSITION illegal transition, from "pending", trigger "resume"',
    ]);
    const renamed = { ...QUEUED, eventId: idOf('renamed'), fromState: 'paused' };
    expect((await take(toText([renamed]))).refused.map(say)).toEqual([
      '1 EVENT_DIFFERS the ledger would tell `run_queued from pending to queued` where the event tells `run_queued from paused to queued`',
    ]);
    const { refused } = await take(
      toText([
        QUEUED,
        event({ type: 'run_created', version: 1, trigger: 'create', toState: 'pending' }),
      ]),
    );
    expect(refused.map(({ code }) => code)).toEqual(['ILLEGAL_TRANSITION']);
    await store.close();
  });

  it('refuses lines that are no event, and goes on', async () => {
    const { store, take } = await openInbox();
    const lines = [
      '{"schema":"execution_event.v1"}',
      'no json',
      '{"a":1,"a":2}',
      JSON.stringify({ ...CREATED, severity: 'error' }),
      `"${'x'.repeat(4_200_000)}"`,
      JSON.stringify(CREATED),
    ];
    const report = await take(`${lines.join('\n')}\n`);
    expect(report.taken).toBe(1);
    expect(report.refused.map(({ line, code }) => [line, code])).toEqual([
      [1, 'CONTRACT_INVALID'],
      [2, 'TEXT_UNREADABLE'],
      [3, 'KEY_REPEATED'],
      [4, 'CONTRACT_INVALID'],
      [5, 'TEXT_TOO_LONG'],
    ]);
    await store.close();
  });

  it('takes no approval, no press and no document of a machine from a file', async () => {
    const { store, take } = await openInbox();
    const of = (entityType: string, type: string, payload: object, more: object = {}) =>
      event({ entityType, type, payload, ...more });
    const { refused } = await take(
      toText([
        of('gate', 'waiver_revoked', { waiverId: ID, reason: 'x' }, { severity: 'warning' }),
        of('desk', 'command_decided', {}),
        of('ledger', 'document_recorded', { table: 'waivers', id: 'w', document: {} }),
        of('ledger', 'document_recorded', { table: 'runs', id: 'w', document: {} }),
        of('ledger', 'document_recorded', { table: 'errors', id: 'w', document: { schema: 'x' } }),
        of('run', 'run_paused', { reason: 'x', inFlightTasks: 0 }, { severity: 'warning' }),
        of('run', 'stall_cleared', { stalledMs: 1 }),
        of('task', 'lease_fenced', { oldToken: 1, newToken: 2 }, { severity: 'warning' }),
      ]),
    );
    expect(refused.map(({ code }) => code)).toEqual([
      'NO_HANDLER',
      'NO_HANDLER',
      'NO_HANDLER',
      'NO_HANDLER',
      'SCHEMA_UNKNOWN',
      'TRIGGER_MISSING',
      'ENTITY_UNKNOWN',
      'ENTITY_UNKNOWN',
    ]);
    expect(await store.head()).toMatchObject({ position: 0 });
    await store.close();
  });

  it('takes remarks on work it knows, and what is about no machine', async () => {
    const { store, take } = await openInbox();
    const remark = event({ type: 'stall_cleared', payload: { stalledMs: 1 } });
    const tool = event({
      entityType: 'ledger',
      entityId: 'alerts',
      type: 'alert_cleared',
      payload: { alertId: ID, ruleId: 'slow' },
    });
    expect(await take(toText([CREATED, remark, tool]))).toMatchObject({ taken: 3, refused: [] });
    expect((await store.readStream(`run/${ID}`)).map(({ type }) => type)).toEqual([
      'run_created',
      'stall_cleared',
    ]);
    await store.close();
  });
});
