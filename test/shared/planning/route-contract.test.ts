import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseContract } from '#shared/contracts/index.ts';
import { toInstant } from '#shared/kernel/index.ts';
import * as planning from '#shared/planning/index.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const id = (place: number) => `01JD000000000000000000000${place}`;

const tool = (toolId: string): planning.RouteTool => ({
  toolId,
  capabilities: { taskKinds: ['code'], domains: [] },
  limits: { maxParallel: 2 },
  safetyTier: 'low',
  weight: 1,
  priority: 5,
});
const facts = (given: Partial<planning.ToolFacts> = {}): planning.ToolFacts => ({
  running: 1,
  isBreakerOpen: false,
  callsLastMinute: 0,
  record: { tries: 3, successes: 2, p50Ms: 10, p90Ms: 20 },
  ...given,
});

describe('a routing decision', () => {
  it.each(planning.ROUTING_STRATEGIES)('by %s is a document of its contract', (defaultStrategy) => {
    const { decision } = planning.route(
      {
        decisionId: id(1),
        at: toInstant(0),
        attempt: 1,
        task: {
          taskId: id(2),
          runId: id(3),
          workstreamId: id(4),
          kind: 'code',
          requiredCapabilities: [],
          optionalCapabilities: ['code'],
          forbiddenTools: ['d'],
        },
        tools: ['a', 'b', 'c', 'd'].map(tool),
        rules: [],
        facts: {
          a: facts(),
          b: facts({ estimateMicros: 5n }),
          c: facts({ running: 0 }),
          d: facts(),
        },
        memory: planning.NO_ROUTE_MEMORY,
        defaultStrategy,
        configVersion: '1.0.0',
        seed: 7,
      },
      sha256,
    );
    const read = parseContract({ schema: 'routing_decision.v1', ...decision }, 'routing_decision');
    expect(read.ok || read.refusal).toBe(true);
    expect(decision.candidates.length).toBe(4);
  });
});

describe('a refused candidate', () => {
  it.each(planning.ROUTE_FILTERS)('may be refused as %s', (rejectedBecause) => {
    const decision = {
      schema: 'routing_decision.v1',
      decisionId: id(1),
      runId: id(2),
      taskId: id(3),
      attempt: 1,
      strategy: 'fixed',
      configVersion: '1.0.0',
      candidates: [{ toolId: 'a', eligible: false, rejectedBecause }],
      outcome: 'no_route',
      fallbackChain: [],
      seed: 0,
      inputHash: sha256(''),
      at: toInstant(0),
    };
    expect(parseContract(decision, 'routing_decision').ok).toBe(true);
  });
});

describe('an alert', () => {
  it('is a document of its contract, open and cleared', () => {
    const at = toInstant(0);
    const measured = [{ measure: 'overrides', entity: 'ledger', value: 6, sampleSize: 6 } as const];
    const first = planning.evaluate(planning.ALERT_RULES, { at, measured }, { open: [], sha256 });
    const later = { at: toInstant(9_000_000), measured: [] };
    const last = planning.evaluate(planning.ALERT_RULES, later, { open: first.open, sha256 });
    const documents = [...first.raise, ...last.clear];
    expect(documents.length).toBe(2);
    for (const alert of documents) {
      expect(parseContract({ schema: 'alert.v1', ...alert }, 'alert').ok).toBe(true);
    }
  });
});
