import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { accept, refuse, toInstant } from '#shared/kernel/index.ts';
import * as routing from '#shared/planning/index.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const at = toInstant(1_000_000);

const tool = (toolId: string, given: Partial<routing.RouteTool> = {}): routing.RouteTool => ({
  toolId,
  capabilities: { taskKinds: ['code'], domains: [] },
  limits: { maxParallel: 4 },
  safetyTier: 'high',
  weight: 1,
  priority: 5,
  ...given,
});
const idle: routing.ToolFacts = {
  running: 0,
  isBreakerOpen: false,
  callsLastMinute: 0,
  record: { tries: 0, successes: 0 },
};
const task = (given: Partial<routing.RouteTask> = {}): routing.RouteTask => ({
  taskId: 'T1',
  runId: 'R1',
  workstreamId: 'W1',
  kind: 'code',
  requiredCapabilities: [],
  optionalCapabilities: [],
  forbiddenTools: [],
  ...given,
});
interface Given {
  readonly tools: readonly routing.RouteTool[];
  readonly facts?: Record<string, Partial<routing.ToolFacts>>;
  readonly task?: Partial<routing.RouteTask>;
  readonly rules?: readonly routing.RouteRule[];
  readonly strategy?: routing.RoutingStrategy;
  readonly memory?: routing.RouteMemory;
  readonly seed?: number;
}
const request = (given: Given): routing.RouteRequest => ({
  decisionId: 'D1',
  at,
  attempt: 1,
  task: task(given.task),
  tools: given.tools,
  rules: given.rules ?? [],
  facts: Object.fromEntries(
    given.tools.map(({ toolId }) => [toolId, { ...idle, ...given.facts?.[toolId] }]),
  ),
  memory: given.memory ?? routing.NO_ROUTE_MEMORY,
  defaultStrategy: given.strategy ?? 'capability',
  configVersion: '1.0.0',
  seed: given.seed ?? 1,
});
const route = (given: Given) => routing.route(request(given), sha256);
const chainOf = ({ decision }: routing.Routing) => [
  decision.selectedTool,
  ...decision.fallbackChain,
];
const scoresOf = ({ decision }: routing.Routing) =>
  Object.fromEntries(
    decision.candidates.map((one) => [one.toolId, one.eligible ? one.score : one.rejectedBecause]),
  );
const abc = [tool('a'), tool('b'), tool('c')];

describe('the rules of routing', () => {
  const rule = (match: routing.RouteRule['match'], selectFrom: readonly string[] = ['b']) => ({
    ruleId: 'r1',
    match,
    selectFrom,
    fallbackTo: [],
  });
  const full = { complexity: 'simple', riskTier: 'medium', domain: 'web' } as const;

  it.each<[routing.RouteRule['match'], Partial<routing.RouteTask>, boolean]>([
    [{}, {}, true],
    [{ taskKinds: ['code'] }, {}, true],
    [{ taskKinds: ['text'] }, {}, false],
    [{ riskTiers: ['low', 'medium'] }, full, true],
    [{ riskTiers: ['low'] }, full, false],
    [{ riskTiers: ['low'] }, {}, false],
    [{ domains: ['web'] }, full, true],
    [{ domains: ['web'] }, { domain: 'tax' }, false],
    [{ domains: ['web'] }, {}, false],
    [{ complexityAtMost: 'simple' }, full, true],
    [{ complexityAtMost: 'moderate' }, full, true],
    [{ complexityAtMost: 'trivial' }, full, false],
    [{ complexityAtMost: 'expert' }, {}, false],
    [{ taskKinds: ['code'], domains: ['tax'] }, full, false],
  ])('rule %j and task %j: %s', (match, given, isMatch) => {
    const { decision } = route({ tools: abc, rules: [rule(match)], task: given });
    expect([decision.ruleId, decision.selectedTool]).toEqual(
      isMatch ? ['r1', 'b'] : [undefined, 'a'],
    );
  });

  it('take the first that matches, with its strategy', () => {
    const second = { ...rule({}, ['c']), ruleId: 'r2', strategy: 'priority' } as const;
    const first = rule({ taskKinds: ['text'] });
    const { decision } = route({ tools: abc, rules: [first, second, rule({})] });
    expect(decision).toMatchObject({ ruleId: 'r2', selectedTool: 'c', strategy: 'priority' });
  });

  it('fall back to the named tools before the rest, and to them alone where none of theirs is left', () => {
    const rules = [
      { ...rule({}, ['c', 'a', 'b']), strategy: 'fixed', fallbackTo: ['d', 'b'] } as const,
    ];
    const tools = [...abc, tool('d')];
    expect(chainOf(route({ tools, rules }))).toEqual(['c', 'd', 'b', 'a']);
    expect(scoresOf(route({ tools, rules }))).toEqual({ c: 1, d: 0, b: 1 / 3, a: 2 / 3 });
    const shut = { isBreakerOpen: true };
    const facts = { a: shut, b: shut, c: shut };
    expect(chainOf(route({ tools, rules, facts }))).toEqual(['d']);
    const none = route({ tools, rules, facts: { ...facts, d: shut } }).decision;
    expect(none).toMatchObject({ outcome: 'no_route', fallbackChain: [] });
    expect('selectedTool' in none).toBe(false);
  });

  it('pass over a tool that does not exist', () => {
    expect(chainOf(route({ tools: abc, rules: [rule({}, ['x', 'b'])] }))).toEqual(['b']);
  });
});

