import { describe, expect, it } from 'vitest';
import { toInstant } from '#shared/kernel/index.ts';
import { toExecutionEvent } from '#shared/ledger/index.ts';
import { type EventFilter, isWanted } from '#worker/events/event-filter.ts';

const event = toExecutionEvent({
  position: 1,
  stream: 'task/01TASK',
  version: 1,
  type: 'task_failed',
  at: toInstant(0),
  actor: 'worker',
  payload: {},
  scope: { runId: '01RUN' },
  previousHash: '0'.repeat(64),
  hash: 'a'.repeat(64),
});

describe('isWanted', () => {
  it.each<[string, EventFilter, boolean]>([
    ['nothing asked', {}, true],
    ['its type', { types: ['task_failed'] }, true],
    ['the start of its type only', { types: ['task_fail'] }, false],
    ['another type', { types: ['task_started'] }, false],
    ['its prefix', { types: ['task_*'] }, true],
    ['a prefix it is as long as', { types: ['task_failed*'] }, true],
    ['another prefix', { types: ['run_*'] }, false],
    ['every type', { types: ['*'] }, true],
    ['one of several types', { types: ['run_*', 'task_failed'] }, true],
    ['no type at all', { types: [] }, false],
    ['its severity among others', { severities: ['info', 'error'] }, true],
    ['another severity', { severities: ['info'] }, false],
    ['its entity', { entityType: 'task', entityId: '01TASK' }, true],
    ['another kind of entity', { entityType: 'run' }, false],
    ['another entity', { entityId: '01OTHER' }, false],
    ['its run', { runId: '01RUN' }, true],
    ['another run', { runId: '01OTHER' }, false],
    ['all but one', { types: ['task_*'], entityType: 'task', runId: '01OTHER' }, false],
  ])('with %s', (_what, filter, wanted) => {
    expect(isWanted(event, filter)).toBe(wanted);
  });

  it('does not take an event of no run for one of a run', () => {
    const { runId, ...ofNoRun } = event;
    expect([isWanted(ofNoRun, { runId: '01RUN' }), runId]).toEqual([false, '01RUN']);
  });
});
