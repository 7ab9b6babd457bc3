import type { FailurePolicy } from '#shared/lifecycle/index.ts';
import type { ConstraintCode } from '#shared/planning/index.ts';
import { createRandom } from '../random.ts';
import type { Draw } from './draw-script.ts';
import { PLAN_KINDS, type PlanKind } from './plan-script.ts';
import { type PlayTally, playDraw } from './play-draw.ts';

/** A broken law, with the draw of the plan that showed it. */
export interface Finding {
  readonly draw: Draw;
  readonly law: string;
  readonly text: string;
}

/** How long plays took by what no schedule can beat. */
export interface Stretch {
  readonly kind: PlanKind;
  readonly plans: number;
  readonly median: number;
  readonly highestTenth: number;
  readonly worst: number;
}

/** What many played plans have shown. */
export interface PlanningProof {
  readonly findings: readonly Finding[];
  readonly plans: number;
  readonly tasks: number;
  readonly starts: number;
  readonly ticks: number;
  readonly favourites: number;
  readonly longestWaitMinutes: number;
  /** Entries held, by constraint. */
  readonly held: ReadonlyMap<ConstraintCode, number>;
  /** Tasks that failed, by the policy in force. */
  readonly failures: ReadonlyMap<FailurePolicy, number>;
  readonly stretches: readonly Stretch[];
}

/** Which plans to prove the scheduler on. */
export interface Proving {
  /** Plans of 10 to so many tasks, as many small as large on the scale of logarithms. */
  readonly plans: number;
  /** @default 1000 */
  readonly mostTasks?: number;
  /** Plans of 2,000 to 10,000 tasks, the first and the last of exactly these sizes, the largest first. */
  readonly large: number;
  readonly seed: number;
}

/** Draws and plays so many plans. The same numbers give the same proof. */
export const provePlanning = (proving: Proving): PlanningProof =>
  toProof(listDraws(proving).map(playDraw));

/** The draws of a proof. */
export function listDraws({ plans, mostTasks = 1000, large, seed }: Proving): readonly Draw[] {
  const random = createRandom(seed);
  const toDraw = (place: number, size: number): Draw => ({
    seed: seed * 1_000_003 + place,
    kind: PLAN_KINDS[place % PLAN_KINDS.length] ?? 'free',
    size: Math.round(size),
  });
  return [
    ...Array.from({ length: plans }, (_none, place) =>
      toDraw(place, 10 * (mostTasks / 10) ** random.next()),
    ),
    ...Array.from({ length: large }, (_none, place) =>
      toDraw(500_000 + place, 2000 + (8000 * (large - 1 - place)) / Math.max(1, large - 1)),
    ),
  ];
}

/** What the plays of a proof come to. */
export function toProof(tallies: readonly PlayTally[]): PlanningProof {
  const sum = (toNumber: (tally: PlayTally) => number): number =>
    tallies.reduce((total, tally) => total + toNumber(tally), 0);
  return {
    findings: tallies.flatMap(({ draw, faults }) =>
      faults.map(({ law, taskId, detail }) => ({ draw, law, text: `${law}: ${taskId} ${detail}` })),
    ),
    plans: tallies.length,
    tasks: sum(({ draw }) => draw.size),
    starts: sum(({ starts }) => starts),
    ticks: sum(({ ticks }) => ticks),
    favourites: sum(({ favourites }) => favourites),
    longestWaitMinutes: Math.max(...tallies.map((tally) => tally.longestWaitMinutes)),
    held: addCounts(tallies.map(({ held }) => held)),
    failures: addCounts(tallies.map(({ failures }) => failures)),
    stretches: PLAN_KINDS.map((kind) => toStretch(kind, tallies)),
  };
}

function addCounts<Key>(counts: readonly ReadonlyMap<Key, number>[]): ReadonlyMap<Key, number> {
  const sums = new Map<Key, number>();
  for (const [key, count] of counts.flatMap((each) => [...each])) {
    sums.set(key, (sums.get(key) ?? 0) + count);
  }
  return sums;
}

function toStretch(kind: PlanKind, tallies: readonly PlayTally[]): Stretch {
  const sorted = tallies
    .flatMap(({ draw, stretch }) => (draw.kind === kind ? (stretch ?? []) : []))
    .sort((one, other) => one - other);
  const at = (share: number): number =>
    sorted[Math.ceil(share * (sorted.length - 1))] ?? Number.NaN;
  return { kind, plans: sorted.length, median: at(0.5), highestTenth: at(0.9), worst: at(1) };
}
