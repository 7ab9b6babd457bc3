import { formatDay } from '#shared/kernel/index.ts';
import { createRandom } from '#shared/planning/index.ts';
import {
  addFinishedTask,
  type DriftHistory,
  EMPTY_HISTORY,
} from '#shared/variance/drift-history.ts';
import type { Law, Random } from './drift-pools.ts';
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

/** What one rule said after each watched task of one history. */
type Verdicts = readonly boolean[];

/** So large an estimate that the whole milliseconds of an actual lose nothing of its ratio. */
const ESTIMATE_MS = 1e12;

/** Plays all repetitions and tells what each rule did, in the order of the rules. */
export function playDrift(play: Play): readonly Outcome[] {
  const random = createRandom(play.seed);
  const histories = Array.from({ length: play.repetitions }, () => playOne(play, random));
  return play.rules.map((_, index) =>
    toOutcome(histories.map((verdicts) => verdicts[index] ?? [])),
  );
}

/** One history: the verdicts of each rule. */
function playOne({ law, rules, tasks, shiftAfter = 20, factor = 1 }: Play, random: Random) {
  const draw = law.begin(random);
  const verdicts = rules.map((): boolean[] => []);
  let history = EMPTY_HISTORY;
  for (let nth = 0; nth < tasks; nth += 1) {
    history = addTask(history, Math.exp(draw(nth)) * (nth < shiftAfter ? 1 : factor));
    if (nth < shiftAfter) continue;
    for (const [index, rule] of rules.entries()) verdicts[index]?.push(rule.fires(history));
  }
  return verdicts;
}

function toOutcome(histories: readonly Verdicts[]): Outcome {
  const shareOf = (holds: (verdicts: Verdicts) => boolean): number =>
    histories.filter(holds).length / histories.length;
  const all = histories.flat();
  return {
    firedBy: (tasks) => shareOf((verdicts) => verdicts.slice(0, tasks).includes(true)),
    firesAtEnd: shareOf((verdicts) => verdicts.at(-1) === true),
    shareOfTime: all.filter((verdict) => verdict).length / all.length,
  };
}

function addTask(history: DriftHistory, ratio: number): DriftHistory {
  const nth = history.tasks.length;
  const taskId = String(nth).padStart(6, '0');
  const actualMs = Math.max(1, Math.round(ESTIMATE_MS * ratio));
  const completedDate = formatDay(20_000 + nth);
  return addFinishedTask(history, { taskId, completedDate, estimateMs: ESTIMATE_MS, actualMs });
}
