import { describe, expect, it } from 'vitest';
import { type FinanceRow, toReviewFacts } from '#shared/doc/index.ts';
import { docWith } from './small-doc.ts';

const row = (rowId: string, facts: Partial<FinanceRow> = {}): FinanceRow => ({
  rowId,
  name: rowId,
  ...facts,
});
const runwayOf = (finance: readonly FinanceRow[], runwayWeeks?: number) =>
  toReviewFacts(docWith({ finance }), {
    kind: 'weekly',
    date: '2026-05-08',
    timeZone: 'UTC',
    runs: [],
    ...(runwayWeeks === undefined ? {} : { runwayWeeks }),
  }).runwayWeeks;

describe('how long the money lasts', () => {
  it('is what the newest snapshot up to the day says, in whatever order they stand', () => {
    const snapshots = [
      row('may', { date: '2026-05-08', runwayWeeks: 9 }),
      row('march', { date: '2026-03-31', runwayWeeks: 20 }),
      row('june', { date: '2026-06-30', runwayWeeks: 2 }),
      row('blank', { date: '2026-05-08' }),
    ];
    expect(runwayOf(snapshots)).toBe(9);
    expect(runwayOf(snapshots.toReversed())).toBe(9);
  });

  it('is what the only snapshot says, with or without a date', () => {
    expect(runwayOf([row('now', { runwayWeeks: 6.5 }), row('blank')])).toBe(6.5);
    expect(runwayOf([row('now', { runwayWeeks: 6.5, date: '2026-05-01' })])).toBe(6.5);
    expect(runwayOf([row('later', { runwayWeeks: 6.5, date: '2026-05-09' })])).toBeUndefined();
  });

  it('is not guessed from several without a date', () => {
    expect(runwayOf([row('a', { runwayWeeks: 6 }), row('b', { runwayWeeks: 7 })])).toBeUndefined();
    const dated = row('c', { runwayWeeks: 8, date: '2026-05-01' });
    expect(runwayOf([row('a', { runwayWeeks: 6 }), dated])).toBe(8);
  });

  it('is what the asker says, before any snapshot', () => {
    expect(runwayOf([row('now', { runwayWeeks: 6 })], 3)).toBe(3);
    expect(runwayOf([], 3)).toBe(3);
    expect(runwayOf([])).toBeUndefined();
  });
});
