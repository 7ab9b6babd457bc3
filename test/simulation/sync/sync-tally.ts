import type { SyncOutcome } from './simulate-sync.ts';

/** What many seeds came to, in numbers that add up. */
export interface SyncTally {
  readonly seeds: number;
  /** The first violation of each seed that has any. */
  readonly failures: readonly {
    readonly seed: number;
    readonly law: string;
    readonly detail: string;
  }[];
  readonly presses: number;
  /** Things that people did, presses included. */
  readonly acts: number;
  readonly rowsSent: number;
  readonly ticks: number;
  readonly kills: number;
  readonly takeovers: number;
  /** Ticks that ended in an error the next one goes on from, by its code. */
  readonly errors: Readonly<Record<string, number>>;
}

/** A tally of nothing. */
export const NO_SEEDS: SyncTally = {
  seeds: 0,
  failures: [],
  presses: 0,
  acts: 0,
  rowsSent: 0,
  ticks: 0,
  kills: 0,
  takeovers: 0,
  errors: {},
};

/** A tally with one seed more. */
export function addOutcome(tally: SyncTally, outcome: SyncOutcome): SyncTally {
  const { seed, violations, failures: errors, trace: _, ...counts } = outcome;
  const failures = violations.slice(0, 1).map(({ law, detail }) => ({ seed, law, detail }));
  return addTallies(tally, { seeds: 1, failures, errors, ...counts });
}

/** Two tallies as one. */
export function addTallies(one: SyncTally, other: SyncTally): SyncTally {
  const errors: Record<string, number> = { ...one.errors };
  for (const [code, count] of Object.entries(other.errors)) {
    errors[code] = (errors[code] ?? 0) + count;
  }
  return {
    seeds: one.seeds + other.seeds,
    failures: [...one.failures, ...other.failures].toSorted((a, b) => a.seed - b.seed),
    presses: one.presses + other.presses,
    acts: one.acts + other.acts,
    rowsSent: one.rowsSent + other.rowsSent,
    ticks: one.ticks + other.ticks,
    kills: one.kills + other.kills,
    takeovers: one.takeovers + other.takeovers,
    errors,
  };
}
