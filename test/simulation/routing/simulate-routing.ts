import { toInstant } from '#shared/kernel/index.ts';
import * as routing from '#shared/planning/index.ts';
import { createRandom, type Random } from '../random.ts';
import { sha256 } from '../sha256.ts';

/** A tool as it truly is: what routing has to find out. */
export interface TrueTool {
  readonly toolId: string;
  /** Chance of success before and after its change. */
  readonly success: readonly [before: number, after: number];
  /** Median duration; each try takes between half and one and a half of it. */
  readonly durationMs: number;
  readonly weight?: number;
}

/** One play of many tasks over a few tools. */
export interface RoutingPlay {
  readonly seed: number;
  readonly strategy: routing.RoutingStrategy;
  readonly tools: readonly TrueTool[];
  readonly tasks: number;
  /** Task at which the tools change; never by default. */
  readonly changesAt?: number;
}

/** The tool each task was given, in order. */
export type Picks = readonly string[];

/** Plays tasks one after the other, each routed with what the tries before it have shown. */
export function playRouting(play: RoutingPlay): Picks {
  const random = createRandom(play.seed);
  const tries = new Map<string, readonly routing.ToolTry[]>();
  let memory = routing.NO_ROUTE_MEMORY;
  const picks: string[] = [];
  for (let task = 0; task < play.tasks; task += 1) {
    const facts = Object.fromEntries(
      play.tools.map(({ toolId }) => [toolId, toFacts(tries.get(toolId) ?? [])]),
    );
    const routed = routing.route(toRequest(play, { task, facts, memory }), sha256);
    memory = routed.memory;
    const tool = play.tools.find(({ toolId }) => toolId === routed.decision.selectedTool);
    if (tool === undefined) throw new Error('no tool was selected');
    picks.push(tool.toolId);
    const isChanged = task >= (play.changesAt ?? play.tasks);
    const last = tryTool(tool, isChanged, random);
    tries.set(tool.toolId, routing.recordTry(tries.get(tool.toolId) ?? [], last));
  }
  return picks;
}

/** The share a tool has of some picks. */
export const shareOf = (picks: Picks, toolId: string): number =>
  picks.filter((one) => one === toolId).length / picks.length;

function tryTool(tool: TrueTool, isChanged: boolean, random: Random): routing.ToolTry {
  const isSuccess = random.chance(tool.success[isChanged ? 1 : 0]);
  return { isSuccess, durationMs: Math.round(tool.durationMs * (0.5 + random.next())) };
}

/** The facts of an idle tool. */
export function toFacts(
  tries: readonly routing.ToolTry[],
  isBreakerOpen = false,
): routing.ToolFacts {
  const record = routing.toToolRecord(tries);
  return { running: 0, isBreakerOpen, callsLastMinute: 0, record };
}

/** What the world is like for one task. */
export interface Moment {
  readonly task: number;
  readonly facts: Readonly<Record<string, routing.ToolFacts>>;
  readonly memory: routing.RouteMemory;
}

/** One task among tools that are told apart by their names and weights only. */
export function toRequest(
  { tools, strategy, seed }: Pick<RoutingPlay, 'tools' | 'strategy' | 'seed'>,
  { task, facts, memory }: Moment,
): routing.RouteRequest {
  return {
    decisionId: `D${task}`,
    at: toInstant(task * 1000),
    attempt: 1,
    task: {
      taskId: `T${task}`,
      runId: 'R1',
      workstreamId: 'W1',
      kind: 'code',
      requiredCapabilities: [],
      optionalCapabilities: [],
      forbiddenTools: [],
    },
    tools: tools.map(({ toolId, weight = 1 }) => ({
      toolId,
      capabilities: { taskKinds: ['code'], domains: [] },
      limits: { maxParallel: 1 },
      safetyTier: 'high',
      weight,
      priority: 5,
    })),
    rules: [],
    facts,
    memory,
    defaultStrategy: strategy,
    configVersion: '1.0.0',
    seed,
  };
}