describe('the filters of routing', () => {
  const limits = { maxParallel: 2, contextTokens: 1000, ratePerMinute: 10 };
  const able = tool('a', {
    capabilities: { taskKinds: ['code', 'lint'], domains: ['web', 'tax.vat'] },
    limits,
    safetyTier: 'medium',
  });
  const reasonFor = (
    given: Partial<routing.RouteTask>,
    facts: Partial<routing.ToolFacts> = {},
  ): string | undefined => {
    const [one] = route({ tools: [able], task: given, facts: { a: facts } }).decision.candidates;
    return one?.eligible === false ? one.rejectedBecause : undefined;
  };

  it.each<[string | undefined, Partial<routing.RouteTask>, Partial<routing.ToolFacts>]>([
    [undefined, {}, {}],
    ['not_allowed', { forbiddenTools: ['a'] }, {}],
    ['not_allowed', { allowedTools: ['b'] }, {}],
    ['not_allowed', { allowedTools: [] }, {}],
    [undefined, { allowedTools: ['a'] }, {}],
    ['kind_unsupported', { kind: 'text' }, {}],
    ['domain_unsupported', { domain: 'tax' }, {}],
    ['domain_unsupported', { domain: 'webby' }, {}],
    [undefined, { domain: 'web.forms' }, {}],
    [undefined, { domain: 'tax.vat' }, {}],
    ['capability_missing', { requiredCapabilities: ['lint', 'web', 'deploy'] }, {}],
    [undefined, { requiredCapabilities: ['lint', 'web'] }, {}],
    ['safety_too_low', { riskTier: 'high' }, {}],
    [undefined, { riskTier: 'medium' }, {}],
    [undefined, { riskTier: 'low' }, {}],
    ['context_too_small', { contextTokens: 1001 }, {}],
    [undefined, { contextTokens: 1000 }, {}],
    ['breaker_open', {}, { isBreakerOpen: true }],
    ['rate_limited', {}, { notBefore: toInstant(1_000_001) }],
    [undefined, {}, { notBefore: at }],
    ['rate_limited', {}, { callsLastMinute: 10 }],
    [undefined, {}, { callsLastMinute: 9 }],
    ['at_capacity', {}, { running: 2 }],
    [undefined, {}, { running: 1 }],
    ['over_budget', {}, { availableMicros: 5n, estimateMicros: 6n }],
    [undefined, {}, { availableMicros: 5n, estimateMicros: 5n }],
    [undefined, {}, { availableMicros: 1n }],
    ['over_budget', {}, { availableMicros: 0n }],
    [undefined, {}, { estimateMicros: 6n }],
  ])('answer %s, case %#', (reason, given, facts) => {
    expect(reasonFor(given, facts)).toBe(reason);
  });

  it('stand in their order: each is named before all that follow it', () => {
    const asked: Partial<routing.RouteTask>[] = [
      { forbiddenTools: ['a'] },
      { kind: 'text' },
      { domain: 'tax' },
      { requiredCapabilities: ['deploy'] },
      { riskTier: 'high' },
      { contextTokens: 1001 },
    ];
    const found: Partial<routing.ToolFacts>[] = [
      { isBreakerOpen: true },
      { callsLastMinute: 10 },
      { running: 2 },
      { availableMicros: 0n },
    ];
    const reasons = routing.ROUTE_FILTERS.map((_filter, place) =>
      reasonFor(
        Object.assign({}, ...asked.slice(place)),
        Object.assign({}, ...found.slice(Math.max(0, place - asked.length))),
      ),
    );
    expect(reasons).toEqual([
      'not_allowed',
      'kind_unsupported',
      'domain_unsupported',
      'capability_missing',
      'safety_too_low',
      'context_too_small',
      'breaker_open',
      'rate_limited',
      'at_capacity',
      'over_budget',
    ]);
  });

  it('let a tool without a domain or a limit take anything', () => {
    const { decision } = route({
      tools: [tool('a')],
      task: { domain: 'tax', contextTokens: 9_000_000 },
      facts: { a: { callsLastMinute: 9999 } },
    });
    expect(decision.selectedTool).toBe('a');
  });
});

