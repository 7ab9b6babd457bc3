import type { Day } from '#shared/kernel/index.ts';
import {
  BACKTEST_EXCLUSIONS,
  BACKTEST_FIGURES,
  type BacktestExclusion,
  type BacktestResult,
  type BacktestScene,
} from '#shared/variance/index.ts';
import type { RefusedRow } from '#worker/import/index.ts';
import { toFixedText } from './number-text.ts';

/** What a backtest shows. */
export interface ShownBacktest {
  readonly scene: BacktestScene;
  /** Our own model first; none where nothing was scored. */
  readonly results: readonly BacktestResult[];
  readonly refused: readonly RefusedRow[];
}

const EXCLUSION_TEXTS: Readonly<Record<BacktestExclusion, string>> = {
  no_estimate: 'rows without estimated_hours above zero',
  no_actual: 'rows without actual_hours above zero',
  no_estimate_day: 'rows without estimated_on',
};
/** More unreadable rows than these are counted and not named one by one. */
const NAMED_MAX = 10;

/** The figures as one JSON object, unrounded; by model, our own first. `rows` are those left after `excluded` ones. */
export function toBacktestJson(shown: ShownBacktest): object {
  const excluded = countExcluded(shown);
  const models = shown.results.map(({ model, n, ...figures }) => [
    model,
    { n, excluded, ...figures },
  ]);
  const { rows, scoredFrom } = shown.scene;
  return {
    rows: rows.length,
    excluded,
    scored: rows.length - scoredFrom,
    models: Object.fromEntries(models),
  };
}

/** The figures as people read them: a line a model, and below it what they mean in a sentence. */
export function describeBacktest({ scene, results }: ShownBacktest): string {
  const scored = scene.rows.length - scene.scoredFrom;
  const head = toLine('', BACKTEST_FIGURES);
  const lines = results.map((result) =>
    toLine(
      result.model,
      BACKTEST_FIGURES.map((figure) => toFixedText(result[figure], 3)),
    ),
  );
  const title = `${count(scored, 'task')} of ${count(scene.rows.length, 'row')} scored${scene.scoredFrom === 0 ? '' : `; from the first ${scene.scoredFrom} is only learned`}`;
  return [title, '', head, ...lines, '', ...describeResult(results)].join('\n');
}

function describeResult(results: readonly BacktestResult[]): readonly string[] {
  const [own, raw] = ['founder-hq', 'raw'].map((name) =>
    results.find(({ model }) => model === name),
  );
  if (own === undefined || raw === undefined) return [];
  const held = `Our 80 % ranges held ${Math.round(own.coverage80 * 100)} % of what came`;
  const [ours, yours] = [own, raw].map(({ maeLn }) => Math.exp(maeLn).toFixed(2));
  return [
    `${held}; our forecasts were off by a factor of ${ours} on average, your estimates by ${yours}.`,
  ];
}

/** What of the file nobody could be judged by: counts by reason, and unreadable rows by their line. */
export function describeLeftOut({ scene, refused }: ShownBacktest): readonly string[] {
  const reasons = BACKTEST_EXCLUSIONS.map(
    (reason) => [scene.excluded[reason], EXCLUSION_TEXTS[reason]] as const,
  );
  const named = refused.slice(0, NAMED_MAX).map(({ line, reason }) => `  line ${line}: ${reason}`);
  const more = refused.length - named.length;
  return [
    ...[...reasons, [refused.length, 'rows that cannot be read'] as const]
      .filter(([n]) => n > 0)
      .map(([n, text]) => `${n} × ${text}`),
    ...named,
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

/** Why there are no figures. */
export function whyNothing({ rows }: BacktestScene, scoreFrom: Day | undefined): string {
  if (rows.length === 0)
    return 'No row of the file can be judged; expected finished tasks with an estimate, an actual and the day of the estimate.';
  return `No task was estimated on or after ${scoreFrom}; the last was estimated before.`;
}

function countExcluded({ scene, refused }: ShownBacktest): number {
  return Object.values(scene.excluded).reduce((sum, n) => sum + n, refused.length);
}

const count = (n: number, word: string): string =>
  `${n.toLocaleString('en-US')} ${word}${n === 1 ? '' : 's'}`;

const toLine = (name: string, cells: readonly string[]): string =>
  `${name.padEnd(22)}${cells.map((cell) => cell.padStart(11)).join('')}`;
