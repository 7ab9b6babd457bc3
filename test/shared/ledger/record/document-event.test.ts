import { describe, expect, it } from 'vitest';
import { toInstant } from '#shared/kernel/index.ts';
import { type Json, readDocument, toDocumentEvent } from '#shared/ledger/index.ts';

const step = {
  table: 'budgets',
  id: 'B1',
  document: { limitMicros: '5' },
  at: toInstant(0),
  by: 'dana@example.com',
};
const carried = { table: 'budgets', id: 'B1', document: { limitMicros: '5' } };

describe('toDocumentEvent', () => {
  it('records a document in the stream of its table', () => {
    expect(toDocumentEvent(step)).toStrictEqual({
      stream: 'ledger/budgets',
      event: {
        type: 'document_recorded',
        at: '1970-01-01T00:00:00.000Z',
        actor: 'dana@example.com',
        payload: carried,
      },
    });
  });

  it('tells what happened where it happened, with its facts and the work it belongs to', () => {
    const facts = { reason: 'month is over', id: 'another' };
    const where = { type: 'budget_closed', stream: 'run/R1', scope: { runId: 'R1' } };
    const { stream, event } = toDocumentEvent({ ...step, ...where, facts });
    expect(stream).toBe('run/R1');
    expect(event).toMatchObject({ type: 'budget_closed', scope: { runId: 'R1' } });
    expect(event.payload).toEqual({ ...carried, reason: 'month is over' });
  });
});

describe('readDocument', () => {
  it('gives back the document an event was made of, and nothing else of it', () => {
    const { event } = toDocumentEvent({ ...step, facts: { reason: 'x' } });
    expect(readDocument(event.payload)).toEqual(carried);
  });

  it.each<[string, Json]>([
    ['nothing', null],
    ['a text', 'document'],
    ['a list', [carried]],
    ['no document', { table: 'budgets', id: 'B1' }],
    ['a document that is null', { ...carried, document: null }],
    ['a document that is a list', { ...carried, document: [] }],
    ['a document that is a text', { ...carried, document: 'x' }],
    ['no table', { ...carried, table: 1 }],
    ['no id', { ...carried, id: 1 }],
  ])('finds none in a payload with %s', (_what, payload) => {
    expect(readDocument(payload)).toBeUndefined();
  });
});
