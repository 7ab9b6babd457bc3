import type { DocFinding } from '#shared/doc/index.ts';
import { isDomainError } from '#shared/kernel/index.ts';
import { scrub } from '#worker/secrets/index.ts';

/** One thing about a set-up that a founder may want to mend: what is wrong in one line, and what to do in another. */
export interface HealthFinding extends Pick<DocFinding, 'severity' | 'message' | 'fix'> {
  /** SCREAMING_SNAKE. */
  readonly code: string;
  /** The core's name of the table, where it is about one. */
  readonly table?: string;
  readonly column?: string;
}

/** What can be done about a failure, where that is not in its own message. */
export type NextStep = (error: Error) => string | undefined;

const HARM: Readonly<Record<HealthFinding['severity'], number>> = { error: 0, warning: 1, info: 2 };

/** The worst first; among equals as they were found, for what is found first stands in the way of the rest. */
export const byHarm = (findings: readonly HealthFinding[]): readonly HealthFinding[] =>
  [...findings].sort((one, other) => HARM[one.severity] - HARM[other.severity]);

/** A finding whose texts are one line each, and hold no secret. */
export const toFinding = (finding: HealthFinding): HealthFinding => ({
  ...finding,
  message: toLine(finding.message),
  fix: toLine(finding.fix),
});

/** A failure from outside as a finding. Errors: anything else is a bug and thrown on. */
export function toFailure(error: unknown, nextStepOf: NextStep): HealthFinding {
  if (!(error instanceof Error) || !hasCode(error)) throw error;
  const fix = nextStepOf(error) ?? 'Do what that line says, and ask the doctor again.';
  const severity = error.code === 'STORE_OLDER' ? 'warning' : 'error';
  return toFinding({ code: error.code, severity, message: error.message, fix });
}

const hasCode = (error: Error): error is Error & { readonly code: string } =>
  isDomainError(error) || ('code' in error && typeof error.code === 'string');

const toLine = (text: string): string =>
  scrub(text)
    .trim()
    .replace(/\s*\n\s*/g, ' ');
