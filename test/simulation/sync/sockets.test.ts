import { describe, expect, it } from 'vitest';
import { proveSockets } from './prove-sockets.ts';

describe('the two-way sync over sockets that break', () => {
  it('doubles no row, loses no edit, and takes no row of a broken listing for deleted', async () => {
    const { tally, breaks } = await proveSockets({ changes: 150, from: 1, moves: 6 });
    expect(tally.failures).toEqual([]);
    expect(tally.acts).toBeGreaterThan(50);
    expect(breaks.before).toBeGreaterThan(0);
    expect(breaks.withinRead).toBeGreaterThan(0);
  }, 120_000);
});
