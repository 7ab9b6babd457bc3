import * as v from 'valibot';
import { DomainError } from '#shared/kernel/index.ts';
import type { CodaAnswer, CodaRequest } from './transport.ts';

/** How a call of the API can fail. `NETWORK` is the transport's own: no answer came, so a write may have happened. */
export type CodaErrorCode =
  | 'BAD_REQUEST'
  | 'UNAUTHORIZED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'RATE_LIMITED'
  | 'TIMED_OUT'
  | 'SERVER_ERROR'
  | 'UNREADABLE'
  | 'NETWORK';

const CODE_BY_STATUS: Readonly<Record<number, CodaErrorCode>> = {
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  429: 'RATE_LIMITED',
  504: 'TIMED_OUT',
};
const RETRYABLE: ReadonlySet<CodaErrorCode> = new Set(['RATE_LIMITED', 'SERVER_ERROR', 'NETWORK']);
// A gateway may answer with a whole HTML page, and a page of rows can be wrong two hundred times; the beginning is enough.
const MAX_HAPPENING_CHARS = 300;

const ERROR_BODY = v.object({ message: v.string() });

/** The failure an answer that is no success stands for, with the API's own words about it. */
export function toCodaError(request: CodaRequest, answer: CodaAnswer): DomainError<CodaErrorCode> {
  const { status } = answer;
  const code = CODE_BY_STATUS[status] ?? (status >= 500 ? 'SERVER_ERROR' : 'BAD_REQUEST');
  return createCodaError(code, {
    request,
    happening: `answered ${status}: ${toDetail(answer.body)}`,
  });
}

/** What a failure is about: the request, what happened to it, and what lay behind that. */
export interface CodaFailure {
  readonly request: CodaRequest;
  readonly happening: string;
  readonly cause?: unknown;
}

/** A failure of the given code. Its message names the request, never the token. */
export function createCodaError(
  code: CodaErrorCode,
  { request, happening, cause }: CodaFailure,
): DomainError<CodaErrorCode> {
  const message = `Coda's API, \`${request.method} ${request.path}\`: ${happening.slice(0, MAX_HAPPENING_CHARS)}`;
  return new DomainError(code, message, { retryable: RETRYABLE.has(code), cause });
}

function toDetail(body: unknown): string {
  const parsed = v.safeParse(ERROR_BODY, body);
  if (parsed.success) return parsed.output.message;
  return typeof body === 'string' && body !== '' ? body : 'no detail';
}
