import { describe, expect, it } from 'vitest';
import { toInstant } from '#shared/kernel/index.ts';
import * as gate from '#shared/lifecycle/index.ts';

const base = {
  metricKey: 'coverage',
  op: 'gte',
  threshold: 95,
  unit: 'percent',
  minSamples: 4,
} as const;
const met = { ...base, actual: 96, sampleSize: 4, outcome: 'met' } as const;
const unmet = { ...base, actual: 90, sampleSize: 4, outcome: 'unmet' } as const;
const between = { ...base, actual: 94, sampleSize: 4, outcome: 'between' } as const;
const tooFew = { ...base, actual: 96, sampleSize: 3, outcome: 'too_few' } as const;
const results = { total: 2, passed: 2, failed: 0, skipped: 0, failures: [] } as const;
const failure = { name: 'adds', message: 'no' } as const;
const broken = { total: 2, passed: 1, failed: 1, skipped: 0, failures: [failure] } as const;
const good = { outputHash: 'aa', exitCode: 0, results, conditions: [met] } as const;

describe('judgeCheck', () => {
  it.each<[string, gate.CheckOutcome, gate.CheckVerdict]>([
    ['a pass where all is met', good, { type: 'pass', ...good }],
    [
      'a pass of an evaluator, which has no exit code',
      { outputHash: 'aa', conditions: [met] },
      { type: 'pass', outputHash: 'aa', conditions: [met] },
    ],
    [
      'a failure for one unmet condition',
      { ...good, conditions: [tooFew, unmet] },
      { type: 'fail', ...good, conditions: [tooFew, unmet] },
    ],
    [
      'a failure for one failed test',
      { ...good, results: broken },
      { type: 'fail', ...good, results: broken },
    ],
    [
      'a failure for the code of failed tests',
      { ...good, exitCode: 1, results: broken },
      { type: 'fail', ...good, exitCode: 1, results: broken },
    ],
    [
      'a failure for that code where no test is named',
      { ...good, exitCode: 1 },
      {
        type: 'fail',
        ...good,
        exitCode: 1,
        results: {
          total: 3,
          passed: 2,
          failed: 1,
          skipped: 0,
          failures: [{ name: 'exit code', message: 'the check ended with code 1' }],
        },
      },
    ],
    [
      'a failure for that code where nothing was counted',
      { outputHash: 'aa', exitCode: 1, conditions: [] },
      {
        type: 'fail',
        outputHash: 'aa',
        exitCode: 1,
        conditions: [],
        results: {
          total: 1,
          passed: 0,
          failed: 1,
          skipped: 0,
          failures: [{ name: 'exit code', message: 'the check ended with code 1' }],
        },
      },
    ],
    [
      'open where a condition lies between',
      { ...good, conditions: [met, between] },
      { type: 'leave_open', reason: 'coverage: between', conditions: [met, between] },
    ],
    [
      'open where values are too few, with how many it takes',
      { ...good, conditions: [tooFew] },
      {
        type: 'leave_open',
        reason: 'coverage: too_few',
        sampleSize: 3,
        neededSize: 4,
        conditions: [tooFew],
      },
    ],
    [
      'open where a lone value has no count',
      { ...good, conditions: [{ ...base, actual: 96, outcome: 'too_few' }] },
      {
        type: 'leave_open',
        reason: 'coverage: too_few',
        conditions: [{ ...base, actual: 96, outcome: 'too_few' }],
      },
    ],
    [
      'an error where it could not be started, before all else',
      {
        ...good,
        spawnError: 'ENOENT',
        isTimedOut: true,
        signal: 'SIGKILL',
        exitCode: 2,
        outputHash: '',
      },
      { type: 'record_error', errorKind: 'spawn', message: 'ENOENT' },
    ],
    [
      'an error where it took too long',
      { ...good, isTimedOut: true, signal: 'SIGKILL' },
      { type: 'record_error', errorKind: 'timeout', message: 'the check took too long' },
    ],
    [
      'an error where it was killed',
      { outputHash: '', conditions: [], signal: 'SIGKILL' },
      {
        type: 'record_error',
        errorKind: 'signal',
        message: 'the check was ended by SIGKILL',
        signal: 'SIGKILL',
      },
    ],
    [
      'an error for any other code',
      { ...good, exitCode: 2, results: broken },
      {
        type: 'record_error',
        errorKind: 'exit_code',
        message: 'the check ended with code 2',
        exitCode: 2,
      },
    ],
    [
      'an error where the output could not be read',
      { ...good, exitCode: 1, outputHash: '' },
      {
        type: 'record_error',
        errorKind: 'parse',
        message: 'the output of the check could not be read',
        exitCode: 1,
      },
    ],
    [
      'an error where an evaluator said nothing readable',
      { outputHash: '', conditions: [] },
      {
        type: 'record_error',
        errorKind: 'parse',
        message: 'the output of the check could not be read',
      },
    ],
  ])('is %s', (_name, outcome, verdict) => {
    expect(gate.judgeCheck(outcome)).toEqual(verdict);
  });

  it('takes the codes of the runner at hand', () => {
    expect(gate.judgeCheck({ ...good, exitCode: 5 }, [1, 5]).type).toBe('fail');
    expect(gate.judgeCheck({ ...good, exitCode: 1 }, [5]).type).toBe('record_error');
  });

  it('is a verdict that a running check accepts', () => {
    const at = toInstant(0);
    const asked = { at, by: 'system' };
    const birth = {
      checkRunId: 'K1',
      gateId: 'G1',
      checkId: 'unit',
      checkType: 'metric',
      required: true,
      dryRun: false,
      attempt: 1,
    } as const;
    const running = [
      { type: 'gate_check_created', at, ...birth } as const,
      { type: 'gate_check_started', at, evaluator: 'e', subjectHash: 'bb' } as const,
    ].reduce<gate.GateCheck>(gate.gateCheckDecider.evolve, gate.gateCheckDecider.initial);
    for (const exitCode of [0, 1, 2]) {
      for (const conditions of [[], [met], [unmet], [between], [tooFew, unmet]]) {
        for (const counts of [results, broken]) {
          const verdict = gate.judgeCheck({
            outputHash: 'aa',
            exitCode,
            results: counts,
            conditions,
          });
          expect(gate.gateCheckDecider.decide({ ...asked, ...verdict }, running).ok).toBe(true);
        }
      }
    }
  });
});
