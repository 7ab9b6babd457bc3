import type { CodaTransport } from '#shared/coda/index.ts';
import { DomainError } from '#shared/kernel/index.ts';
import * as coda from './sdk.ts';

/** The one domain this Pack calls. */
export const CODA_DOMAIN = 'coda.io';
const API_BASE = `https://${CODA_DOMAIN}/apis/v1`;
/** The status that makes a listing halve its pages: the remedy for pages beyond the platform's limit as well. */
const TOO_LARGE_STATUS = 504;
const JSON_HEADERS = { 'Content-Type': 'application/json' };

/**
 * The Coda API over the platform's fetcher, which adds the token and waits out most 429s. Nothing is cached: what a
 * button wrote must be seen by the next formula.
 */
export function createPackTransport(fetcher: coda.Fetcher): CodaTransport {
  return async ({ method, path, query = {}, body }) => {
    const url = coda.withQueryParams(`${API_BASE}${path}`, { ...query });
    const content = body === undefined ? {} : { headers: JSON_HEADERS, body: JSON.stringify(body) };
    try {
      const answer = await fetcher.fetch({ method, url, cacheTtlSecs: 0, ...content });
      return { status: answer.status, body: answer.body };
    } catch (cause) {
      if (coda.StatusCodeError.isStatusCodeError(cause)) {
        return { status: cause.statusCode, body: cause.body };
      }
      if (coda.ResponseSizeTooLargeError.isResponseSizeTooLargeError(cause)) {
        return { status: TOO_LARGE_STATUS, body: { message: 'the answer is too large' } };
      }
      const message = `no answer to ${method} ${path}`;
      throw new DomainError('NETWORK', message, { retryable: true, cause });
    }
  };
}
