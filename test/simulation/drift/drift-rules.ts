import { toDrift } from '#shared/variance/drift.ts';
import { findCusumAlarms } from '#shared/variance/drift-cusum.ts';
import type { DriftHistory } from '#shared/variance/drift-history.ts';
import { toLevel } from '#shared/variance/drift-level.ts';
import { scoreSplit } from '#shared/variance/drift-scan.ts';

/** A way to call a drift from what a history shows. */
export interface Rule {
  readonly name: string;
  readonly fires: (history: DriftHistory) => boolean;
}

const WINDOW = 12;
const MIN_BEFORE = 20;
const WINDOW_THRESHOLD = 2.807;

/** The state that the product shows. */
export const STATE: Rule = {
  name: 'state',
  fires: (history) => toDrift(history).state.startsWith('drifting'),
};

/** What the state is held beside: the last 12 tasks alone, the sums alone, and three runs above 30 %. */
export const OTHER_RULES: readonly Rule[] = [
  { name: 'last 12', fires: firesOnLastTwelve },
  { name: 'CUSUM', fires: ({ scan }) => findCusumAlarms(scan.values).length > 0 },
  { name: 'mean % > 30 of 3', fires: firesOnMeanOfThree },
];

function firesOnLastTwelve({ scan }: DriftHistory): boolean {
  const before = scan.values.length - WINDOW;
  if (before < MIN_BEFORE || Math.abs(scoreSplit(scan, before)) <= WINDOW_THRESHOLD) return false;
  const [earlier, last] = [scan.values.slice(0, before), scan.values.slice(before)];
  return Math.abs(toLevel(last).mean - toLevel(earlier).mean) > Math.log(1.2);
}

function firesOnMeanOfThree({ scan }: DriftHistory): boolean {
  const last = scan.values.slice(-3);
  const mean = last.reduce((sum, value) => sum + Math.exp(value) - 1, 0) / 3;
  return last.length === 3 && Math.abs(mean) > 0.3;
}
