import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ROUTING_STRATEGIES } from '#shared/contracts/index.ts';
import { toInstant } from '#shared/kernel/index.ts';
import * as routing from '#shared/planning/index.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
type Told = Partial<routing.RouteTool> & Partial<routing.ToolFacts>;
const TOLD: Told = {
  capabilities: { taskKinds: ['code'], domains: [] },
  limits: { maxParallel: 4 },
  safetyTier: 'high',
  weight: 1,
  priority: 5,
  running: 0,
  isBreakerOpen: false,
  callsLastMinute: 0,
  record: { tries: 0, successes: 0 },
};
const TASK: routing.RouteTask = {
  taskId: 'T1',
  runId: 'R1',
  workstreamId: 'W1',
  kind: 'code',
  requiredCapabilities: [],
  optionalCapabilities: [],
  forbiddenTools: [],
};
interface Given {
  readonly tools: Readonly<Record<string, Told>>;
  readonly strategy: routing.RoutingStrategy;
  readonly task?: Partial<routing.RouteTask>;
  readonly memory?: routing.RouteMemory;
  readonly seed?: number;
}
const route = ({ tools, strategy, task, memory, seed }: Given) => {
  const told = Object.entries(tools).map(([toolId, one]) => ({ ...TOLD, ...one, toolId }));
  const request = {
    decisionId: 'D1',
    at: toInstant(0),
    attempt: 1,
    task: { ...TASK, ...task },
    tools: told as unknown as routing.RouteTool[],
    rules: [],
    facts: Object.fromEntries(told.map((one) => [one.toolId, one])) as unknown as Record<
      string,
      routing.ToolFacts
    >,
    memory: memory ?? routing.NO_ROUTE_MEMORY,
    defaultStrategy: strategy,
    configVersion: '1.0.0',
    seed: seed ?? 1,
  };
  return routing.route(request, sha256);
};
const ranks = (given: Given) =>
  route(given).decision.candidates.map((one) => [one.toolId, one.eligible ? one.score : undefined]);
const picks = (given: Given, rounds: number): string => {
  let { memory } = given;
  let picked = '';
  for (let round = 0; round < rounds; round += 1) {
    const result = route({ ...given, ...(memory === undefined ? {} : { memory }), seed: round });
    memory = result.memory;
    picked += result.decision.selectedTool ?? '-';
  }
  return picked;
};
const record = (tries: number, successes: number, ms?: number): Told =>
  ms === undefined
    ? { record: { tries, successes } }
    : { record: { tries, successes, p50Ms: ms, p90Ms: ms } };