describe('route', () => {
  it('makes the same decision of the same input and seed, and tells every input by its hash', () => {
    const given = { tools: abc, strategy: 'random', seed: 7 } as const;
    expect(route(given)).toEqual(route(given));
    const { inputHash } = route(given).decision;
    expect(inputHash).toMatch(/^[0-9a-f]{64}$/);
    expect(route({ ...given, seed: 8 }).decision.inputHash).toBe(inputHash);
    expect(route({ ...given, facts: { a: { estimateMicros: 1n } } }).decision.inputHash).not.toBe(
      inputHash,
    );
    const renamed = { ...request(given), decisionId: 'D2' };
    expect(routing.route(renamed, sha256).decision.inputHash).toBe(inputHash);
  });

  it('says all that a reader needs to make the decision again', () => {
    const { decision } = route({
      tools: [tool('a'), tool('b', { priority: 7 })],
      strategy: 'priority',
      facts: { a: { isBreakerOpen: true } },
    });
    expect(decision).toEqual({
      decisionId: 'D1',
      runId: 'R1',
      taskId: 'T1',
      attempt: 1,
      strategy: 'priority',
      configVersion: '1.0.0',
      candidates: [
        { toolId: 'b', score: 0.7, eligible: true },
        { toolId: 'a', eligible: false, rejectedBecause: 'breaker_open' },
      ],
      selectedTool: 'b',
      outcome: 'selected',
      fallbackChain: [],
      seed: 1,
      inputHash: decision.inputHash,
      at,
    });
  });

  it('takes a tool without facts for a bug', () => {
    const broken = { ...request({ tools: abc }), facts: {} };
    expect(() => routing.route(broken, sha256)).toThrow('expected facts of the tool `a`');
  });
});

describe('nextTool', () => {
  const decision = { selectedTool: 'a', fallbackChain: ['b', 'c'] };
  const fault = (toolId: string) => ({ toolId, failure: 'tool_fault' }) as const;
  const poor = (toolId: string) => ({ toolId, failure: 'poor_result' }) as const;
  const next = (failures: readonly ReturnType<typeof fault | typeof poor>[], maxAttempts = 9) =>
    routing.nextTool({ decision, failures, attemptsBefore: 0, maxAttempts });

  it('begins with the selected tool', () => {
    expect(next([])).toStrictEqual(accept({ toolId: 'a' }));
  });

  it('moves on from a fault at once and from a poor result at the second', () => {
    expect(next([fault('a')])).toEqual(accept({ toolId: 'b', fromTool: 'a' }));
    expect(next([poor('a')])).toEqual(accept({ toolId: 'a' }));
    expect(next([poor('a'), poor('a')])).toEqual(accept({ toolId: 'b', fromTool: 'a' }));
    expect(next([poor('a'), fault('a'), poor('b')])).toEqual(accept({ toolId: 'b' }));
    expect(next([fault('a'), fault('b'), fault('c')])).toEqual(refuse({ code: 'NO_ROUTE' }));
  });

  it('counts every try of the task', () => {
    expect(next([fault('a')], 1)).toEqual(refuse({ code: 'MAX_ATTEMPTS' }));
    expect(next([fault('a')], 2).ok).toBe(true);
    const asked = { decision, failures: [], attemptsBefore: 2, maxAttempts: 2 };
    expect(routing.nextTool(asked)).toEqual(refuse({ code: 'MAX_ATTEMPTS' }));
  });

  it('knows no tool where none was selected', () => {
    const none = {
      decision: { fallbackChain: [] },
      failures: [],
      attemptsBefore: 0,
      maxAttempts: 3,
    };
    expect(routing.nextTool(none)).toEqual(refuse({ code: 'NO_ROUTE' }));
  });
});

describe('refuseAdmission', () => {
  const fine: routing.AdmissionFacts = {
    requestFaults: [],
    phaseId: 'P1',
    isPhaseKnown: true,
    phaseFaults: [],
    pathsOutOfScope: [],
    weakened: [],
    requestedTools: ['a'],
    allowedTools: ['a'],
    capableTools: ['a', 'b'],
    promptFaults: [],
  };
  const faults: [Partial<routing.AdmissionFacts>, routing.AdmissionCode, string[]][] = [
    [{ requestFaults: ['no task'] }, 'REQUEST_INVALID', ['no task']],
    [{ isPhaseKnown: false }, 'PHASE_NOT_FOUND', ['P1']],
    [{ phaseFaults: ['no scope'] }, 'PHASE_SPEC_INVALID', ['no scope']],
    [{ pathsOutOfScope: ['x/y'] }, 'SCOPE_VIOLATION', ['x/y']],
    [{ weakened: ['maxFiles'] }, 'CONSTRAINT_WEAKENED', ['maxFiles']],
    [{ requestedTools: ['a', 'z'] }, 'TOOL_NOT_PERMITTED', ['z']],
    [{ capableTools: [] }, 'NO_ROUTABLE_TOOL', ['P1']],
    [{ promptFaults: ['no template'] }, 'PROMPT_SPEC_INVALID', ['no template']],
    [{ capableTools: ['b'] }, 'NO_ALLOWED_TOOLS', ['b']],
  ];

  it('lets work in that has no fault', () => {
    expect(routing.refuseAdmission(fine)).toBeUndefined();
  });

  it.each(faults)('refuses %j as %s', (given, code, facts) => {
    expect(routing.refuseAdmission({ ...fine, ...given })).toEqual({ code, facts });
  });

  it('names the first fault of several', () => {
    const all = faults.map(([given], place) => {
      const later = faults.slice(place).map(([one]) => one);
      return routing.refuseAdmission(Object.assign({}, fine, ...later.toReversed(), given))?.code;
    });
    expect(all).toEqual(routing.ADMISSION_CODES);
  });
});
