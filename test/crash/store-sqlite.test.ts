import { describe, expect, it } from 'vitest';
import { proveSqliteKills } from './store-sqlite-kills.ts';

// `npm run proof:store` takes the full count.
const KILLS = 10;
const SEED = 20_261_124;

describe('a SQLite store whose process is killed', () => {
  it('has every acknowledged step once and whole, and none that was not yet committed', async () => {
    const report = await proveSqliteKills({ kills: KILLS, seed: SEED });
    expect(report).toMatchObject({ kills: KILLS, lost: [], doubled: [], early: [], broken: [] });
    expect(report.held).toBeGreaterThan(0);
    expect(report.held).toBeLessThan(KILLS);
    expect(report.acknowledged).toBeGreaterThan(KILLS);
    expect(report.events).toBeGreaterThan(report.acknowledged);
  });
});
