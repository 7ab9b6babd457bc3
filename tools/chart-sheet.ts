/** The contact sheet of all charts: each with few, many, extreme and no data, as `npm run docs` draws it. */
import {
  BADGE_STATES,
  drawBurnLine,
  drawCalibrationPlot,
  drawCostBars,
  drawGateBadge,
  drawVarianceStrip,
  type StripRow,
  type SvgText,
} from '#shared/chart/index.ts';

interface Shown {
  readonly title: string;
  readonly charts: readonly SvgText[];
}

const GAP = 16;
const CHART_WIDTH = 320;
const TITLE_HEIGHT = 24;

const strip = (cells: Partial<StripRow>): StripRow => ({
  name: 'Marketing Audit',
  n: 34,
  typical: 0.25,
  total: 0.15,
  p10: 0.6,
  p90: 1.9,
  ...cells,
});
const DRIFT = { side: 'over', since: '2026-03-02' } as const;
const FEW = [
  strip({ drift: DRIFT }),
  strip({ name: 'Website Build', n: 41, typical: -0.1, total: -0.05, p10: 0.7, p90: 1.2 }),
];
const MANY = Array.from({ length: 9 }, (_, at) =>
  strip({
    name: `Workflow ${at + 1}`,
    n: 10 * at,
    typical: at / 10 - 0.3,
    total: at / 8 - 0.3,
    p10: 0.4 + at / 30,
    p90: 1 + at / 4,
  }),
);
const EXTREME = [
  strip({
    name: 'A name that is far too long to fit into one line of a chart',
    typical: 400,
    total: 900,
    p10: 0.001,
    p90: 5_000,
  }),
  strip({ name: '名前がとても長いワークフローの分散', n: 0, typical: null, total: null }),
];

const steps = (count: number, amount: (at: number) => number) =>
  Array.from({ length: count }, (_, at) => ({
    day: new Date(Date.UTC(2026, 2, 1 + at)).toISOString().slice(0, 10),
    amount: amount(at),
  }));
const MARCH = { limit: 1_000, from: '2026-03-01', to: '2026-03-31', unit: 'EUR' };

const bars = (count: number, amount: (at: number) => number) =>
  Array.from({ length: count }, (_, at) => ({ name: `Project ${at + 1}`, amount: amount(at) }));

const quantile = (share: number, below: number, upTo: number) => ({ share, below, upTo, n: 400 });

const SHOWN: readonly Shown[] = [
  {
    title: 'VarianceChart',
    charts: [
      drawVarianceStrip(FEW),
      drawVarianceStrip(MANY),
      drawVarianceStrip(EXTREME),
      drawVarianceStrip([]),
    ],
  },
  {
    title: 'BurnChart',
    charts: [
      drawBurnLine(
        steps(3, () => 150),
        MARCH,
      ),
      drawBurnLine(
        steps(400, (at) => 2 + (at % 7)),
        { unit: 'h' },
      ),
      drawBurnLine(
        [
          { day: '2026-03-30', amount: 12_345_678.9 },
          { day: '2026-03-31', amount: -45 },
        ],
        MARCH,
      ),
      drawBurnLine([], MARCH),
    ],
  },
  {
    title: 'CostChart',
    charts: [
      drawCostBars(
        bars(2, (at) => 1200 - 750 * at),
        { currency: 'EUR' },
      ),
      drawCostBars(
        bars(40, (at) => 40 * (at + 1)),
        { currency: 'USD' },
      ),
      drawCostBars(
        [
          { name: 'A project whose name does not fit beside its amount', amount: 1e9 },
          { name: 'Refund', amount: -3e8 },
          { name: 'Coffee', amount: 0.004 },
        ],
        { currency: 'EUR' },
      ),
      drawCostBars([], { currency: 'EUR' }),
    ],
  },
  {
    title: 'GateBadge',
    charts: BADGE_STATES.map((state) =>
      drawGateBadge({
        gate: 'client approval',
        state,
        note: state === 'waived' ? 'until 2026-03-09' : '',
      }),
    ),
  },
  {
    title: 'Calibration',
    charts: [
      drawCalibrationPlot([
        quantile(0.1, 0.08, 0.12),
        quantile(0.5, 0.44, 0.53),
        quantile(0.9, 0.88, 0.93),
      ]),
      drawCalibrationPlot([]),
    ],
  },
];

/** The sheet, in light or in dark surroundings whoever looks at it. */
export function toChartSheet(surroundings: 'light' | 'dark'): {
  readonly path: string;
  readonly text: string;
} {
  let x = GAP;
  let height = 0;
  const columns = SHOWN.map(({ title, charts }) => {
    let y = GAP + TITLE_HEIGHT;
    const placed = charts.map((chart) => {
      const at = y;
      y += heightOf(chart) + GAP;
      return `<svg x="${x}" y="${at}" width="${CHART_WIDTH}" height="${heightOf(chart)}"${toInner(chart)}`;
    });
    const heading = `<text class="strong" x="${x}" y="${GAP + 14}">${title}</text>`;
    x += CHART_WIDTH + GAP;
    height = Math.max(height, y);
    return heading + placed.join('');
  });
  const ground = surroundings === 'light' ? '#f6f8fa' : '#0d1117';
  const rules = toStyle(surroundings);
  return {
    path: `docs/pack/charts-${surroundings}.svg`,
    text: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${x} ${height}"><style>${rules}</style><rect width="${x}" height="${height}" fill="${ground}"/>${columns.join('')}</svg>\n`,
  };
}

const heightOf = (chart: SvgText): number =>
  Number(/viewBox="0 0 \d+ (\d+)"/.exec(chart)?.[1] ?? 0);

/** All charts have one style, which the sheet needs once. */
const toInner = (chart: SvgText): string =>
  chart.replace(/^<svg xmlns="[^"]*"/, '').replace(/<style>.*?<\/style>/, '');

function toStyle(surroundings: 'light' | 'dark'): string {
  const style = /<style>(.*?)<\/style>/.exec(drawVarianceStrip([]))?.[1] ?? '';
  const [light = '', dark = ''] = style.split(/@media\([^)]*\)\{/);
  return surroundings === 'light' ? light : light + dark.slice(0, -1);
}
