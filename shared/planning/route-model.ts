import type { Complexity, RoutingStrategy, Tier } from '#shared/contracts/index.ts';
import type { Instant, Ms } from '#shared/kernel/index.ts';

export {
  COMPLEXITIES,
  type Complexity,
  ROUTING_STRATEGIES,
  type RoutingStrategy,
  TIERS,
  type Tier,
} from '#shared/contracts/index.ts';

/** A tool work can be routed to. */
export interface RouteTool {
  readonly toolId: string;
  readonly capabilities: {
    readonly taskKinds: readonly string[];
    /** None named means every domain; `web` covers `web.forms`. */
    readonly domains: readonly string[];
  };
  readonly limits: {
    readonly maxParallel: number;
    readonly contextTokens?: number;
    readonly ratePerMinute?: number;
  };
  readonly safetyTier: Tier;
  /** Range: 0 and up. */
  readonly weight: number;
  /** Range: 0 to 10. */
  readonly priority: number;
}

/** What is to be routed. A field that is absent matches no rule that names it. */
export interface RouteTask {
  readonly taskId: string;
  readonly runId: string;
  readonly workstreamId: string;
  readonly kind: string;
  readonly complexity?: Complexity;
  readonly riskTier?: Tier;
  readonly domain?: string;
  readonly requiredCapabilities: readonly string[];
  /** Capabilities that are liked and not needed. */
  readonly optionalCapabilities: readonly string[];
  readonly contextTokens?: number;
  /** Only these tools may be used; absent means any. */
  readonly allowedTools?: readonly string[];
  readonly forbiddenTools: readonly string[];
}

/** Which tools take which tasks. */
export interface RouteRule {
  readonly ruleId: string;
  readonly match: {
    readonly taskKinds?: readonly string[];
    readonly riskTiers?: readonly Tier[];
    readonly complexityAtMost?: Complexity;
    readonly domains?: readonly string[];
  };
  readonly selectFrom: readonly string[];
  readonly strategy?: RoutingStrategy;
  readonly fallbackTo: readonly string[];
}

/** How a tool has done over its last tries. */
export interface ToolRecord {
  readonly tries: number;
  readonly successes: number;
  /** Absent without a try. */
  readonly p50Ms?: Ms;
  readonly p90Ms?: Ms;
}

/** How a tool stands at the moment of the choice. */
export interface ToolFacts {
  readonly running: number;
  readonly isBreakerOpen: boolean;
  /** Set by a rate limit: no call before it. */
  readonly notBefore?: Instant;
  readonly callsLastMinute: number;
  /** What the work is thought to cost with this tool; absent is unpriced. */
  readonly estimateMicros?: bigint;
  /** What the tightest budget over the work has left; absent where nothing limits it. */
  readonly availableMicros?: bigint;
  readonly record: ToolRecord;
}

/** What routing remembers from one choice to the next. It is passed in and handed back, so nothing is hidden. */
export interface RouteMemory {
  /** By rule: the tool the round stands at. */
  readonly cursors: Readonly<Record<string, string>>;
  /** By rule and tool: what the weighted round owes. */
  readonly credits: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** By workstream: the last tool that succeeded. */
  readonly lastSucceeded: Readonly<Record<string, string>>;
}

/** The memory before any choice. */
export const NO_ROUTE_MEMORY: RouteMemory = { cursors: {}, credits: {}, lastSucceeded: {} };

/** All a choice depends on. */
export interface RouteRequest {
  readonly decisionId: string;
  readonly at: Instant;
  readonly attempt: number;
  readonly task: RouteTask;
  readonly tools: readonly RouteTool[];
  readonly rules: readonly RouteRule[];
  /** Of each tool by its id. */
  readonly facts: Readonly<Record<string, ToolFacts>>;
  readonly memory: RouteMemory;
  /** For tasks no rule matches and rules that name no strategy. */
  readonly defaultStrategy: RoutingStrategy;
  readonly configVersion: string;
  /** Range: 0 to 2^32 − 1. */
  readonly seed: number;
}

/** A tool that may take the task, with all that scoring reads. */
export interface EligibleTool {
  readonly tool: RouteTool;
  readonly facts: ToolFacts;
}
