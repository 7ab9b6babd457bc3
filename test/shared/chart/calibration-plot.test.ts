import { describe, expect, it } from 'vitest';
import { describeCalibration, drawCalibrationPlot } from '#shared/chart/index.ts';

const QUANTILES = [
  { share: 0.1, below: 0.05, upTo: 0.12, n: 6_712 },
  { share: 0.5, below: 0.41, upTo: 0.62, n: 6_712 },
  { share: 0.9, below: 0.9, upTo: 0.9, n: 6_712 },
];

/** The smallest and the greatest height of the band, which shrinks as more is known. */
const bandOf = (svg: string) => {
  const points = (/points="([^"]+)"/.exec(svg)?.[1] ?? '').split(' ');
  const [low, high] = [points[10], points[31]].map((point) => Number(point?.split(',')[1]));
  return (high ?? 0) - (low ?? 0);
};

describe('drawCalibrationPlot', () => {
  it('draws a bar for each quantile, from what ended before it to what ended on it', () => {
    const svg = drawCalibrationPlot(QUANTILES);
    const bars = [
      ...svg.matchAll(/class="range" x1="([\d.]+)" x2="([\d.]+)" y1="([\d.]+)" y2="([\d.]+)"/g),
    ];
    const side = 256;
    expect(bars.map(([, x1, x2, y1, y2]) => [x1 === x2, Number(y1) - Number(y2)])).toEqual([
      [true, expect.closeTo(0.07 * side, 0)],
      [true, expect.closeTo(0.21 * side, 0)],
      [true, 0],
    ]);
  });

  it('draws the band of chance wider where less is known', () => {
    const few = QUANTILES.map((quantile) => ({ ...quantile, n: 25 }));
    const side = 256;
    expect(bandOf(drawCalibrationPlot(few))).toBeCloseTo(2 * 1.96 * 0.1 * side, -1);
    expect(bandOf(drawCalibrationPlot(QUANTILES))).toBeLessThan(8);
  });

  it('stays small, and says where there is nothing yet', () => {
    expect(drawCalibrationPlot(QUANTILES).length).toBeLessThan(15_000);
    expect(drawCalibrationPlot(QUANTILES)).toContain('>n 6,712<');
    expect(drawCalibrationPlot([])).toContain('No forecast has an outcome yet.');
  });
});

describe('describeCalibration', () => {
  it('says what the plot shows', () => {
    expect(describeCalibration(QUANTILES)).toBe(
      'Of 6,712 tasks, in percent: 5 to 12 ended by the forecast P10, 41 to 62 ended by the forecast P50, 90 ended by the forecast P90.',
    );
    const one = [{ share: 0.5, below: 1, upTo: 1, n: 1 }];
    expect(describeCalibration(one)).toBe('Of 1 task, in percent: 100 ended by the forecast P50.');
    expect(describeCalibration([])).toBe('No forecast has an outcome yet.');
  });
});
