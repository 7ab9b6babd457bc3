import { describe, expect, it } from 'vitest';
import { describeBurnLine, drawBurnLine } from '#shared/chart/index.ts';

const MARCH = { limit: 1_000, from: '2026-03-01', to: '2026-03-31', unit: 'EUR' };
const step = (day: string, amount: number) => ({ day, amount });
const path = (svg: string) => /<path class="line" d="([^"]+)"/.exec(svg)?.[1];

describe('drawBurnLine', () => {
  it('rises to the limit where all is used, in the order of the days', () => {
    const steps = [step('2026-03-31', 500), step('2026-03-01', 250), step('2026-03-16', 250)];
    expect(path(drawBurnLine(steps, MARCH))).toBe('M12 166V133H160V100H308V34');
  });

  it('sums what was used on one day', () => {
    const steps = [step('2026-03-16', 400), step('2026-03-16', 100)];
    expect(path(drawBurnLine(steps, MARCH))).toBe('M160 166V100');
  });

  it('widens its span to what was used outside of it', () => {
    const svg = drawBurnLine([step('2026-02-01', 1), step('2026-04-15', 1)], MARCH);
    expect(svg).toContain('>2026-02-01<');
    expect(svg).toContain('>2026-04-15<');
  });

  it('needs neither a limit nor a span', () => {
    const svg = drawBurnLine([step('2026-03-16', 5)], { unit: 'h' });
    expect(path(svg)).toBe('M12 166V34');
    expect(svg).toContain('>5.00 h used<');
    expect(svg).not.toContain('limit');
  });

  it('stays small over many days, and keeps the last of them', () => {
    const steps = Array.from({ length: 1_000 }, (_, at) =>
      step(new Date(Date.UTC(2024, 0, 1 + at)).toISOString().slice(0, 10), 1),
    );
    const svg = drawBurnLine(steps, { unit: 'h' });
    expect(svg.length).toBeLessThan(6_000);
    expect(path(svg)).toMatch(/H308V34$/);
  });

  it('stays within the picture below 0', () => {
    expect(path(drawBurnLine([step('2026-03-01', -5)], { unit: '' }))).toBe('M12 166V166');
  });
});

describe('describeBurnLine', () => {
  it('says in words what is drawn', () => {
    expect(describeBurnLine([step('2026-03-16', 999.99)], MARCH)).toBe(
      '1\u202f000 of 1\u202f000 EUR used (99 %), 2026-03-01 to 2026-03-31, last on 2026-03-16',
    );
    expect(describeBurnLine([step('2026-03-16', 5)], { ...MARCH, limit: 0 })).toContain(
      '5.00 of 0.00 EUR used,',
    );
    expect(describeBurnLine([step('2026-03-16', 1e6)], MARCH)).toContain('(>999 %)');
    expect(describeBurnLine([step('2026-03-16', 5)], { unit: '' })).toContain('5.00 used, ');
    expect(describeBurnLine([], MARCH)).toBe('Nothing used yet.');
    expect(drawBurnLine([], MARCH)).toContain('Nothing used yet.');
  });
});
