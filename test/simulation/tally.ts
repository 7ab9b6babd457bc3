import type { Outcome } from './simulate.ts';

type Counts = Readonly<Record<string, number>>;

/** What many seeds came to, all in numbers that add up. */
export interface Tally {
  readonly seeds: number;
  /** The first violation of each seed that has any. */
  readonly failures: readonly {
    readonly seed: number;
    readonly law: string;
    readonly detail: string;
  }[];
  readonly presses: number;
  readonly decisions: number;
  readonly readings: number;
  readonly modes: Counts;
  /** Seeds that had a switch on; the others had it off. */
  readonly switchedOn: Counts;
  /** Looks at one desk in one reading: judged, or why not. */
  readonly coverage: Counts;
  readonly fencedOff: number;
  readonly overtakenDesks: number;
  readonly overtakenSeeds: number;
  /** By how much a press was overtaken where its clock may be off, at the least. Units: ms. */
  readonly shortestOvertakingMs: number;
}

/** A tally of nothing. */
export const EMPTY_TALLY: Tally = {
  seeds: 0,
  failures: [],
  presses: 0,
  decisions: 0,
  readings: 0,
  modes: {},
  switchedOn: {},
  coverage: {},
  fencedOff: 0,
  overtakenDesks: 0,
  overtakenSeeds: 0,
  shortestOvertakingMs: Number.MAX_SAFE_INTEGER,
};

/** One seed as a tally. */
export function toTally(outcome: Outcome): Tally {
  const { seed, violations, presses, decisions, readings, fencedOff, overtakenMs } = outcome;
  const switches = Object.entries(outcome.switches);
  return {
    seeds: 1,
    failures: violations.slice(0, 1).map(({ law, detail }) => ({ seed, law, detail })),
    presses,
    decisions,
    readings,
    modes: { [outcome.mode]: 1 },
    switchedOn: Object.fromEntries(switches.map(([name, isOn]) => [name, isOn === true ? 1 : 0])),
    coverage: { ...outcome.coverage },
    fencedOff,
    overtakenDesks: overtakenMs.length,
    overtakenSeeds: overtakenMs.length > 0 ? 1 : 0,
    shortestOvertakingMs: Math.min(Number.MAX_SAFE_INTEGER, ...overtakenMs.flat()),
  };
}

/** Two tallies as one. */
export function addTallies(one: Tally, other: Tally): Tally {
  return {
    seeds: one.seeds + other.seeds,
    failures: [...one.failures, ...other.failures].toSorted((a, b) => a.seed - b.seed),
    presses: one.presses + other.presses,
    decisions: one.decisions + other.decisions,
    readings: one.readings + other.readings,
    modes: addCounts(one.modes, other.modes),
    switchedOn: addCounts(one.switchedOn, other.switchedOn),
    coverage: addCounts(one.coverage, other.coverage),
    fencedOff: one.fencedOff + other.fencedOff,
    overtakenDesks: one.overtakenDesks + other.overtakenDesks,
    overtakenSeeds: one.overtakenSeeds + other.overtakenSeeds,
    shortestOvertakingMs: Math.min(one.shortestOvertakingMs, other.shortestOvertakingMs),
  };
}

function addCounts(one: Counts, other: Counts): Counts {
  const sum: Record<string, number> = { ...one };
  for (const [name, count] of Object.entries(other)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}
