import type { BacktestMetrics, BacktestResult } from '#shared/variance/index.ts';
import type { Bars, Figures } from './data-files.ts';

/** What another program rounded to three places may lie apart from the same figure here. */
const ROUNDED = 0.0012;

/** The figures that other programs have told of the same rules. */
const toFigures = (result: BacktestMetrics): Figures => [
  result.maeLn,
  result.mdmre,
  result.coverage80,
  result.winklerLn,
];

/** In words, each bar that a forecaster's figures do not reach. */
export function findMissedBars(result: BacktestMetrics, bars: Bars): readonly string[] {
  const [least, greatest] = bars.coverage;
  const judged: readonly (readonly [string, number, boolean])[] = [
    [`maeLn at most ${bars.maeLn}`, result.maeLn, result.maeLn <= bars.maeLn],
    [`mdmre at most ${bars.mdmre}`, result.mdmre, result.mdmre <= bars.mdmre],
    [`winklerLn at most ${bars.winklerLn}`, result.winklerLn, result.winklerLn <= bars.winklerLn],
    [`coverage80 at least ${least}`, result.coverage80, result.coverage80 >= least],
    [`coverage80 at most ${greatest}`, result.coverage80, result.coverage80 <= greatest],
  ];
  return judged
    .filter(([, , isMet]) => !isMet)
    .map(([bar, figure]) => `${bar}, is ${figure.toFixed(4)}`);
}

/** In words, each rule whose figures are not those known of it: a rival measured wrongly proves nothing. */
export function findStrangers(
  results: readonly BacktestResult[],
  known: Readonly<Record<string, Figures>>,
): readonly string[] {
  return Object.entries(known).flatMap(([model, expected]) => {
    const result = results.find((each) => each.model === model);
    const figures = result === undefined ? [] : toFigures(result);
    const isSame = expected.every((value, at) => Math.abs(value - (figures[at] ?? 9)) < ROUNDED);
    return isSame ? [] : [`${model}: expected ${expected.join(' ')}, is ${figures.join(' ')}`];
  });
}
