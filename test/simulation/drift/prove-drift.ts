import type { Law, Pool } from './drift-pools.ts';
import { OTHER_RULES, type Rule, STATE } from './drift-rules.ts';
import { type Outcome, playDrift } from './play-drift.ts';

/** One row of the table: how often a rule fired without a shift, and how soon with one. */
export interface TableRow {
  readonly pool: string;
  readonly rule: string;
  readonly falseIn60: number;
  readonly by20At1and5: number;
  readonly by20At2: number;
  readonly by40At2: number;
  /** Share of ×2 shifts that are still shown 60 tasks after. */
  readonly after60At2: number;
  readonly by20At3: number;
  /** The same ×2 by 20 where the shift comes after 100 tasks. */
  readonly lateBy20At2: number;
}

/** One row of the histories without a lasting change. */
export interface StableRow {
  readonly law: string;
  readonly rule: string;
  readonly falseIn60: number;
  /** By the last task. */
  readonly falseInAll: number;
  readonly shareOfTime: number;
}

const SHORT = 80;
const WATCHED = 60;
const LONG_BEFORE = 100;
/** Most stable histories that may be called drifting within 60 tasks. */
const MAX_FALSE = 0.11;

/** Plays one law under every rule, with no shift and with ×1.5, ×2 and ×3. Each factor has a seed of its own. */
export function provePool(law: Law, repetitions: number, seed: number): readonly TableRow[] {
  const rules = [STATE, ...OTHER_RULES];
  const byFactor = new Map(
    [1, 1.5, 2, 3].map((factor, index) => [
      factor,
      playDrift({ law, rules, repetitions, seed: seed + index, tasks: SHORT, factor }),
    ]),
  );
  const late = playDrift({
    law,
    rules,
    repetitions,
    seed: seed + byFactor.size,
    tasks: LONG_BEFORE + 20,
    shiftAfter: LONG_BEFORE,
    factor: 2,
  });
  return rules.map((rule, index) => {
    const outcomeAt = (factor: number): Outcome | undefined => byFactor.get(factor)?.[index];
    const firedAt = (factor: number, by: number): number =>
      outcomeAt(factor)?.firedBy(by) ?? Number.NaN;
    return {
      pool: law.name,
      rule: rule.name,
      falseIn60: firedAt(1, WATCHED),
      by20At1and5: firedAt(1.5, 20),
      by20At2: firedAt(2, 20),
      by40At2: firedAt(2, 40),
      after60At2: outcomeAt(2)?.firesAtEnd ?? Number.NaN,
      by20At3: firedAt(3, 20),
      lateBy20At2: late[index]?.firedBy(20) ?? Number.NaN,
    };
  });
}

/** Plays histories without a shift to their end. */
export function proveStable(
  law: Law,
  rules: readonly Rule[],
  play: { readonly repetitions: number; readonly seed: number; readonly tasks: number },
): readonly StableRow[] {
  return playDrift({ law, rules, ...play }).map((outcome, index) => ({
    law: law.name,
    rule: rules[index]?.name ?? '',
    falseIn60: outcome.firedBy(WATCHED),
    falseInAll: outcome.firedBy(play.tasks),
    shareOfTime: outcome.shareOfTime,
  }));
}

/** Where the state misses what is asked of it on real tasks; empty where it does not. */
export function findMisses(pools: readonly Pool[], table: readonly TableRow[]): readonly string[] {
  return pools.flatMap(({ name, doubledBy20 }) => {
    const row = table.find(({ pool, rule }) => pool === name && rule === STATE.name);
    const { falseIn60 = 1, by20At2 = 0 } = row ?? {};
    return [
      ...(falseIn60 > MAX_FALSE
        ? [`${name}: ${falseIn60} false alarms, at most ${MAX_FALSE}`]
        : []),
      ...(by20At2 < doubledBy20 ? [`${name}: ×2 by 20 ${by20At2}, at least ${doubledBy20}`] : []),
    ];
  });
}

/** Where the state calls more stable histories drifting than is allowed. */
export const findFalseAlarms = (rows: readonly StableRow[]): readonly string[] =>
  rows
    .filter(({ rule, falseIn60 }) => rule === STATE.name && falseIn60 > MAX_FALSE)
    .map(({ law, falseIn60 }) => `${law}: ${falseIn60} false alarms, at most ${MAX_FALSE}`);
