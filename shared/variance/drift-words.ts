import type { Day } from '#shared/kernel/index.ts';
import type { VarianceWord } from '#shared/lifecycle/index.ts';
import type { DriftState } from './drift-model.ts';

/** A state of drift as people read it and a gate asks for it: `drifting over`. */
export type StateWords = VarianceWord | 'insufficient';

const STATE_WORDS: Readonly<Record<DriftState, StateWords>> = {
  insufficient: 'insufficient',
  stable: 'stable',
  drifting_over: 'drifting over',
  drifting_under: 'drifting under',
  conflict: 'conflict',
};

/** The words of a state: the same in the doc, the Pack, reports and gates. */
export const toStateWords = (state: DriftState): StateWords => STATE_WORDS[state];

/** How many more finished tasks a judgement needs, in words. About, since some of them may turn out to have no ratio. */
export const toNeedWords = (needed: number): string => `needs ≈${needed} more`;

/** A state in words with what it still needs, or since when it holds where that is known. */
export function describeState(
  state: string,
  { needed, since }: { readonly needed: number; readonly since: Day | null },
): string {
  if (needed > 0) return `${state}, ${toNeedWords(needed)}`;
  return since === null ? state : `${state} since ${since}`;
}
