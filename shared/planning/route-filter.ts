import { ROUTE_FILTERS, type RouteFilter } from '#shared/contracts/index.ts';
import type { Instant } from '#shared/kernel/index.ts';
import { type EligibleTool, type RouteTask, type RouteTool, TIERS } from './route-model.ts';

export { ROUTE_FILTERS, type RouteFilter } from '#shared/contracts/index.ts';

/** The first reason why a tool may not take a task at a moment; `undefined` where it may. */
export const refusedBy = (
  { tool, facts }: EligibleTool,
  task: RouteTask,
  at: Instant,
): RouteFilter | undefined => {
  const asked = { tool, facts, task, at };
  return ROUTE_FILTERS.find((filter) => IS_REFUSED[filter](asked));
};

/**
 * How close a tool is to a domain: 1 where it names it, the shared part where it names a wider one, as 1/2 for `web` and `web.forms`,
 * 0 where it names none of them.
 */
export function domainCloseness({ capabilities }: RouteTool, domain: string | undefined): number {
  if (domain === undefined) return 0;
  const covering = capabilities.domains.filter((wide) => isWithin(domain, wide));
  return Math.max(0, ...covering.map(depthOf)) / depthOf(domain);
}

/** All a tool says it can do: the kinds of work and the domains it names. */
export const canDo = ({ capabilities }: RouteTool, capability: string): boolean =>
  capabilities.taskKinds.includes(capability) || capabilities.domains.includes(capability);

interface Asked extends EligibleTool {
  readonly task: RouteTask;
  readonly at: Instant;
}

const IS_REFUSED: Readonly<Record<RouteFilter, (asked: Asked) => boolean>> = {
  not_allowed: ({ tool: { toolId }, task: { forbiddenTools, allowedTools } }) =>
    forbiddenTools.includes(toolId) ||
    (allowedTools !== undefined && !allowedTools.includes(toolId)),
  kind_unsupported: ({ tool, task }) => !tool.capabilities.taskKinds.includes(task.kind),
  domain_unsupported: ({ tool, task: { domain } }) =>
    domain !== undefined &&
    tool.capabilities.domains.length > 0 &&
    domainCloseness(tool, domain) === 0,
  capability_missing: ({ tool, task }) =>
    !task.requiredCapabilities.every((capability) => canDo(tool, capability)),
  safety_too_low: ({ tool, task: { riskTier = 'low' } }) =>
    TIERS.indexOf(tool.safetyTier) < TIERS.indexOf(riskTier),
  context_too_small: ({ tool: { limits }, task: { contextTokens = 0 } }) =>
    contextTokens > (limits.contextTokens ?? Infinity),
  breaker_open: ({ facts }) => facts.isBreakerOpen,
  rate_limited: ({ tool: { limits }, facts, at }) =>
    at < (facts.notBefore ?? at) || facts.callsLastMinute >= (limits.ratePerMinute ?? Infinity),
  at_capacity: ({ tool: { limits }, facts }) => facts.running >= limits.maxParallel,
  over_budget: ({ facts: { availableMicros, estimateMicros = 0n } }) =>
    availableMicros !== undefined && (availableMicros <= 0n || estimateMicros > availableMicros),
};

const depthOf = (domain: string): number => domain.split('.').length;

const isWithin = (domain: string, wide: string): boolean =>
  domain === wide || domain.startsWith(`${wide}.`);
