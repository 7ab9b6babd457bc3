import { describe, expect, it } from 'vitest';
import { parseContract } from '#shared/contracts/index.ts';
import { toInstant } from '#shared/kernel/index.ts';
import { type Envelope, splitStream, toExecutionEvent } from '#shared/ledger/index.ts';

const taskId = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const envelope: Envelope = {
  position: 7,
  stream: `task/${taskId}`,
  version: 3,
  type: 'task_requeued',
  at: toInstant(Date.UTC(2026, 2, 2, 9)),
  actor: 'system',
  payload: { reason: 'lease_lost', attempt: 1 },
  previousHash: '0'.repeat(64),
  hash: 'ab'.repeat(32),
};
const moved = { ...envelope, transition: { from: 'running', trigger: 'requeue', to: 'queued' } };

describe('toExecutionEvent', () => {
  it('tells a transition with the states between which it led', () => {
    const scope = { runId: taskId, taskId };
    const document = toExecutionEvent({
      ...moved,
      scope,
      idempotencyKey: 'K1',
      causationId: taskId,
    });
    expect(document).toEqual({
      schema: 'execution_event.v1',
      // 48 bits of time, then the first 80 bits of the hash.
      eventId: '01KJPWD6M0NENTQAXBNENTQAXB',
      position: 7,
      type: 'task_requeued',
      severity: 'warning',
      at: '2026-03-02T09:00:00.000Z',
      entityType: 'task',
      entityId: taskId,
      version: 3,
      fromState: 'running',
      toState: 'queued',
      trigger: 'requeue',
      actor: { kind: 'system', id: 'system' },
      runId: taskId,
      taskId,
      correlationId: '01KJPWD6M0NENTQAXBNENTQAXB',
      causationId: taskId,
      idempotencyKey: 'K1',
      payload: { reason: 'lease_lost', attempt: 1 },
    });
    expect(parseContract(document, 'execution_event')).toMatchObject({ ok: true });
  });

  it('gives a birth no state to come from', () => {
    const transition = { from: 'none', trigger: 'create', to: 'pending' };
    const document = toExecutionEvent({ ...envelope, transition });
    expect(document).toMatchObject({ trigger: 'create', toState: 'pending', version: 3 });
    expect(document).not.toHaveProperty('fromState');
  });

  it('says nothing of states where none was left, and keeps to its own affair', () => {
    const document = toExecutionEvent({ ...envelope, type: 'lease_fenced', correlationId: taskId });
    const absent = ['version', 'trigger', 'fromState', 'toState', 'runId'];
    for (const field of [...absent, 'idempotencyKey', 'causationId']) {
      expect(document).not.toHaveProperty(field);
    }
    expect(document.correlationId).toBe(taskId);
  });

  it.each([
    ['system', 'system'],
    ['worker', 'worker'],
    ['worker/01', 'worker'],
    ['workers@example.com', 'person'],
    ['dana@example.com', 'person'],
  ])('takes %s for a %s', (actor, kind) => {
    expect(toExecutionEvent({ ...envelope, actor }).actor).toEqual({ kind, id: actor });
  });

  it.each([
    [{ severity: 'critical' }, 'critical'],
    [{ severity: 'loud' }, 'error'],
    [{}, 'error'],
    [null, 'error'],
    ['critical', 'error'],
  ])('weighs an event of a record as the record does: %j is %s', (payload, severity) => {
    expect(toExecutionEvent({ ...envelope, type: 'alert_raised', payload }).severity).toBe(
      severity,
    );
  });
});

describe('splitStream', () => {
  it.each([
    ['task/T1', ['task', 'T1']],
    ['phase/R1/build', ['phase', 'R1/build']],
    ['ledger', ['ledger', 'ledger']],
    ['/x', ['', 'x']],
  ])('%s', (stream, parts) => {
    expect(splitStream(stream)).toEqual(parts);
  });
});
