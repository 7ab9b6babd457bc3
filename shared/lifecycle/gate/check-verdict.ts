import type {
  CheckError,
  CheckVerdict,
  Findings,
  TestResults,
} from '../gate-check/gate-check-messages.ts';
import type { MeasuredCondition } from '../gate-check/measured-condition.ts';

/** How the program of a check ended, and what was read from its output. */
export interface CheckOutcome extends Findings {
  /** Why it could not be started. */
  readonly spawnError?: string;
  readonly isTimedOut?: true;
  readonly signal?: string;
}

/** Exit codes by which a test runner says that tests failed; any other but 0 says that it did not get that far. */
export const TESTS_FAILED_CODES: readonly number[] = [1];

const NO_RESULTS: TestResults = { total: 0, passed: 0, failed: 0, skipped: 0, failures: [] };

/** How a check comes out. Whatever kept it from measuring is an error, never a failure, and never a pass. */
export function judgeCheck(
  outcome: CheckOutcome,
  testsFailedCodes: readonly number[] = TESTS_FAILED_CODES,
): CheckVerdict {
  const { exitCode = 0, results, conditions } = outcome;
  const error = findError(outcome, testsFailedCodes);
  if (error !== undefined) return { type: 'record_error', ...error };
  const findings = toFindings(outcome);
  const hasUnmet = conditions.some((condition) => condition.outcome === 'unmet');
  const hasFailed = results !== undefined && results.failed > 0;
  if (hasUnmet || hasFailed) return { type: 'fail', ...findings };
  if (exitCode !== 0) return { type: 'fail', ...findings, results: withUnnamed(results, exitCode) };
  const open = conditions.find((condition) => condition.outcome !== 'met');
  return open === undefined ? { type: 'pass', ...findings } : leaveOpen(open, conditions);
}

function toFindings(outcome: CheckOutcome): Findings {
  const { spawnError: _spawn, isTimedOut: _timedOut, signal: _signal, ...findings } = outcome;
  return findings;
}

function findError(
  outcome: CheckOutcome,
  testsFailedCodes: readonly number[],
): CheckError | undefined {
  const { spawnError, isTimedOut, signal, exitCode, outputHash } = outcome;
  if (spawnError !== undefined) return { errorKind: 'spawn', message: spawnError };
  if (isTimedOut) return { errorKind: 'timeout', message: 'the check took too long' };
  if (signal !== undefined) {
    return { errorKind: 'signal', message: `the check was ended by ${signal}`, signal };
  }
  if (exitCode !== undefined && exitCode !== 0 && !testsFailedCodes.includes(exitCode)) {
    return { errorKind: 'exit_code', message: `the check ended with code ${exitCode}`, exitCode };
  }
  if (outputHash === '') {
    const message = 'the output of the check could not be read';
    return { errorKind: 'parse', message, ...(exitCode === undefined ? {} : { exitCode }) };
  }
  return undefined;
}

/** A runner that says tests failed and names none has one failure all the same: a limit of coverage, say. */
function withUnnamed(results: TestResults = NO_RESULTS, exitCode: number): TestResults {
  const { total, failed, failures } = results;
  const failure = { name: 'exit code', message: `the check ended with code ${exitCode}` };
  return { ...results, total: total + 1, failed: failed + 1, failures: [...failures, failure] };
}

function leaveOpen(
  { metricKey, outcome, sampleSize, minSamples }: MeasuredCondition,
  conditions: readonly MeasuredCondition[],
): CheckVerdict {
  const sizes =
    outcome === 'too_few' && sampleSize !== undefined ? { sampleSize, neededSize: minSamples } : {};
  return { type: 'leave_open', reason: `${metricKey}: ${outcome}`, ...sizes, conditions };
}
