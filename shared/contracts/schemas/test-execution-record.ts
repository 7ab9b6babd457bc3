import * as z from 'zod';
import { CONDITION } from '../fields/condition.ts';
import {
  ACCOUNT,
  AT,
  COUNT,
  FLAG,
  HASH,
  ID,
  MS,
  NUMBER,
  ORDINAL,
  PERCENT,
  text,
  ULID,
  usually,
  words,
} from '../fields/field-kinds.ts';
import { CHECK_TYPE, METADATA } from '../fields/head.ts';
import { STAMPS, toHistory, toLifeRules } from '../fields/life.ts';
import { GATE_CHECK_LIFE } from '../fields/lives.ts';
import { areInOrder, isSet, must } from '../fields/rule.ts';

/** Characters of an output's end that are kept. */
const TAIL = text(65_536);

const RESULTS = z.strictObject({
  total: COUNT,
  passed: COUNT,
  failed: COUNT,
  skipped: COUNT,
  coveragePercent: PERCENT.nullish(),
  failures: z.array(
    z.strictObject({ name: words(500), message: text(8_000), stack: text(8_000).nullish() }),
  ),
});

const MEASURED = CONDITION.extend({
  actual: NUMBER.nullish(),
  sampleSize: COUNT.nullish(),
  outcome: z.enum(['met', 'unmet', 'between', 'no_data', 'too_few']),
});

const STALE = z.strictObject({ reason: z.enum(['age', 'subject_changed']), since: AT });
const WAIVED = z.strictObject({
  reason: words(500),
  owner: ACCOUNT,
  approver: ACCOUNT,
  grantedAt: AT,
  expiresAt: AT,
  ticket: text(200).nullish(),
});

/** One run of one check of a gate. Its result never changes; a re-run is a new record. */
export const testExecutionRecordSchema = z
  .strictObject({
    schema: z.literal('test_execution_record.v1'),
    checkRunId: ULID,
    gateId: ID,
    checkId: ID,
    projectId: ID,
    runId: ULID.nullish(),
    taskId: ULID.nullish(),
    patchId: ULID.nullish(),
    checkType: CHECK_TYPE,
    state: z.enum(GATE_CHECK_LIFE.states),
    version: ORDINAL,
    required: FLAG,
    dryRun: FLAG,
    attempt: ORDINAL,
    supersedes: ULID.nullish(),
    command: text(4_000).nullish(),
    evaluator: ID.nullish(),
    timeoutMs: usually(MS, 600_000),
    subjectHash: HASH,
    exitCode: z.int().nullish(),
    signal: words(32).nullish(),
    errorKind: z.enum(['spawn', 'signal', 'timeout', 'parse', 'exit_code']).nullish(),
    results: RESULTS.nullish(),
    conditions: z.array(MEASURED),
    durationMs: MS.nullish(),
    outputHash: HASH.nullish(),
    stdoutTail: TAIL.nullish(),
    stderrTail: TAIL.nullish(),
    stale: STALE.nullish(),
    waived: WAIVED.nullish(),
    ...STAMPS,
    stateHistory: toHistory(GATE_CHECK_LIFE),
    metadata: METADATA,
  })
  .superRefine(must(...toLifeRules(GATE_CHECK_LIFE)))
  .superRefine(
    must(
      {
        path: ['conditions'],
        says: 'conditions that bear the state out: all met where passed, none unmet and one open where inconclusive',
        holds: ({ state, conditions }) => {
          const outcomes = conditions.map(({ outcome }) => outcome);
          if (state === 'passed') return outcomes.every((outcome) => outcome === 'met');
          if (state !== 'inconclusive') return true;
          return !outcomes.includes('unmet') && outcomes.some((outcome) => outcome !== 'met');
        },
      },
      {
        path: ['conditions'],
        says: 'a failed check to show an unmet condition or a failed test',
        holds: ({ state, conditions, results }) =>
          state !== 'failed' ||
          conditions.some(({ outcome }) => outcome === 'unmet') ||
          (results?.failed ?? 0) > 0,
      },
      {
        path: ['errorKind'],
        says: 'a kind of error if, and only if, the state is `error`',
        holds: ({ errorKind, state }) => isSet(errorKind) === (state === 'error'),
      },
      {
        path: ['results', 'total'],
        says: 'the sum of passed, failed and skipped',
        holds: ({ results }) =>
          !isSet(results) || results.passed + results.failed + results.skipped === results.total,
      },
      {
        path: ['outputHash'],
        says: 'an output hash, and an exit code or an evaluator, where something was measured',
        holds: ({ state, exitCode, evaluator, outputHash }) =>
          (state !== 'passed' && state !== 'failed') ||
          (isSet(outputHash) && (isSet(exitCode) || isSet(evaluator))),
      },
      {
        path: ['supersedes'],
        says: 'another check, on every attempt but the first',
        holds: ({ supersedes, attempt, checkRunId }) =>
          isSet(supersedes) === attempt > 1 && supersedes !== checkRunId,
      },
      {
        path: ['waived', 'expiresAt'],
        says: 'an instant after `grantedAt`',
        holds: ({ waived }) =>
          !isSet(waived) ||
          (waived.grantedAt !== waived.expiresAt &&
            areInOrder([waived.grantedAt, waived.expiresAt])),
      },
    ),
  );

/** A document of {@link testExecutionRecordSchema}. */
export type GateCheckRecord = z.infer<typeof testExecutionRecordSchema>;
