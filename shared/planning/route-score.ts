import { MINUTE_MS, type Ms, sortAscending } from '#shared/kernel/index.ts';
import { quantile } from '#shared/variance/index.ts';
import { canDo, domainCloseness } from './route-filter.ts';
import type { EligibleTool, RouteTask, ToolRecord } from './route-model.ts';

/** A tool's score under one strategy. Range: 0 to 1. */
export type ScoreOf = (one: EligibleTool) => number;

const SUCCESS_WEIGHT = 0.7;
const SPEED_WEIGHT = 0.2;
const EXPLORE_WEIGHT = 0.1;
/** Two successes in four tries are assumed of a tool nobody knows, so that it does not beat one known to be good. */
const PRIOR_SUCCESSES = 2;
const PRIOR_TRIES = 4;
/** What a ratio scores where nothing is known of anybody. */
const UNKNOWN_RATIO = 1;

/** The free share of what a tool may do at once. */
export const scoreLoad: ScoreOf = ({ tool, facts }) => 1 - facts.running / tool.limits.maxParallel;

/** The priority it is given, 10 at most. */
export const scorePriority: ScoreOf = ({ tool }) => Math.min(1, tool.priority / 10);

/** The share of what the task would like that a tool has: its optional capabilities, and its domain as one more. */
export const scoreCapability =
  ({ optionalCapabilities, domain }: RouteTask): ScoreOf =>
  ({ tool }) => {
    const named = optionalCapabilities.length + (domain === undefined ? 0 : 1);
    const matched = optionalCapabilities.filter((capability) => canDo(tool, capability)).length;
    return named === 0 ? 0 : (matched + domainCloseness(tool, domain)) / named;
  };

/**
 * What a tool has shown: 0.7 · chance of success + 0.2 · speed + 0.1 · what there is to learn by trying it.
 * `everyone` is all tools, since the more has been tried elsewhere, the more one that was not is worth a try.
 * Source: upper confidence bounds (Auer, Cesa-Bianchi and Fischer 2002), with a bound that is capped at 1.
 */
export function scoreMetrics(
  tools: readonly EligibleTool[],
  everyone: readonly ToolRecord[],
): ScoreOf {
  const allTries = everyone.reduce((sum, { tries }) => sum + tries, 0);
  const usualMs = medianOf(tools.map(({ facts }) => facts.record.p50Ms));
  return ({ facts: { record } }) => {
    const { tries, successes, p50Ms = usualMs } = record;
    const chance = (successes + PRIOR_SUCCESSES) / (tries + PRIOR_TRIES);
    const speed = 1 / (1 + (p50Ms === undefined ? UNKNOWN_RATIO : p50Ms / MINUTE_MS));
    const explore = Math.min(1, Math.sqrt(Math.log(1 + allTries) / (1 + tries)));
    return SUCCESS_WEIGHT * chance + SPEED_WEIGHT * speed + EXPLORE_WEIGHT * explore;
  };
}

/** 1/2 for the cheapest and less the dearer; free is 1 and unpriced 0, since nobody knows what it would cost. */
export function scoreCost(tools: readonly EligibleTool[]): ScoreOf {
  const known = tools.flatMap(({ facts: { estimateMicros } }) => estimateMicros ?? []);
  const cheapest = known.reduce((least, one) => (one < least ? one : least), known[0] ?? 1n);
  return ({ facts: { estimateMicros } }) =>
    estimateMicros === undefined
      ? 0
      : 1 / (1 + Number(estimateMicros) / Math.max(1, Number(cheapest)));
}

/** 1/2 for the fastest by its 90th percentile and less the slower; one without a history counts as the median of the others. */
export function scoreLatency(tools: readonly EligibleTool[]): ScoreOf {
  const known = tools.flatMap(({ facts }) => facts.record.p90Ms ?? []);
  const usualMs = medianOf(known);
  const fastestMs = Math.max(1, Math.min(...known));
  return ({ facts }) => {
    const { p90Ms = usualMs } = facts.record;
    return 1 / (1 + (p90Ms === undefined ? UNKNOWN_RATIO : p90Ms / fastestMs));
  };
}

function medianOf(durations: readonly (Ms | undefined)[]): Ms | undefined {
  const known = sortAscending(durations.flatMap((duration) => duration ?? []));
  return known.length === 0 ? undefined : quantile(known, 0.5);
}
