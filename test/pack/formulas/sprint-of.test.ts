import { describe, expect, it } from 'vitest';
import { openPackBench } from '../pack-bench.ts';

// The bench's doc is in Los Angeles, eight hours behind UTC in winter.
describe('SprintOf', () => {
  const { formula } = openPackBench();

  it.each([
    ['2025-12-15T07:30:00Z', '2025-W50', 'Sunday 23:30 in the doc still belongs to the week'],
    ['2025-12-15T08:00:00Z', '2025-W51', 'Monday 00:00 in the doc begins the next'],
    ['2025-12-29T08:00:00Z', '2026-W01', 'a week belongs to the year of its Thursday'],
    ['2026-03-08T09:59:59Z', '2026-W10', 'the night the clocks change is no exception'],
  ])('puts %s into %s: %s', async (moment, sprint) => {
    expect(await formula('SprintOf', new Date(moment))).toBe(sprint);
  });

  it('says what a date is when it gets none', async () => {
    await expect(formula('SprintOf', new Date('never'))).rejects.toThrow('"day" is not a date');
  });
});
