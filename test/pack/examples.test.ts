import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pack } from '../../pack/pack.ts';
import { openPackBench } from './pack-bench.ts';

const SHOWN_DECIMALS = 3;

/** What a person sees of a figure; the examples are written for people. */
function asShown(value: unknown): unknown {
  if (typeof value === 'number') return Number(value.toFixed(SHOWN_DECIMALS));
  if (Array.isArray(value)) return value.map(asShown);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, asShown(part)]));
}

/** Examples give days as text; Coda hands them over as the moment the day begins in the doc. */
function asHandedOver(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asHandedOver);
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}(T|$)/.test(value)
    ? new Date(value.length === 10 ? `${value}T08:00:00.000Z` : value)
    : value;
}

const isCut = (result: unknown): result is string =>
  typeof result === 'string' && result.endsWith('…');

const CASES = pack.formulas.flatMap(({ name, examples = [] }) =>
  examples.map((example, place) => ({ name, place: place + 1, ...example })),
);

describe('the examples of every formula and button', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each(CASES)(
    '$name: example $place is what the block answers',
    async ({ name, params, result }) => {
      // At 10:30 Dana has Report Beta paused since she began Audit Acme at 9:00.
      const bench = openPackBench();
      vi.setSystemTime('2026-03-02T08:00:00.000Z');
      await bench.formula('StartRun', 'CxcSmXz318', 'Report Beta');
      vi.setSystemTime('2026-03-02T09:00:00.000Z');
      await bench.formula('StartRun', 'CxcSmXz318', 'Audit Acme');
      vi.setSystemTime('2026-03-02T10:30:00.000Z');
      const answer = await bench.formula(name, ...params.map(asHandedOver));
      // Of a picture the examples show only how its text begins.
      const shown = isCut(result) ? `${String(answer).slice(0, result.length - 1)}…` : answer;
      expect(asShown(shown)).toEqual(asShown(result));
    },
  );

  it('are two at least for each', () => {
    const short = pack.formulas.filter(({ examples = [] }) => examples.length < 2);
    expect(short.map(({ name }) => name)).toEqual([]);
  });
});
