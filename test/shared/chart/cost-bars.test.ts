import { describe, expect, it } from 'vitest';
import { type CostBar, describeCostBars, drawCostBars } from '#shared/chart/index.ts';

const EUR = { currency: 'EUR' };
const bars = (count: number): readonly CostBar[] =>
  Array.from({ length: count }, (_, at) => ({ name: `P${at + 1}`, amount: at + 1 }));
const widths = (svg: string) =>
  [...svg.matchAll(/<rect class="(?:one|two)"[^>]* width="([\d.]+)"/g)].map(([, width]) =>
    Number(width),
  );

describe('drawCostBars', () => {
  it('draws the dearest first, each as wide as it cost', () => {
    const svg = drawCostBars(
      [
        { name: 'Small', amount: 25 },
        { name: 'Large', amount: 100 },
      ],
      EUR,
    );
    expect(svg.indexOf('Large')).toBeLessThan(svg.indexOf('Small'));
    expect(widths(svg)).toEqual([296, 74]);
    expect(svg).toContain('>total 125 EUR<');
  });

  it('draws what came back to the other side and hollow', () => {
    const svg = drawCostBars(
      [
        { name: 'Paid', amount: 300 },
        { name: 'Refund', amount: -100 },
      ],
      EUR,
    );
    expect(widths(svg)).toEqual([222, 74]);
    expect(svg).toContain('class="two" x="12"');
    expect(svg).toContain('>−100<');
  });

  it('keeps a cost too small for its scale in sight, and no cost from reading 0', () => {
    const svg = drawCostBars(
      [
        { name: 'House', amount: 1e9 },
        { name: 'Coffee', amount: 0.004 },
        { name: 'Change', amount: -0.004 },
      ],
      EUR,
    );
    expect(widths(svg).slice(1)).toEqual([1, 1]);
    expect(svg).toContain('&lt;0.01');
    expect(svg).toContain('&gt;−0.01');
    expect(svg).toContain('1\u202f000\u202f000\u202f000');
  });

  it('sums what is more than twelve into one bar', () => {
    const svg = drawCostBars(bars(20), EUR);
    expect(widths(svg)).toHaveLength(12);
    expect(svg).toContain('>9 others<');
    expect(svg).toContain('>45.00<');
    expect(drawCostBars(bars(12), EUR)).not.toContain('others');
  });

  it('says that there is nothing', () => {
    expect(drawCostBars([], EUR)).toContain('No costs yet.');
    expect(describeCostBars([], EUR)).toBe('No costs yet.');
    expect(widths(drawCostBars([{ name: 'Free', amount: 0 }], EUR))).toEqual([1]);
  });
});

describe('describeCostBars', () => {
  it('says in words what is drawn, and leaves none out', () => {
    expect(describeCostBars(bars(2), EUR)).toBe('P2: 2.00 EUR\nP1: 1.00 EUR\nTotal: 3.00 EUR');
    expect(describeCostBars(bars(20), { currency: '' }).split('\n')).toHaveLength(21);
    expect(describeCostBars(bars(1), { currency: '' })).toBe('P1: 1.00\nTotal: 1.00');
  });
});
