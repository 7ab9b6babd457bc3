import type { Sha256 } from '#shared/kernel/index.ts';
import {
  type EligibleTool,
  type RouteMemory,
  type RouteTask,
  type RoutingStrategy,
  type ToolRecord,
} from './route-model.ts';
import {
  type ScoreOf,
  scoreCapability,
  scoreCost,
  scoreLatency,
  scoreLoad,
  scoreMetrics,
  scorePriority,
} from './route-score.ts';

/** A tool in its place among those that may take the task. */
export interface Ranked {
  readonly toolId: string;
  /** Range: 0 to 1. */
  readonly score: number;
}

/** What ranking reads. */
export interface RankInput {
  readonly strategy: RoutingStrategy;
  readonly task: RouteTask;
  /** The tools that may take the task, in the order the rule names them. */
  readonly tools: readonly EligibleTool[];
  /** Every tool the rule names, in its order, those that may not take it included. */
  readonly order: readonly string[];
  /** The records of all tools. */
  readonly everyone: readonly ToolRecord[];
  readonly memory: RouteMemory;
  /** Names the rule in the memory. */
  readonly ruleKey: string;
  /** Text the seeded draw is made of. */
  readonly drawKey: string;
}

/** The tools, best first, and what routing then remembers. */
export interface Ranking {
  readonly ranked: readonly Ranked[];
  readonly memory: RouteMemory;
}

/**
 * Ranks the tools by a strategy. Equal scores are settled by fewer running, then by id.
 * A strategy that has an order and no measure scores by place: 1 for the first, 1/n for the last.
 */
export function rankTools(input: RankInput, sha256: Sha256): Ranking {
  const { strategy, tools, memory } = input;
  switch (strategy) {
    case 'fixed':
      return { ranked: byPlace(tools), memory };
    case 'round_robin':
      return rankRound(input);
    case 'weighted':
      return rankWeighted(input);
    case 'random':
      return { ranked: byPlace(drawOrder(input, sha256)), memory };
    case 'sticky':
      return { ranked: rankSticky(input), memory };
    case 'least_loaded':
    case 'priority':
    case 'capability':
    case 'metrics':
    case 'cost':
    case 'latency':
      return { ranked: byScore(tools, scorerOf(input, strategy)), memory };
  }
}

function scorerOf(
  { tools, task, everyone }: RankInput,
  strategy: Exclude<RoutingStrategy, 'fixed' | 'round_robin' | 'weighted' | 'random' | 'sticky'>,
): ScoreOf {
  switch (strategy) {
    case 'least_loaded':
      return scoreLoad;
    case 'priority':
      return scorePriority;
    case 'capability':
      return scoreCapability(task);
    case 'metrics':
      return scoreMetrics(tools, everyone);
    case 'cost':
      return scoreCost(tools);
    case 'latency':
      return scoreLatency(tools);
  }
}

function byScore(tools: readonly EligibleTool[], scoreOf: ScoreOf): readonly Ranked[] {
  return sortByMeasure(tools, scoreOf).map((one) => ({
    toolId: one.tool.toolId,
    score: scoreOf(one),
  }));
}

const byPlace = (tools: readonly EligibleTool[]): readonly Ranked[] =>
  tools.map(({ tool: { toolId } }, place) => ({
    toolId,
    score: (tools.length - place) / tools.length,
  }));

/** Highest measure first; then fewer running, then id. */
function sortByMeasure(
  tools: readonly EligibleTool[],
  measureOf: (one: EligibleTool) => number,
): readonly EligibleTool[] {
  return tools
    .map((one) => ({ one, measure: measureOf(one) }))
    .sort(
      (left, right) =>
        right.measure - left.measure ||
        left.one.facts.running - right.one.facts.running ||
        (left.one.tool.toolId < right.one.tool.toolId ? -1 : 1),
    )
    .map(({ one }) => one);
}

/** The tools after the one the round stands at, then those before it. */
function rankRound({ tools, order, memory, ruleKey }: RankInput): Ranking {
  const stand = order.indexOf(memory.cursors[ruleKey] ?? '');
  const placeOf = ({ tool }: EligibleTool): number => order.indexOf(tool.toolId);
  const ahead = tools.filter((one) => placeOf(one) > stand);
  const ranked = byPlace([...ahead, ...tools.filter((one) => placeOf(one) <= stand)]);
  const [first] = ranked;
  if (first === undefined) return { ranked, memory };
  return {
    ranked,
    memory: { ...memory, cursors: { ...memory.cursors, [ruleKey]: first.toolId } },
  };
}

/** Each tool is credited its weight, the one with most credit wins and pays what all were credited. Source: nginx, smooth weighted round-robin. */
function rankWeighted({ tools, memory, ruleKey }: RankInput): Ranking {
  const owed = memory.credits[ruleKey] ?? {};
  const creditOf = ({ tool }: EligibleTool): number => (owed[tool.toolId] ?? 0) + tool.weight;
  const ordered = sortByMeasure(tools, creditOf);
  const paid = tools.reduce((sum, { tool }) => sum + tool.weight, 0);
  const credits = ordered.map((one, place): [string, number] => [
    one.tool.toolId,
    creditOf(one) - (place === 0 ? paid : 0),
  ]);
  const kept = { ...owed, ...Object.fromEntries(credits) };
  return {
    ranked: byPlace(ordered),
    memory: { ...memory, credits: { ...memory.credits, [ruleKey]: kept } },
  };
}

/** Hex digits of a hash that a number holds exactly. */
const DRAW_DIGITS = 13;

/**
 * An order in which each tool comes first with the chance its weight gives it; one without weight comes last.
 * Source: Efraimidis and Spirakis, "Weighted random sampling with a reservoir" (2006): the greatest u^(1/w).
 */
function drawOrder({ tools, drawKey }: RankInput, sha256: Sha256): readonly EligibleTool[] {
  return sortByMeasure(tools, ({ tool: { toolId, weight } }) => {
    const digits = sha256(`${drawKey} ${toolId}`).slice(0, DRAW_DIGITS);
    const draw = (Number.parseInt(digits, 16) + 0.5) / 16 ** DRAW_DIGITS;
    return weight > 0 ? Math.log(draw) / weight : Number.NEGATIVE_INFINITY;
  });
}

function rankSticky({ tools, task, memory }: RankInput): readonly Ranked[] {
  const stuck = memory.lastSucceeded[task.workstreamId];
  const others = tools.filter(({ tool }) => tool.toolId !== stuck);
  const ranked = byScore(others, scoreCapability(task));
  return stuck === undefined || others.length === tools.length
    ? ranked
    : [{ toolId: stuck, score: 1 }, ...ranked];
}

/** The memory after a tool succeeded for a workstream. */
export const rememberSuccess = (
  memory: RouteMemory,
  { workstreamId, toolId }: { readonly workstreamId: string; readonly toolId: string },
): RouteMemory => ({
  ...memory,
  lastSucceeded: { ...memory.lastSucceeded, [workstreamId]: toolId },
});
