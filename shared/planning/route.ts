import type { ContractDocument } from '#shared/contracts/index.ts';
import { microsToText } from '#shared/cost/index.ts';
import { assert, type Instant, type Sha256 } from '#shared/kernel/index.ts';
import { canonicalJson } from '#shared/ledger/index.ts';
import { type RouteFilter, refusedBy } from './route-filter.ts';
import type {
  EligibleTool,
  RouteMemory,
  RouteRequest,
  RouteRule,
  RoutingStrategy,
} from './route-model.ts';
import { type Ranked, rankTools } from './route-rank.ts';
import { findRule } from './route-rule.ts';

/** A tool that was looked at: its score, or why it was not eligible. */
export type RouteCandidate =
  | { readonly toolId: string; readonly eligible: true; readonly score: number }
  | { readonly toolId: string; readonly eligible: false; readonly rejectedBecause: RouteFilter };

/** Which tool a task was given and why, complete enough to be made again. */
export interface RouteDecision {
  readonly decisionId: string;
  readonly runId: string;
  readonly taskId: string;
  readonly attempt: number;
  readonly strategy: RoutingStrategy;
  readonly ruleId?: string;
  readonly configVersion: string;
  readonly candidates: readonly RouteCandidate[];
  readonly selectedTool?: string;
  readonly outcome: ContractDocument<'routing_decision'>['outcome'];
  /** Tried in this order once the selected tool has failed. */
  readonly fallbackChain: readonly string[];
  readonly seed: number;
  readonly inputHash: string;
  readonly at: Instant;
}

/** A decision and what routing then remembers. */
export interface Routing {
  readonly decision: RouteDecision;
  readonly memory: RouteMemory;
}

/**
 * Chooses a tool for a task: the first rule that matches, the filters in their order, then the strategy over what is left.
 * Where no tool of the rule is left, the first of its `fallbackTo` that is eligible is taken. The same input and seed give the same
 * decision. Errors: a tool without facts is a bug and throws.
 */
export function route(request: RouteRequest, sha256: Sha256): Routing {
  const rule = findRule(request.rules, request.task);
  const strategy = rule?.strategy ?? request.defaultStrategy;
  const inputHash = hashInput(request, sha256);
  const { first, reserve, rejected } = sortOut(request, rule);
  const isReserve = first.length === 0;
  const ranking = rankTools(
    {
      strategy: isReserve ? 'fixed' : strategy,
      task: request.task,
      tools: isReserve ? reserve : first,
      order: namedBy(request, rule),
      everyone: Object.values(request.facts).map(({ record }) => record),
      memory: request.memory,
      ruleKey: rule?.ruleId ?? '',
      drawKey: `${request.seed} ${inputHash}`,
    },
    sha256,
  );
  const chain = toChain(ranking.ranked, reserve);
  const [selectedTool, ...fallbackChain] = chain.map(({ toolId }) => toolId);
  const { decisionId, task, attempt, configVersion, seed, at } = request;
  const decision: RouteDecision = {
    decisionId,
    runId: task.runId,
    taskId: task.taskId,
    attempt,
    strategy,
    ...(rule === undefined ? {} : { ruleId: rule.ruleId }),
    configVersion,
    candidates: [...chain.map((one) => ({ ...one, eligible: true as const })), ...rejected],
    ...(selectedTool === undefined ? {} : { selectedTool }),
    outcome: selectedTool === undefined ? 'no_route' : 'selected',
    fallbackChain,
    seed,
    inputHash,
    at,
  };
  return { decision, memory: ranking.memory };
}

/** Everything the choice depends on but its seed; what only names the decision is left out. */
function hashInput(request: RouteRequest, sha256: Sha256): string {
  const { decisionId: _name, seed: _seed, ...input } = request;
  return sha256(canonicalJson(microsToText(input)));
}

interface Sorted {
  readonly first: readonly EligibleTool[];
  readonly reserve: readonly EligibleTool[];
  readonly rejected: readonly RouteCandidate[];
}

/** The tools that may take the task, in the rule's order, apart from what it only falls back to, and the tools that may not. */
function sortOut(request: RouteRequest, rule: RouteRule | undefined): Sorted {
  const rejected: RouteCandidate[] = [];
  const eligible = new Map<string, EligibleTool>();
  const named = namedBy(request, rule);
  const reserve = rule?.fallbackTo ?? [];
  for (const toolId of new Set([...named, ...reserve])) {
    const tool = request.tools.find((one) => one.toolId === toolId);
    if (tool === undefined) continue;
    const facts = request.facts[toolId];
    assert(facts !== undefined, `expected facts of the tool \`${toolId}\``);
    const rejectedBecause = refusedBy({ tool, facts }, request.task, request.at);
    if (rejectedBecause === undefined) eligible.set(toolId, { tool, facts });
    else rejected.push({ toolId, eligible: false, rejectedBecause });
  }
  const pick = (toolIds: readonly string[]): readonly EligibleTool[] =>
    toolIds.flatMap((toolId) => eligible.get(toolId) ?? []);
  return { first: pick(named), reserve: pick(reserve), rejected };
}

const namedBy = ({ tools }: RouteRequest, rule: RouteRule | undefined): readonly string[] =>
  rule?.selectFrom ?? tools.map(({ toolId }) => toolId);

/** The best by rank, then what the rule falls back to, then the rest by rank. A reserve that was not ranked scores 0. */
function toChain(ranked: readonly Ranked[], reserve: readonly EligibleTool[]): readonly Ranked[] {
  const [best, ...rest] = ranked;
  if (best === undefined) return [];
  const scores = new Map(ranked.map(({ toolId, score }) => [toolId, score]));
  const named = reserve.map(({ tool: { toolId } }) => ({ toolId, score: scores.get(toolId) ?? 0 }));
  const seen = new Set<string>();
  return [best, ...named, ...rest].filter(({ toolId }) => {
    const isNew = !seen.has(toolId);
    seen.add(toolId);
    return isNew;
  });
}
