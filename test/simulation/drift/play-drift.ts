import { formatDay } from '#shared/kernel/index.ts';
import { createRandom } from '#shared/planning/index.ts';
import {
  addFinishedTask,
  type DriftHistory,
  EMPTY_HISTORY,
} from '#shared/variance/drift-history.ts';
import type { Law } from './drift-pools.ts';
import type { Rule } from './drift-rules.ts';

/** What to play: histories of so many tasks of a law, shifted by a factor from one task on. */
export interface Play {
  readonly law: Law;
  readonly rules: readonly Rule[];
  readonly repetitions: number;
  readonly seed: number;
  readonly tasks: number;
  /** Tasks before the shift. @default 20 */
  readonly shiftAfter?: number;
  /** @default 1, no shift */
  readonly factor?: number;
}

/** What one rule did in all repetitions, judged after every task. */
export interface Outcome {
  /** Share that had fired by so many tasks after the shift. */
  readonly firedBy: (tasks: number) => number;
  /** Share that fires after the last task. */
  readonly firesAtEnd: number;
  /** Share of all judgements that fired. */
  readonly shareOfTime: number;
}

interface Firings {
  /** Of each repetition: the number of tasks at its first firing; infinite where it never fired. */
  readonly first: number[];
  atEnd: number;
  judgements: number;
}

/** So large an estimate that the whole milliseconds of an actual lose nothing of its ratio. */
const ESTIMATE_MS = 1e12;

/** Plays all repetitions and tells what each rule did, in the order of the rules. */
export function playDrift(play: Play): readonly Outcome[] {
  const { law, rules, repetitions, seed, tasks, shiftAfter = 20, factor = 1 } = play;
  const random = createRandom(seed);
  const firings = rules.map((): Firings => ({ first: [], atEnd: 0, judgements: 0 }));
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const draw = law.begin(random);
    let history = EMPTY_HISTORY;
    for (const firing of firings) firing.first.push(Number.POSITIVE_INFINITY);
    for (let nth = 0; nth < tasks; nth += 1) {
      const ratio = Math.exp(draw(nth)) * (nth < shiftAfter ? 1 : factor);
      history = addTask(history, ratio);
      if (nth < shiftAfter) continue;
      for (const [index, firing] of firings.entries()) {
        if (rules[index]?.fires(history) !== true) continue;
        firing.judgements += 1;
        firing.first[repetition] = Math.min(firing.first[repetition] ?? 0, nth + 1);
        if (nth + 1 === tasks) firing.atEnd += 1;
      }
    }
  }
  return firings.map(({ first, atEnd, judgements }) => ({
    firedBy: (after) => first.filter((at) => at <= shiftAfter + after).length / repetitions,
    firesAtEnd: atEnd / repetitions,
    shareOfTime: judgements / (repetitions * (tasks - shiftAfter)),
  }));
}

function addTask(history: DriftHistory, ratio: number): DriftHistory {
  const nth = history.tasks.length;
  const taskId = String(nth).padStart(6, '0');
  const actualMs = Math.max(1, Math.round(ESTIMATE_MS * ratio));
  const completedDate = formatDay(20_000 + nth);
  return addFinishedTask(history, { taskId, completedDate, estimateMs: ESTIMATE_MS, actualMs });
}