describe('rankTools', () => {
  it('fixed keeps the order given, wherever a round may stand, and remembers nothing', () => {
    const memory = { ...routing.NO_ROUTE_MEMORY, cursors: { '': 'c' } };
    const given = { strategy: 'fixed', tools: { c: {}, a: {}, b: {} }, memory } as const;
    expect(ranks(given)).toEqual([
      ['c', 1],
      ['a', 2 / 3],
      ['b', 1 / 3],
    ]);
    expect(route(given).memory).toBe(memory);
  });

  it('round_robin goes round, past what may not take the task, and stands where it was', () => {
    const tools = { a: {}, b: {}, c: {} };
    expect(picks({ strategy: 'round_robin', tools }, 7)).toBe('abcabca');
    const memory = { ...routing.NO_ROUTE_MEMORY, cursors: { '': 'b' } };
    expect(ranks({ strategy: 'round_robin', tools, memory })).toEqual([
      ['c', 1],
      ['a', 2 / 3],
      ['b', 1 / 3],
    ]);
    const shut = { ...tools, b: { isBreakerOpen: true } };
    expect(ranks({ strategy: 'round_robin', tools: shut, memory }).slice(0, 2)).toEqual([
      ['c', 1],
      ['a', 1 / 2],
    ]);
    const all = { a: { isBreakerOpen: true } };
    expect(route({ strategy: 'round_robin', tools: all, memory }).memory).toBe(memory);
  });

  it.each(ROUTING_STRATEGIES)(
    'by %s ranks nothing of nothing, and remembers nothing new',
    (strategy) => {
      const nothing = {
        strategy,
        task: { ...TASK, domain: 'web' },
        tools: [],
        order: ['a'],
        everyone: [],
        memory: { ...routing.NO_ROUTE_MEMORY, cursors: { r: 'a' }, credits: { r: { a: 2 } } },
        ruleKey: 'r',
        drawKey: '1',
      };
      expect(routing.rankTools(nothing, sha256)).toEqual({ ranked: [], memory: nothing.memory });
    },
  );

  it('weighted gives each its share of every cycle, spread out', () => {
    const tools = { a: { weight: 5 }, b: { weight: 1 }, c: { weight: 1 } };
    expect(picks({ strategy: 'weighted', tools }, 14)).toBe('aabacaaaabacaa');
    expect(route({ strategy: 'weighted', tools }).memory.credits).toEqual({
      '': { a: -2, b: 1, c: 1 },
    });
    expect(ranks({ strategy: 'weighted', tools })).toEqual([
      ['a', 1],
      ['b', 2 / 3],
      ['c', 1 / 3],
    ]);
  });

  it('weighted remembers what a tool is owed that may not take the task', () => {
    const memory = { ...routing.NO_ROUTE_MEMORY, credits: { '': { a: 3 }, other: { z: 1 } } };
    const tools = { a: { isBreakerOpen: true }, b: {} };
    expect(route({ strategy: 'weighted', tools, memory }).memory.credits).toEqual({
      '': { a: 3, b: 0 },
      other: { z: 1 },
    });
  });

  it('least_loaded scores the free share', () => {
    const tools = { a: { running: 1 }, b: { running: 1, limits: { maxParallel: 2 } }, c: {} };
    expect(ranks({ strategy: 'least_loaded', tools })).toEqual([
      ['c', 1],
      ['a', 0.75],
      ['b', 0.5],
    ]);
  });

  it('priority scores a tenth of it, and equal scores go to fewer running, then to the id', () => {
    const tools = {
      d: {},
      c: {},
      b: { running: 1 },
      a: { running: 2 },
      z: { priority: 10 },
      y: { priority: 12 },
    };
    const backwards = Object.fromEntries(Object.entries(tools).reverse());
    for (const given of [tools, backwards]) {
      expect(ranks({ strategy: 'priority', tools: given })).toEqual([
        ['y', 1],
        ['z', 1],
        ['c', 0.5],
        ['d', 0.5],
        ['b', 0.5],
        ['a', 0.5],
      ]);
    }
  });

  it('capability scores the share of what is liked, the domain being one of it', () => {
    const tools = {
      none: {},
      wide: { capabilities: { taskKinds: ['code', 'lint'], domains: ['web'] } },
      close: { capabilities: { taskKinds: ['code'], domains: ['web', 'web.forms'] } },
    };
    const task = { domain: 'web.forms', optionalCapabilities: ['lint', 'deploy'] };
    expect(ranks({ strategy: 'capability', tools, task })).toEqual([
      ['wide', 0.5],
      ['close', 1 / 3],
      ['none', 0],
    ]);
    expect(ranks({ strategy: 'capability', tools }).map(([, score]) => score)).toEqual([0, 0, 0]);
    const liked = { optionalCapabilities: ['lint'] };
    expect(ranks({ strategy: 'capability', tools, task: liked })[0]).toEqual(['wide', 1]);
  });

  it('metrics weighs success, speed and what is to be learned', () => {
    const tools = { good: record(16, 14, 60_000), slow: record(16, 14, 180_000), new: {} };
    const explore = (n: number) => 0.1 * Math.min(1, Math.sqrt(Math.log(33) / (1 + n)));
    expect(ranks({ strategy: 'metrics', tools })).toEqual([
      ['good', 0.7 * (16 / 20) + 0.2 * 0.5 + explore(16)],
      ['slow', 0.7 * (16 / 20) + 0.2 * 0.25 + explore(16)],
      ['new', 0.7 * 0.5 + 0.2 * (1 / 3) + 0.1],
    ]);
  });

  it('metrics counts the tries of tools that may not take the task, and knows nothing of nobody', () => {
    const tools = { a: record(3, 3), b: { ...record(7, 0), isBreakerOpen: true } };
    const expected = 0.7 * (5 / 7) + 0.2 * 0.5 + 0.1 * Math.sqrt(Math.log(11) / 4);
    expect(ranks({ strategy: 'metrics', tools })[0]).toEqual(['a', expected]);
    const fresh = { a: {} };
    expect(ranks({ strategy: 'metrics', tools: fresh })).toEqual([['a', 0.7 * 0.5 + 0.2 * 0.5]]);
  });

  it('cost prefers the cheapest, knows free and puts unpriced last', () => {
    const tools = {
      unpriced: {},
      dear: { estimateMicros: 30n },
      cheap: { estimateMicros: 10n },
      dearest: { estimateMicros: 90n },
    };
    expect(ranks({ strategy: 'cost', tools })).toEqual([
      ['cheap', 0.5],
      ['dear', 0.25],
      ['dearest', 0.1],
      ['unpriced', 0],
    ]);
    const free = { one: { estimateMicros: 1n }, free: { estimateMicros: 0n }, un: {} };
    expect(ranks({ strategy: 'cost', tools: free })).toEqual([
      ['free', 1],
      ['one', 0.5],
      ['un', 0],
    ]);
    expect(ranks({ strategy: 'cost', tools: { a: {} } })).toEqual([['a', 0]]);
  });

  it('latency prefers the fastest and takes the median for the unknown', () => {
    const tools = { slow: record(1, 1, 300), new: {}, fast: record(1, 1, 100) };
    expect(ranks({ strategy: 'latency', tools })).toEqual([
      ['fast', 0.5],
      ['new', 1 / 3],
      ['slow', 0.25],
    ]);
    const more = { ...tools, last: record(1, 1, 900), a: record(1, 1, 200) };
    expect(ranks({ strategy: 'latency', tools: more }).find(([id]) => id === 'new')).toEqual([
      'new',
      1 / 3.5,
    ]);
    expect(ranks({ strategy: 'latency', tools: { a: {} } })).toEqual([['a', 0.5]]);
    expect(ranks({ strategy: 'latency', tools: { a: record(1, 1, 0) } })).toEqual([['a', 1]]);
  });

  it('sticky keeps to what succeeded for the workstream, else goes by capability', () => {
    const able = { capabilities: { taskKinds: ['code', 'lint'], domains: [] } };
    const tools = { a: {}, b: {}, c: able };
    const task = { optionalCapabilities: ['lint', 'x'] };
    const memory = routing.rememberSuccess(routing.NO_ROUTE_MEMORY, {
      workstreamId: 'W1',
      toolId: 'b',
    });
    expect(ranks({ strategy: 'sticky', tools, task, memory })).toEqual([
      ['b', 1],
      ['c', 0.5],
      ['a', 0],
    ]);
    const others = [
      ['c', 0.5],
      ['a', 0],
      ['b', 0],
    ];
    expect(ranks({ strategy: 'sticky', tools, task })).toEqual(others);
    const elsewhere = { ...memory, lastSucceeded: { W2: 'b' } };
    expect(ranks({ strategy: 'sticky', tools, task, memory: elsewhere })).toEqual(others);
    const shut = { ...tools, b: { isBreakerOpen: true } };
    expect(ranks({ strategy: 'sticky', tools: shut, task, memory })[0]).toEqual(['c', 0.5]);
  });

  it('random draws by weight, by the seed alone', () => {
    const tools = { a: { weight: 3 }, b: { weight: 1 }, never: { weight: 0 } };
    const drawn = picks({ strategy: 'random', tools }, 2000);
    const share = (drawn.split('a').length - 1) / 2000;
    expect(share).toBeGreaterThan(0.72);
    expect(share).toBeLessThan(0.78);
    expect(drawn).not.toContain('never');
    expect(picks({ strategy: 'random', tools }, 50)).toBe(drawn.slice(0, 50));
    expect(ranks({ strategy: 'random', tools })[2]).toEqual(['never', 1 / 3]);
  });
});

describe('toToolRecord', () => {
  const tries = (count: number, isSuccess: boolean, durationMs: number) =>
    Array.from({ length: count }, () => ({ isSuccess, durationMs }));

  it('counts the last 200 tries and their times', () => {
    const old = [...tries(5, true, 1), ...tries(150, true, 100), ...tries(50, false, 300)];
    expect(routing.toToolRecord(old)).toEqual({
      tries: 200,
      successes: 150,
      p50Ms: 100,
      p90Ms: 300,
    });
    expect(routing.toToolRecord([])).toEqual({ tries: 0, successes: 0 });
    expect(routing.toToolRecord([...tries(1, false, 30), ...tries(1, true, 10)])).toEqual({
      tries: 2,
      successes: 1,
      p50Ms: 20,
      p90Ms: 28,
    });
  });

  it('keeps no more than that', () => {
    const full = tries(200, true, 1);
    const next = routing.recordTry(full, { isSuccess: false, durationMs: 2 });
    expect([next.length, next[199], next[0]]).toEqual([
      200,
      { isSuccess: false, durationMs: 2 },
      { isSuccess: true, durationMs: 1 },
    ]);
    expect(routing.recordTry([], { isSuccess: true, durationMs: 1 }).length).toBe(1);
  });
});
