import type { ConstraintCode } from '#shared/planning/index.ts';
import { createRandom } from '../random.ts';
import { type Draw, drawScript } from './draw-script.ts';
import { boundMakespan, boundSimply } from './makespan-bound.ts';
import { PLAN_KINDS, type PlanKind } from './plan-script.ts';
import { type Play, playScript } from './play-script.ts';

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
  readonly held: ReadonlyMap<ConstraintCode, number>;
  readonly favourites: number;
  readonly longestWaitMinutes: number;
  readonly stretches: readonly Stretch[];
}

/** Which plans to prove the scheduler on, and who is to hear of each. */
export interface Proving {
  /** Plans of 10 to so many tasks, as many small as large on the scale of logarithms. */
  readonly plans: number;
  /** @default 1000 */
  readonly mostTasks?: number;
  /** Plans of 2,000 to 10,000 tasks, the first and the last of exactly these sizes. */
  readonly large: number;
  readonly seed: number;
  readonly hear?: (play: Play, done: number, all: number) => void;
}

/** Draws and plays so many plans. The same numbers give the same proof. */
export function provePlanning({
  plans,
  mostTasks = 1000,
  large,
  seed,
  hear,
}: Proving): PlanningProof {
  const draws = [...listDraws({ plans, mostTasks, seed }), ...listLargeDraws(large, seed)];
  const sums = { tasks: 0, starts: 0, ticks: 0, favourites: 0, longestWaitMinutes: 0 };
  const held = new Map<ConstraintCode, number>();
  const findings: Finding[] = [];
  const ratios = new Map<PlanKind, number[]>(PLAN_KINDS.map((kind) => [kind, []]));
  for (const [place, draw] of draws.entries()) {
    const play = playScript(drawScript(draw), { repeatEvery: Math.ceil(draw.size / 100) });
    for (const fault of play.faults) findings.push(toFinding(draw, fault));
    sums.tasks += draw.size;
    sums.starts += play.spans.length;
    sums.ticks += play.ticks;
    sums.favourites += play.favourites;
    sums.longestWaitMinutes = Math.max(sums.longestWaitMinutes, play.longestWaitMs / 60_000);
    for (const [code, count] of play.held) held.set(code, (held.get(code) ?? 0) + count);
    if (play.faults.length === 0 && !play.wasStopped) {
      ratios.get(draw.kind)?.push(stretchOf(draw.kind, play));
    }
    hear?.(play, place + 1, draws.length);
  }
  return { ...sums, plans: draws.length, held, findings, stretches: [...ratios].map(toStretch) };
}

function listDraws({
  plans,
  mostTasks,
  seed,
}: Required<Pick<Proving, 'plans' | 'mostTasks' | 'seed'>>): readonly Draw[] {
  const random = createRandom(seed);
  return Array.from({ length: plans }, (_none, place) => ({
    seed: seed * 1_000_003 + place,
    kind: PLAN_KINDS[place % PLAN_KINDS.length] ?? 'free',
    size: Math.round(10 * (mostTasks / 10) ** random.next()),
  }));
}

function listLargeDraws(large: number, seed: number): readonly Draw[] {
  return Array.from({ length: large }, (_none, place) => ({
    seed: seed * 1_000_003 + 500_000 + place,
    kind: PLAN_KINDS[place % PLAN_KINDS.length] ?? 'free',
    size: Math.round(2000 + (8000 * (large - 1 - place)) / Math.max(1, large - 1)),
  }));
}

const toFinding = (draw: Draw, fault: Play['faults'][number]): Finding => ({
  draw,
  law: fault.law,
  text: `${fault.law}: ${fault.taskId} ${fault.detail}`,
});

/** Free plans are held to the bound of the contract, the others to one that honours what else they share. */
function stretchOf(kind: PlanKind, play: Play): number {
  const endMs = Math.max(0, ...play.spans.map((span) => span.endMs));
  return endMs / (kind === 'free' ? boundSimply(play) : boundMakespan(play));
}

function toStretch([kind, ratios]: readonly [PlanKind, readonly number[]]): Stretch {
  const sorted = ratios.toSorted((one, other) => one - other);
  const at = (share: number): number =>
    sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
  return { kind, plans: sorted.length, median: at(0.5), highestTenth: at(0.9), worst: at(1) };
}
