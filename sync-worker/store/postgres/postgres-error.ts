import { DomainError } from '#shared/kernel/index.ts';
import type { StoreErrorCode } from '../store-error-code.ts';

interface Failure {
  readonly code: StoreErrorCode;
  /** What is wrong and what to do, after the store's name. */
  readonly text: string;
  readonly retryable?: true;
}

const UNREACHABLE: Failure = {
  code: 'STORE_UNREACHABLE',
  text: 'cannot be reached; check that the server runs and try again',
  retryable: true,
};
const IN_USE: Failure = {
  code: 'STORE_IN_USE',
  text: 'is busy with the work of another process; try again',
  retryable: true,
};
const READ_ONLY: Failure = {
  code: 'STORE_READ_ONLY',
  text: 'may not be written by this user; open it once as its owner, or give the user the role `founder_hq_writer`',
};
const UNREADABLE: Failure = {
  code: 'STORE_UNREADABLE',
  text: 'cannot be opened; check the user, the password and the name of the database',
};
const NOT_PRIVATE: Failure = {
  code: 'STORE_UNREADABLE',
  text: 'offers no private way that can be trusted; check what its URL sets behind the `?`',
};
const REFUSED: Failure = { code: 'RECORD_REFUSED', text: 'refuses what was to be written' };
const DISK_FAILED: Failure = {
  code: 'DISK_FAILED',
  text: 'could not be read or written; check the disk of the server',
};
const DISK_FULL: Failure = {
  code: 'DISK_FULL',
  text: 'has no room left and was not changed; free disk space on the server and run again',
};
const CORRUPT: Failure = { code: 'STORE_CORRUPT', text: 'is damaged; restore it from a backup' };

/** By SQLSTATE, whole or its class. Source: PostgreSQL, appendix A, "PostgreSQL Error Codes". */
const FAILURES: ReadonlyMap<string, Failure> = new Map([
  ['08', UNREACHABLE],
  ['57P01', UNREACHABLE],
  ['57P02', UNREACHABLE],
  ['57P03', UNREACHABLE],
  ['57P05', UNREACHABLE],
  ['25P03', IN_USE],
  ['25P04', IN_USE],
  ['40001', IN_USE],
  ['40P01', IN_USE],
  ['53300', IN_USE],
  ['55P03', IN_USE],
  ['57014', IN_USE],
  ['42501', READ_ONLY],
  ['25006', READ_ONLY],
  ['28', UNREADABLE],
  ['3D000', UNREADABLE],
  ['22', REFUSED],
  ['23', REFUSED],
  ['54000', REFUSED],
  ['53100', DISK_FULL],
  ['58030', DISK_FAILED],
  ['XX001', CORRUPT],
  ['XX002', CORRUPT],
]);
/** What the client says, without a code, of a conversation that ended. */
const ENDED =
  /Connection terminated|not queryable|Client was closed|timeout exceeded when trying to connect|timeout expired/;

/** What the client says, without a code, where the server asks for a password and none was given. */
const PASSWORD_MISSING = /^SASL: /;
/** What it says of a server without encryption, or with a certificate that nobody it trusts has signed. */
const UNTRUSTED = /\bSSL\b|certificate/i;

/** A failure to connect as an outside failure, as `toStoreError`: before the first answer more of them have no code. */
export function toConnectError(error: unknown, name: string): unknown {
  if (!(error instanceof Error)) return error;
  if (PASSWORD_MISSING.test(error.message)) return toDomainError(UNREADABLE, error, name);
  // The client reads a file that the URL names for encryption, and fails at it as a socket fails.
  const isOfFile = 'syscall' in error && error.syscall === 'open';
  if (isOfFile || UNTRUSTED.test(error.message)) return toDomainError(NOT_PRIVATE, error, name);
  return toStoreError(error, name);
}

/** A failure of the server or the way to it as an outside failure that names the store and the next step; anything else stays as it is. */
export function toStoreError(error: unknown, name: string): unknown {
  const failure = failureOf(error);
  return failure === undefined ? error : toDomainError(failure, error, name);
}

function toDomainError(failure: Failure, error: unknown, name: string): DomainError {
  const { code, text, retryable } = failure;
  const detail = failure === REFUSED && error instanceof Error ? `: ${error.message}` : '';
  const message = `\`${name}\` ${text}${detail}`;
  return new DomainError(code, message, { retryable: retryable === true, cause: error });
}

/** Whether the conversation with the server is over, so that nobody knows what became of the last request. */
export const isUnreachable = (error: unknown): boolean => failureOf(error) === UNREACHABLE;

/** Whether what was to be written breaks a rule of its table. */
export const isRefused = (error: unknown): boolean => failureOf(error) === REFUSED;

/** Whether the server takes no more from a transaction since an earlier request in it failed. */
export const isAfterFailure = (error: unknown): boolean => codeOf(error) === '25P02';

function failureOf(error: unknown): Failure | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = codeOf(error);
  // An error of the socket, as `ECONNREFUSED`; no SQLSTATE begins with E, though `EPIPE` looks like one.
  if (/^E(?!RR_)[A-Z]+$/.test(code) || ENDED.test(error.message)) return UNREACHABLE;
  return FAILURES.get(code) ?? FAILURES.get(code.slice(0, 2));
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
