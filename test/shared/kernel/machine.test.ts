import { describe, expect, it } from 'vitest';
import { isFinal, listTransitions } from '#shared/kernel/index.ts';

const STATES = ['shut', 'open', 'gone'] as const;
const TRIGGERS = ['push', 'burn'] as const;
const TABLE = {
  shut: { push: 'open', burn: 'gone' },
  open: { burn: 'gone' },
  gone: {},
} as const;

describe('listTransitions', () => {
  it('lists what leads somewhere, row by row', () => {
    expect(listTransitions(TABLE, STATES, TRIGGERS)).toEqual([
      { from: 'shut', trigger: 'push', to: 'open' },
      { from: 'shut', trigger: 'burn', to: 'gone' },
      { from: 'open', trigger: 'burn', to: 'gone' },
    ]);
  });
});

describe('isFinal', () => {
  it('is a state without a way out', () => {
    expect(STATES.filter((state) => isFinal(TABLE, state))).toEqual(['gone']);
  });
});
