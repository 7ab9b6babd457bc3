import { type Picks, playRouting, type RoutingPlay, shareOf } from './simulate-routing.ts';

/** What many plays have shown of how routing chooses. */
export interface RoutingProof {
  /** Median and lowest tenth of the best tool's share, `metrics` over tools of .9, .7 and .5, once 200 tries are made. */
  readonly bestShare: Shares;
  /** The same after the best tool has become the worst and the second the best, once another 400 tries are made. */
  readonly bestShareAfterDrift: Shares;
  /** Most picks of a tool less fewest in any prefix, `round_robin`. */
  readonly roundRobinSpread: number;
  /** Cycles of `weighted` in which a tool had not exactly its weight. */
  readonly unfairCycles: number;
  readonly plays: number;
}

/** Shares of picks over many plays. Range: 0 to 1. */
export interface Shares {
  readonly median: number;
  readonly lowestTenth: number;
}

const LEARNING_TRIES = 200;
const CHANGES_AT = 400;
const RELEARNING_TRIES = 400;
const JUDGED_TRIES = 300;

const tool = (toolId: string, before: number, after = before) => ({
  toolId,
  success: [before, after] as const,
  durationMs: 60_000,
});

/** Plays every law of routing from a number of seeds. The same number gives the same proof. */
export function proveRouting(plays: number): RoutingProof {
  const seeds = Array.from({ length: plays }, (_none, seed) => seed + 1);
  return {
    bestShare: toShares(seeds.map(playSteady)),
    bestShareAfterDrift: toShares(seeds.map(playDrift)),
    roundRobinSpread: Math.max(...seeds.slice(0, 5).map(playRound)),
    unfairCycles: seeds.slice(0, 5).reduce((sum, seed) => sum + countUnfair(seed), 0),
    plays,
  };
}

/** The proof as lines for people. */
export function tellRouting(proof: RoutingProof): readonly string[] {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const shares = ({ median, lowestTenth }: Shares): string =>
    `median ${percent(median)}, lowest tenth ${percent(lowestTenth)}`;
  return [
    `best tool (.9/.7/.5) after ${LEARNING_TRIES} tries: ${shares(proof.bestShare)}`,
    `best tool ${RELEARNING_TRIES} tries after the best became the worst: ${shares(proof.bestShareAfterDrift)}`,
    `round robin: most less fewest ${proof.roundRobinSpread}; weighted: ${proof.unfairCycles} unfair cycles`,
  ];
}

function playSteady(seed: number): number {
  const tools = [tool('a', 0.5), tool('b', 0.9), tool('c', 0.7)];
  const tasks = LEARNING_TRIES + JUDGED_TRIES;
  const picks = playRouting({ seed, strategy: 'metrics', tools, tasks });
  return shareOf(picks.slice(LEARNING_TRIES), 'b');
}

function playDrift(seed: number): number {
  const tools = [tool('a', 0.5), tool('b', 0.9, 0.3), tool('c', 0.7, 0.9)];
  const tasks = CHANGES_AT + RELEARNING_TRIES + JUDGED_TRIES;
  const play: RoutingPlay = { seed, strategy: 'metrics', tools, tasks, changesAt: CHANGES_AT };
  return shareOf(playRouting(play).slice(CHANGES_AT + RELEARNING_TRIES), 'c');
}

function playRound(seed: number): number {
  const tools = ['a', 'b', 'c', 'd'].map((toolId) => tool(toolId, 0.5));
  const picks = playRouting({ seed, strategy: 'round_robin', tools, tasks: 101 });
  return Math.max(...picks.map((_pick, length) => spreadOf(picks.slice(0, length + 1))));
}

function spreadOf(picks: Picks): number {
  const counts = ['a', 'b', 'c', 'd'].map((toolId) => picks.filter((one) => one === toolId).length);
  return Math.max(...counts) - Math.min(...counts);
}

function countUnfair(seed: number): number {
  const weights = [
    ['a', 7],
    ['b', 2],
    ['c', 1],
  ] as const;
  const tools = weights.map(([toolId, weight]) => ({ ...tool(toolId, 0.5), weight }));
  const picks = playRouting({ seed, strategy: 'weighted', tools, tasks: 100 });
  const cycles = Array.from({ length: 10 }, (_none, cycle) =>
    picks.slice(10 * cycle, 10 * cycle + 10),
  );
  return cycles.filter((cycle) =>
    weights.some(([toolId, weight]) => cycle.filter((one) => one === toolId).length !== weight),
  ).length;
}

function toShares(shares: readonly number[]): Shares {
  const sorted = shares.toSorted((one, other) => one - other);
  const at = (part: number): number => sorted[Math.floor(part * (sorted.length - 1))] ?? 0;
  return { median: at(0.5), lowestTenth: at(0.1) };
}
