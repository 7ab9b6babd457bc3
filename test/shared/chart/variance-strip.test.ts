import { describe, expect, it } from 'vitest';
import { describeVarianceStrip, drawVarianceStrip, type StripRow } from '#shared/chart/index.ts';

const row = (cells: Partial<StripRow> = {}): StripRow => ({
  name: 'Audit',
  n: 34,
  typical: 0.25,
  total: 0.15,
  p10: 0.6,
  p90: 1.9,
  ...cells,
});
const DRIFT = { side: 'over', since: '2026-05-04' } as const;

/** The numbers of an attribute, in the order of the drawing. */
const numbersOf = (svg: string, attribute: string) =>
  [...svg.matchAll(new RegExp(` ${attribute}="([-\\d.]+)"`, 'g'))].map(([, value]) =>
    Number(value),
  );

describe('drawVarianceStrip', () => {
  it('places typical by the logarithm of its ratio: as far over as under', () => {
    const xOf = (typical: number) => numbersOf(drawVarianceStrip([row({ typical })]), 'cx').at(-1);
    const middle = 160;
    expect(xOf(0)).toBe(middle);
    expect((xOf(0.5) ?? 0) - middle).toBeCloseTo(middle - (xOf(1 / 1.5 - 1) ?? 0), 0);
    expect(xOf(0.5)).toBeGreaterThan(middle + 50);
  });

  it('widens its axis to what it has to show, up to eightfold', () => {
    expect(drawVarianceStrip([row()])).not.toContain('>4<');
    expect(drawVarianceStrip([row({ p90: 3 })])).toContain('>4<');
    expect(drawVarianceStrip([row({ p10: 0.2 })])).toContain('>⅛<');
  });

  it('keeps what lies beyond the axis within the picture, and marks it', () => {
    const svg = drawVarianceStrip([row({ typical: 400, total: 900, p10: 0.001, p90: 5_000 })]);
    const places = ['cx', 'x1', 'x2', 'x'].flatMap((attribute) => numbersOf(svg, attribute));
    expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...places)).toBeLessThanOrEqual(320);
    expect(svg).toContain('>&gt;999 % / &gt;999 % · n 34<');
    const marks = (drawn: string) => drawn.split('class="rule" d=').length - 1;
    expect(marks(svg)).toBe(2);
    expect(marks(drawVarianceStrip([row()]))).toBe(0);
  });

  it('names a drift with its day, and gives it room', () => {
    const [plain, drifting] = [row(), row({ drift: DRIFT })].map((each) =>
      drawVarianceStrip([each]),
    );
    expect(drifting).toContain('drifting over since 2026-05-04');
    const heightOf = (svg = '') => Number(/viewBox="0 0 320 (\d+)"/.exec(svg)?.[1]);
    expect(heightOf(drifting)).toBeGreaterThan(heightOf(plain));
  });

  it('leaves out what there is nothing to compare for', () => {
    const svg = drawVarianceStrip([row({ typical: null, total: null })]);
    expect(svg).toContain('– / – · n 34');
    expect(numbersOf(svg, 'cx')).toHaveLength(1); // the legend's
  });

  it('takes any name as a name', () => {
    const svg = drawVarianceStrip([row({ name: '<b onload="x">&\u0000\uD800' })]);
    expect(svg).toContain('>&lt;b onload=&quot;x&quot;&gt;&amp;<');
  });

  it('cuts a name to the room its figures leave, letters of double width sooner', () => {
    const named = (name: string, n = 34) => drawVarianceStrip([row({ name, n })]);
    expect(named('a'.repeat(22))).toContain(`>${'a'.repeat(22)}<`);
    expect(named('a'.repeat(23))).toContain(`>${'a'.repeat(21)}…<`);
    expect(named('監'.repeat(12))).toContain(`>${'監'.repeat(10)}…<`);
    expect(named('a'.repeat(22), 34_567)).toContain(`>${'a'.repeat(18)}…<`);
  });

  it('stays below 15 KB however many groups there are, and counts those not shown', () => {
    const many = Array.from({ length: 300 }, (_, place) =>
      row({ name: `监${'w'.repeat(60)}${place}`, drift: DRIFT, p10: 0.01, p90: 99 }),
    );
    const svg = drawVarianceStrip(many);
    expect(new TextEncoder().encode(svg).length).toBeLessThan(15_000);
    expect(svg).toContain('and 286 more');
    expect(drawVarianceStrip(many.slice(0, 14))).not.toContain(' more<');
  });

  it('says that there is nothing yet', () => {
    expect(drawVarianceStrip([])).toContain('No finished tasks with an estimate yet.');
  });

  it('stops on a range that cannot be', () => {
    expect(() => drawVarianceStrip([row({ p10: 0 })])).toThrow('received 0 to 1.9');
    expect(() => drawVarianceStrip([row({ p90: Number.NaN })])).toThrow('received 0.6 to NaN');
  });
});

describe('describeVarianceStrip', () => {
  it('says what the chart shows, a line a group', () => {
    const rows = [row({ drift: DRIFT }), row({ name: 'Sales', n: 1, typical: null, total: -0.5 })];
    expect(describeVarianceStrip(rows)).toBe(
      [
        'Audit: typically +25 %, in total +15 %, 8 of 10 tasks between 0.6 and 1.9 times the estimate, 34 tasks, drifting over since 2026-05-04',
        'Sales: in total -50 %, 8 of 10 tasks between 0.6 and 1.9 times the estimate, 1 task',
      ].join('\n'),
    );
    expect(describeVarianceStrip([])).toBe('No finished tasks with an estimate yet.');
  });
});
