import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import {
  CONTRACT_NAMES,
  type ContractName,
  parseAnyContract,
  parseContract,
  toJsonSchema,
} from '#shared/contracts/index.ts';
import { listInvalid, readInvalid, readValid, setAt } from './examples.ts';
import { hostile, listFieldPaths } from './hostile-values.ts';

const ajv = new Ajv({ strict: true, keywords: ['x-machine', 'x-transitions'] });
const outside = new Map(CONTRACT_NAMES.map((name) => [name, ajv.compile(toJsonSchema(name))]));
const passesOutside = (name: ContractName, document: unknown) =>
  outside.get(name)?.(document) === true;

/** What JSON Schema cannot say, by the field that is complained about; readers here judge it beyond the schema. */
const INVARIANTS: { readonly [Name in ContractName]?: readonly string[] } = {
  run_state: [
    '$.exitCode',
    '$.counters.tasksTotal',
    '$.retryOf',
    '$.state',
    '$.endedAt',
    '$.startedAt',
    '$.stateHistory',
    '$.version',
    '$.quarantinedAt',
    '$.waiverExpiredAt',
  ],
  task: ['$.attempt', '$.workerId', '$.dependsOn', '$.currency', '$.deadLettered', '$.deadlineAt'],
  routing_decision: ['$.selectedTool', '$.fallbackChain', '$.candidates'],
  schedule_entry: ['$.score', '$.holdReason'],
  progress_snapshot: [
    '$.total',
    '$.completedPercent',
    '$.etaP90At',
    '$.etaState',
    '$.remainingP90Ms',
    '$.stalledSince',
    '$.activeMs',
  ],
  execution_event: ['$.severity', '$.trigger', '$.payload.waitMs'],
  patch_ledger_entry: [
    '$.validation',
    '$.validation.testsPassed',
    '$.commitId',
    '$.quarantine',
    '$.rollback.approver',
    '$.rolledBackAt',
    '$.relations',
    '$.closedAt',
    '$.rollback',
  ],
  error_capture: ['$.lastSeenAt'],
  tool_result: ['$.durationMs', '$.timedOut', '$.success'],
  workstream_state: ['$.counts.total', '$.dependsOn', '$.startedAt'],
  phase_state: ['$.gateIds', '$.endedAt'],
  ws_step: ['$.toolResultId', '$.failureKind'],
  ws_dependency: ['$.toId'],
  doc_metadata: ['$.supersededBy', '$.updatedAt'],
  test_execution_record: [
    '$.conditions',
    '$.errorKind',
    '$.results.total',
    '$.outputHash',
    '$.supersedes',
    '$.waived.expiresAt',
  ],
  validation_record: ['$.outcome', '$.criteriaMet'],
  worker: ['$.heldTaskId', '$.leaseToken', '$.crash', '$.config.deadAfterMs'],
  breaker: ['$.openedAt', '$.probeId'],
  gate: ['$.checks'],
  waiver: ['$.approver', '$.expiresAt', '$.revokedAt'],
  patch_policy: ['$.oscillationThreshold'],
  cost_entry: ['$.currency', '$.reverses', '$.amountMicros', '$.priceBookVersion'],
  price_book: ['$.entries'],
  budget: ['$.thresholdsPercent', '$.endsAt'],
  reservation: ['$.settledMicros'],
  alert: ['$.clearedAt'],
};

describe.each(CONTRACT_NAMES)('the examples of %s', (name) => {
  it.each(readValid(name))('pass here and under the exported schema', (document) => {
    const read = parseContract(JSON.stringify(document), name);
    expect(read).toEqual({ ok: true, value: document });
    expect(parseAnyContract(document)).toEqual(read);
    // Fields stand in the order of the contract, so one document has one usual text.
    expect(JSON.stringify(read)).toContain(JSON.stringify(document));
    expect(passesOutside(name, document)).toBe(true);
  });

  it('name at least three ways to be wrong', () => {
    expect(readInvalid(name).length).toBeGreaterThanOrEqual(3);
  });

  it('show every invariant that JSON Schema cannot say', () => {
    const passed = listInvalid().filter(
      (example) => example.name === name && passesOutside(name, example.document),
    );
    expect([...new Set(passed.map(({ path }) => path))]).toEqual(INVARIANTS[name] ?? []);
  });
});

describe('an invalid example', () => {
  it.each(listInvalid())('$name: $says', ({ name, code, path, document }) => {
    const read = parseContract(document, name);
    expect(read.ok ? 'passed' : { ...read.refusal }).toMatchObject({ code, path });
  });
});

describe('the exported schema', () => {
  it.each(CONTRACT_NAMES)('of %s refuses nothing that a reader here takes', (name) => {
    const { json } = hostile;
    const places = readValid(name).flatMap((example, at) =>
      listFieldPaths(example).map((keys) => ({ at, keys })),
    );
    const stricter = places.filter(({ at, keys }, place) =>
      // Each place meets three of the values, and each value many of the places.
      [0, 3, 6].some((turn) => {
        const value = json[(place + turn) % json.length];
        const document = setAt(readValid(name)[at] ?? {}, keys, value);
        return parseContract(document, name).ok && !passesOutside(name, document);
      }),
    );
    expect(stricter).toEqual([]);
  });

  it('holds the whole machine of a document that bears its state', () => {
    const schema = toJsonSchema('ws_step');
    expect(schema['x-machine']).toBe('step');
    expect(schema['x-transitions']).toEqual({
      pending: { start: 'running', fail: 'failed', cancel: 'canceled' },
      running: { succeed: 'succeeded', fail: 'failed', cancel: 'canceled' },
      succeeded: {},
      failed: {},
      canceled: {},
    });
    expect(toJsonSchema('waiver')).not.toHaveProperty('x-machine');
    expect(schema).toMatchObject({
      $schema: 'http://json-schema.org/draft-07/schema#',
      $id: 'ws_step.v1.json',
      title: 'ws_step.v1',
      additionalProperties: false,
    });
    expect(Object.keys(schema).slice(0, 5)).toEqual([
      '$schema',
      '$id',
      'title',
      'x-machine',
      'x-transitions',
    ]);
  });

  it('shows the usual value of a field that has one', () => {
    expect(toJsonSchema('run_config')).toMatchObject({
      properties: {
        strategy: { default: 'capability' },
        maxParallel: { default: 4, minimum: 1, maximum: 64 },
        maxAttempts: { default: 3, minimum: 1, maximum: 10 },
        maxFixLoops: { default: 3, minimum: 0, maximum: 10 },
        maxRunRetries: { default: 0, minimum: 0, maximum: 3 },
        taskTimeoutMs: { default: 1_800_000 },
        noRouteAfterMs: { default: 900_000 },
        onFailure: { default: 'skip_dependents' },
        seed: { minimum: 0, maximum: 4_294_967_295 },
      },
    });
  });
});
