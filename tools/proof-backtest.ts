/**
 * `npm run proof:backtest`: how well forecasts made in the past would have held, model by model, how soon they do, and
 * whether the time of many tasks together lay where it was foreseen.
 */
import {
  BACKTEST_FIGURES,
  BACKTEST_MODELS,
  type BacktestMetrics,
  backtest,
  toBacktestRows,
  toBacktestScene,
} from '../shared/variance/index.ts';
import { DATA_FILES, readHistory, whyNoFiles } from '../test/simulation/backtest/data-files.ts';
import {
  BAR_SIZE,
  type BlockOptions,
  findMissedHeld,
  HELD_BAR,
  proveFinishBlocks,
} from '../test/simulation/backtest/finish-blocks.ts';
import { findMissedBars, findStrangers } from '../test/simulation/backtest/prove-backtest.ts';
import { proveSmallHistory } from '../test/simulation/backtest/small-history.ts';

/** Futures drawn for each block. */
const DRAWS = 1_000;

const say = (line: string): boolean => process.stdout.write(`${line}\n`);
const toLine = (first: string, cells: readonly string[]): string =>
  `${first.padEnd(30)}${cells.map((cell) => cell.padStart(11)).join('')}`;
const toRow = (first: string, metrics: BacktestMetrics): string =>
  toLine(
    first,
    BACKTEST_FIGURES.map((column) => metrics[column].toFixed(4)),
  );

function proveFiles(): readonly string[] {
  return DATA_FILES.flatMap(({ title, file, genuineOnly, bars, known }) => {
    const results = backtest(toBacktestScene(readHistory(file), { genuineOnly }), BACKTEST_MODELS);
    const [own] = results;
    say(`\n${title}: ${own?.n ?? 0} tasks scored`);
    say(toLine('', BACKTEST_FIGURES));
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
  say(toLine('', BACKTEST_FIGURES));
  for (const row of proven) say(toRow(`${row.seen} · ${row.model}`, row));
  return proven.flatMap((own) => {
    const rival = proven.find(({ model, seen }) => model === 'built-in table' && seen === own.seen);
    if (own.model !== 'founder-hq' || rival === undefined) return [];
    // The forecaster counts ratios in steps of 1 %, so it is nowhere finer than that.
    const isWorse = own.winklerLn > 1.01 * rival.winklerLn || own.maeLn > 1.01 * rival.maeLn;
    return isWorse ? [`after ${own.seen} tasks: worse than the built-in table`] : [];
  });
}

const BLOCKS: readonly (readonly [title: string, options: BlockOptions])[] = [
  [`${BAR_SIZE} tasks`, { size: BAR_SIZE, draws: DRAWS }],
  ['  drawn independently', { size: BAR_SIZE, draws: DRAWS, commonSd: 0 }],
  ['50 tasks', { size: 50, draws: DRAWS }],
];

function proveBlocks(): readonly string[] {
  say(
    '\nFinish dates: the hours of so many tasks in a row, against those drawn from what was known before',
  );
  return DATA_FILES.flatMap(({ title, file, genuineOnly }) => {
    const scene = toBacktestScene(readHistory(file), { genuineOnly });
    say(`\n${title}`);
    say(toLine('', ['blocks', 'P10–P90', '≤ P80', '< P10', '> P90']));
    const [own] = BLOCKS.map(([name, options]) => {
      const { blocks, held, upTo80, below10, above90 } = proveFinishBlocks(scene, options);
      const shares = [held, upTo80, below10, above90].map((share) => share.toFixed(3));
      say(toLine(name, [String(blocks), ...shares]));
      return held;
    });
    say(toLine(`  bar of ${BAR_SIZE} tasks`, ['', HELD_BAR.join('–')]));
    return findMissedHeld(own ?? Number.NaN).map((miss) => `${title}: ${miss}`);
  });
}

const missing = whyNoFiles();
if (missing === undefined) {
  const misses = [...proveFiles(), ...proveSmall(DATA_FILES[0]?.file ?? ''), ...proveBlocks()];
  for (const miss of misses) say(`missed: ${miss}`);
  say(misses.length === 0 ? '\nall bars met' : `\n${misses.length} bars missed`);
  process.exitCode = misses.length === 0 ? 0 : 1;
} else {
  say(`${missing}: nothing to walk over`);
}
