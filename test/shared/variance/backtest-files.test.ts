import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type BacktestResult, backtest } from '#shared/variance/backtest.ts';
import { BACKTEST_MODELS } from '#shared/variance/backtest-models.ts';
import type { HistoryRow } from '#shared/variance/backtest-rows.ts';

const SIP = '../shared/data/sip-before-2012.csv';
const RENZO = '../shared/data/renzo-first-70.csv';

/** These two files quote nothing. */
function readRows(file: string): readonly HistoryRow[] {
  const [header = '', ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  const columns = header.split(',');
  return lines.map((line) => {
    const values = line.split(',');
    const cell = (name: string) => {
      const value = values[columns.indexOf(name)];
      return value === '' ? undefined : value;
    };
    const hours = (name: string) => (cell(name) === undefined ? undefined : Number(cell(name)));
    const traits = ['workflow', 'person', 'category', 'subcategory', 'project', 'priority'];
    return {
      task: Object.fromEntries(traits.map((trait) => [trait, cell(trait)])),
      estimateHours: hours('estimated_hours'),
      actualHours: hours('actual_hours'),
      estimatedOn: cell('estimated_on'),
      completedOn: cell('completed_on'),
    };
  });
}

type Figures = readonly [maeLn: number, mdmre: number, coverage80: number, winklerLn: number];
const toFigures = ({ maeLn, mdmre, coverage80, winklerLn }: BacktestResult): Figures => [
  maeLn,
  mdmre,
  coverage80,
  winklerLn,
];

/** Figures of the rivals as another program computed them on the same files; each must come out the same here. */
const FILES = [
  {
    title: 'SiP',
    file: SIP,
    genuineOnly: false,
    rivals: {
      'raw estimate': [0.471, 0.238, 0.794, 3.034],
      'evidence-based scheduling': [0.471, 0.24, 0.78, 2.959],
      'mean actual of the workflow': [1.163, 0.953, 0.788, 4.532],
      'workflow median': [0.47, 0.243, 0.769, 2.979],
      'workflow mean, shrunk': [0.491, 0.23, 0.767, 2.968],
      'workflow median, shrunk': [0.468, 0.237, 0.767, 2.968],
    },
    bars: { maeLn: 0.468, mdmre: 0.24, winklerLn: 2.7, coverage: [0.78, 0.83] },
  },
  {
    title: 'SiP, estimates surely made before the work',
    file: SIP,
    genuineOnly: true,
    rivals: {
      'raw estimate': [0.616, 0.375, 0.79, 3.482],
      'evidence-based scheduling': [0.617, 0.375, 0.788, 3.434],
      'mean actual of the workflow': [1.171, 1.003, 0.76, 4.734],
      'workflow median': [0.623, 0.379, 0.768, 3.564],
      'workflow mean, shrunk': [0.633, 0.38, 0.771, 3.492],
      'workflow median, shrunk': [0.617, 0.377, 0.771, 3.492],
    },
    bars: { maeLn: 0.609, mdmre: 0.382, winklerLn: 3.225, coverage: [0.78, 0.83] },
  },
  {
    title: 'Renzo',
    file: RENZO,
    genuineOnly: false,
    rivals: {
      'raw estimate': [0.391, 0.333, 0.871, 2.104],
      'evidence-based scheduling': [0.391, 0.333, 0.87, 2.115],
      'mean actual of the workflow': [0.532, 0.467, 0.878, 1.853],
      'workflow median': [0.407, 0.333, 0.82, 2.174],
      'workflow mean, shrunk': [0.411, 0.26, 0.8, 2.1],
      'workflow median, shrunk': [0.394, 0.29, 0.8, 2.1],
    },
    bars: { maeLn: 0.38, mdmre: 0.25, winklerLn: 1.65, coverage: [0.78, 1] },
  },
] as const;

describe.each(FILES)('$title (skipped where the file is absent)', (known) => {
  const { file, genuineOnly, rivals, bars } = known;
  it.skipIf(!existsSync(file))(
    'has the known rivals, and a forecaster that beats them',
    () => {
      const results = backtest(readRows(file), BACKTEST_MODELS, { genuineOnly });
      const figuresOf = new Map(results.map((result) => [result.model, toFigures(result)]));
      for (const [model, expected] of Object.entries(rivals)) {
        const gaps = figuresOf
          .get(model)
          ?.map((figure, at) => Math.abs(figure - (expected[at] ?? 0)));
        // The other program rounded to three places.
        expect(Math.max(...(gaps ?? [1]))).toBeLessThan(0.0012);
      }
      const [maeLn, mdmre, coverage, winklerLn] = figuresOf.get('founder-hq') ?? [9, 9, 9, 9];
      expect(maeLn).toBeLessThan(bars.maeLn);
      expect(mdmre).toBeLessThanOrEqual(bars.mdmre);
      expect(winklerLn).toBeLessThan(bars.winklerLn);
      expect(coverage).toBeGreaterThanOrEqual(bars.coverage[0]);
      expect(coverage).toBeLessThanOrEqual(bars.coverage[1]);
    },
    120_000,
  );
});
