import { describe, expect, it } from 'vitest';
import { VARIANCE_WORDS } from '#shared/lifecycle/index.ts';
import { describeState, toNeedWords, toStateWords } from '#shared/variance/index.ts';

const STATES = ['insufficient', 'stable', 'drifting_over', 'drifting_under', 'conflict'] as const;

describe('the words of a drift', () => {
  it('are those a gate asks for, and one for what cannot be told yet', () => {
    expect(STATES.map(toStateWords)).toEqual(['insufficient', ...VARIANCE_WORDS]);
  });

  it('say how much is missing, or since when', () => {
    expect(toNeedWords(3)).toBe('needs ≈3 more');
    expect(describeState('insufficient', { needed: 3, since: null })).toBe(
      'insufficient, needs ≈3 more',
    );
    expect(describeState('drifting over', { needed: 0, since: '2026-02-10' })).toBe(
      'drifting over since 2026-02-10',
    );
    expect(describeState('stable', { needed: 0, since: null })).toBe('stable');
  });
});
