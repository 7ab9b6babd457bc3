import { DomainError, isDomainError } from '#shared/kernel/index.ts';

/** What SQLite says, the code that stands for it, and the sentence about the file. */
const FAILURES = [
  [/locked|busy/i, 'STORE_IN_USE', 'is open in another process'],
  [/not a database|malformed|corrupt/i, 'STORE_CORRUPT', 'is damaged or is no local doc'],
  [/unable to open/i, 'STORE_UNREADABLE', 'cannot be opened'],
  [/full/i, 'DISK_FULL', 'finds no more room'],
] as const;

/** A failure of the doc's file under its code; anything else as it came. */
export function toDocFileError(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || isDomainError(error)) return error;
  const failure = FAILURES.find(([pattern]) => pattern.test(error.message));
  if (failure === undefined) return error;
  const [, code, sentence] = failure;
  return new DomainError(code, `\`${path}\` ${sentence}: ${error.message}`, { cause: error });
}
