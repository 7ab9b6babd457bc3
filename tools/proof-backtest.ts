/** `npm run proof:backtest`: how well forecasts made in the past would have held, model by model, and how soon they do. */
import {
  BACKTEST_MODELS,
  type BacktestMetrics,
  backtest,
  toBacktestRows,
  toBacktestScene,
} from '../shared/variance/index.ts';
import { DATA_FILES, readHistory, whyNoFiles } from '../test/simulation/backtest/data-files.ts';
import { findMissedBars, findStrangers } from '../test/simulation/backtest/prove-backtest.ts';
import { proveSmallHistory } from '../test/simulation/backtest/small-history.ts';

const COLUMNS = [
  'maeLn',
  'mdmre',
  'pred25',
  'biasLn',
  'maeHours',
  'coverage80',
  'winklerLn',
  'hiLo',
] as const;

const say = (line: string): boolean => process.stdout.write(`${line}\n`);
const toLine = (first: string, cells: readonly string[]): string =>
  `${first.padEnd(30)}${cells.map((cell) => cell.padStart(11)).join('')}`;
const toRow = (first: string, metrics: BacktestMetrics): string =>
  toLine(
    first,
    COLUMNS.map((column) => metrics[column].toFixed(4)),
  );

function proveFiles(): readonly string[] {
  return DATA_FILES.flatMap(({ title, file, genuineOnly, bars, known }) => {
    const results = backtest(toBacktestScene(readHistory(file), { genuineOnly }), BACKTEST_MODELS);
    const [own] = results;
    say(`\n${title}: ${own?.n ?? 0} tasks scored`);
    say(toLine('', COLUMNS));
    for (const result of results) say(toRow(result.model, result));
    const [least, greatest] = bars.coverage;
    const { maeLn, mdmre, winklerLn } = bars;
    const barCells = [maeLn, mdmre, '', '', '', `${least}–${greatest}`, winklerLn, ''];
    say(toLine('  bar of founder-hq', barCells.map(String)));
    const missed = own === undefined ? ['no forecaster'] : findMissedBars(own, bars);
    return [...missed, ...findStrangers(results, known)].map((miss) => `${title}: ${miss}`);
  });
}

function proveSmall(file: string): readonly string[] {
  const proven = proveSmallHistory(toBacktestRows(readHistory(file)).rows);
  say('\nSiP, the next 20 tasks of each of 8 people after so many of their own');
  say(toLine('', COLUMNS));
  for (const row of proven) say(toRow(`${row.seen} · ${row.model}`, row));
  return proven.flatMap((own) => {
    const rival = proven.find(({ model, seen }) => model === 'built-in table' && seen === own.seen);
    if (own.model !== 'founder-hq' || rival === undefined) return [];
    // The forecaster counts ratios in steps of 1 %, so it is nowhere finer than that.
    const isWorse = own.winklerLn > 1.01 * rival.winklerLn || own.maeLn > 1.01 * rival.maeLn;
    return isWorse ? [`after ${own.seen} tasks: worse than the built-in table`] : [];
  });
}

const missing = whyNoFiles();
if (missing === undefined) {
  const misses = [...proveFiles(), ...proveSmall(DATA_FILES[0]?.file ?? '')];
  for (const miss of misses) say(`missed: ${miss}`);
  say(misses.length === 0 ? '\nall bars met' : `\n${misses.length} bars missed`);
  process.exitCode = misses.length === 0 ? 0 : 1;
} else {
  say(`${missing}: nothing to walk over`);
}
