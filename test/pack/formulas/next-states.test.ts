import { describe, expect, it } from 'vitest';
import { openPackBench } from '../pack-bench.ts';

describe('NextStates', () => {
  const { formula } = openPackBench();

  it('lists the states in the order of the table', async () => {
    expect(await formula('NextStates', 'run', 'validating')).toEqual([
      'running',
      'succeeded',
      'failed',
      'quarantined',
      'canceled',
    ]);
  });

  it('knows that failed is closed and not final, and that canceled is both', async () => {
    expect(await formula('NextStates', 'run', 'failed')).toEqual(['quarantined']);
    expect(await formula('NextStates', 'run', 'canceled')).toEqual([]);
  });

  it('reads words as people write them', async () => {
    expect(await formula('NextStates', ' Run ', 'Queued')).toEqual([
      'running',
      'failed',
      'canceled',
    ]);
  });

  it.each([
    ['ship', 'running', '"ship" is no known entity. Allowed: run.'],
    ['run', 'sailing', '"sailing" is no known state. Allowed: pending, queued,'],
    ['run', 'constructor', '"constructor" is no known state.'],
    ['constructor', 'running', '"constructor" is no known entity.'],
  ])('answers %s %s with what is allowed', async (entity, state, message) => {
    await expect(formula('NextStates', entity, state)).rejects.toThrow(message);
  });
});
