import { DomainError } from '#shared/kernel/index.ts';
import type { StoreErrorCode } from '../store-error-code.ts';

interface Failure {
  readonly code: StoreErrorCode;
  /** What is wrong and what to do, after the file's name. */
  readonly text: string;
  readonly retryable?: true;
}

/** By SQLite's primary result code. Source: SQLite, "Result and Error Codes". */
const FAILURES: ReadonlyMap<number, Failure> = new Map([
  [5, { code: 'STORE_IN_USE', text: 'is busy in another process; try again', retryable: true }],
  [
    8,
    { code: 'STORE_READ_ONLY', text: 'may not be written; give this user the right to write it' },
  ],
  [
    10,
    {
      code: 'DISK_FAILED',
      text: 'could not be read or written; check the disk and the room on it',
    },
  ],
  [11, { code: 'STORE_CORRUPT', text: 'is damaged; restore it from a backup' }],
  [
    13,
    {
      code: 'DISK_FULL',
      text: 'has no room left and was not changed; free disk space and run again',
    },
  ],
  [14, { code: 'STORE_UNREADABLE', text: 'cannot be opened; check that its folder exists' }],
  [26, { code: 'STORE_CORRUPT', text: 'is no store of Founder HQ; choose another file' }],
]);
const BUSY = 5;
const CORRUPT = 11;
const CONSTRAINT = 19;
/** The general code; only its text tells that a stored document could not be read. */
const GENERAL = 1;

/** A failure of SQLite as an outside failure that names the file and the next step; anything else is a bug and stays as it is. */
export function toStoreError(error: unknown, file: string): unknown {
  const failure = FAILURES.get(isUnfit(error) ? CORRUPT : primaryCodeOf(error));
  if (failure === undefined) return error;
  const { code, text, retryable } = failure;
  return new DomainError(code, `\`${file}\` ${text}`, {
    retryable: retryable === true,
    cause: error,
  });
}

/** Whether SQLite failed since another connection holds the lock. */
export const isBusy = (error: unknown): boolean => primaryCodeOf(error) === BUSY;

/** Whether SQLite failed since what was to be written breaks a rule of its table. */
export const isConstraint = (error: unknown): boolean => primaryCodeOf(error) === CONSTRAINT;

/** Whether SQLite failed since a text that should be JSON is none. */
export const isMalformed = (error: unknown): boolean =>
  primaryCodeOf(error) === GENERAL &&
  error instanceof Error &&
  error.message.includes('malformed JSON');

/** Whether what SQLite holds can be no value of the store: text that should be JSON, or a number no number holds exactly. */
const isUnfit = (error: unknown): boolean =>
  isMalformed(error) ||
  (error instanceof RangeError && 'code' in error && error.code === 'ERR_OUT_OF_RANGE');

/** The low byte of SQLite's result code; 0 for any other error. */
function primaryCodeOf(error: unknown): number {
  const isSqlite = error instanceof Error && 'errcode' in error;
  return isSqlite && typeof error.errcode === 'number' ? error.errcode & 0xff : 0;
}
