import type { CodaRequest, CodaTransport } from '#shared/coda/index.ts';
import type { Clock } from '#shared/kernel/index.ts';
import { type Log, type RequestFacts, toFailureFacts } from './log-event.ts';

/** What a logged transport needs beside the one it carries requests with. */
export interface RequestLogging {
  readonly log: Log;
  readonly clock: Clock;
  /** The limit a request counts against. */
  readonly classify: (request: CodaRequest) => string;
}

/** A transport that logs each try with its class, its status and how long it took, but no body, no header and no id. */
export function logRequests(
  transport: CodaTransport,
  { log, clock, classify }: RequestLogging,
): CodaTransport {
  const attempts = new WeakMap<CodaRequest, number>();
  return async (request) => {
    const attempt = (attempts.get(request) ?? 0) + 1;
    attempts.set(request, attempt);
    const { method, path } = request;
    const facts: RequestFacts = { class: classify(request), method, about: kindOf(path), attempt };
    const startedMs = clock();
    try {
      const answer = await transport(request);
      log({ event: 'request', ...facts, status: answer.status, ms: clock() - startedMs });
      return answer;
    } catch (error) {
      const ms = clock() - startedMs;
      log({ event: 'request_failed', ...facts, ...toFailureFacts(error), ms });
      throw error;
    }
  };
}

/** In an address every second part is an id: `/docs/ID/tables/ID/rows` is about rows. */
const kindOf = (path: string): string =>
  path
    .slice(1)
    .split('/')
    .findLast((_part, place) => place % 2 === 0) ?? '';
