import {
  type CodaAnswer,
  type CodaRequest,
  type CodaTransport,
  createCodaError,
} from '#shared/coda/index.ts';
import { type Clock, isDomainError, toInstant } from '#shared/kernel/index.ts';
import { createRateWindow, type RateLimit, type RateWindow } from './rate-window.ts';
import { classifyRequest, isMutationPoll, isRowPage, type RequestClass } from './request-class.ts';
import type { SharedTurns } from './shared-turns.ts';
import { createOwnMemory, createStormGate, type StormMemory } from './storm-gate.ts';
import type { Wait } from './wait.ts';

/** A limit for each class of request. */
export type RateLimits = Readonly<Record<RequestClass, RateLimit>>;

/** What was sent, every try counted. */
export interface RequestCounts {
  /** Reads, row pages included; polls are counted apart. */
  readonly reads: number;
  /** Pages of rows among the reads. */
  readonly listPages: number;
  /** Questions after queued changes. */
  readonly mutationPolls: number;
  /** Everything that changes something. */
  readonly writes: number;
  /** Writes to rows among the writes: the class with the narrowest limit. */
  readonly contentWrites: number;
  /** Answers that said "too many requests". */
  readonly rateLimited: number;
  /** Tries after the first. */
  readonly retries: number;
}

/** How a paced transport keeps time. */
export interface PacingOptions {
  readonly clock: Clock;
  readonly wait: Wait;
  /** The limits to stay within; `unlimited` for a doc on this computer that has none. @default CODA_RATE_LIMITS */
  readonly buckets?: RateLimits | 'unlimited';
  /** The most tries of any call, where that is less than its failure is worth. @default no limit */
  readonly maxTries?: number;
  /** From 0 up to 1, to spread repeats. @default Math.random */
  readonly random?: () => number;
}

/** A transport that stays within the limits, and what it has sent so far. */
export interface PacedTransport {
  readonly transport: CodaTransport;
  /** The counts at this moment. */
  readonly counts: () => RequestCounts;
  /** Has a question asked before every try of a write from now on; where it fails, so does the write, unsent. */
  readonly guardWrites: (mayWrite: () => Promise<void>) => void;
  /** Has requests keep a budget with other processes from now on, or with none of them. */
  readonly share: (budget: SharedBudget | undefined) => void;
}

/** What the processes of an account share. */
export interface SharedBudget {
  readonly turns: Readonly<Record<RequestClass, Pick<SharedTurns, 'run'>>>;
  readonly storms: StormMemory;
}

/**
 * The limits to plan for, per user over all docs. Content writes are published as 5 in 10 s, but the help centre
 * and the vendor's staff say 3. Source: Coda API reference, "Rate limiting".
 */
export const CODA_RATE_LIMITS: RateLimits = {
  read: { requests: 100, windowMs: 6_000 },
  write: { requests: 10, windowMs: 6_000 },
  content: { requests: 3, windowMs: 10_000 },
  docs: { requests: 4, windowMs: 6_000 },
};

/** Tries with growing waits between them. */
interface RetryPolicy {
  readonly maxTries: number;
  readonly firstWaitMs: number;
}
/** How long the pause after a refusal is, its gate knows. */
const AFTER_RATE_LIMIT: RetryPolicy = { maxTries: 7, firstWaitMs: 0 };
const AFTER_FAILURE: RetryPolicy = { maxTries: 5, firstWaitMs: 1_000 };
const LONGEST_WAIT_MS = 60_000;
const OWN_STORMS = { patienceMs: Number.POSITIVE_INFINITY };
/** A pause that is remembered is waited for by whoever comes later. Units: ms. */
const SHARED_STORMS = { patienceMs: 60_000 };

const ASK_NOBODY = async (): Promise<void> => {};

/** What one try came to: an answer, or the failure to get one. */
type Outcome = { readonly answer: CodaAnswer } | Failed;

interface Failed {
  readonly answer: undefined;
  readonly error: unknown;
  /** Whether another try is not worth it. */
  readonly isLast?: true;
}

/**
 * A transport that waits for its turn within each limit, tries again what was refused for being too early (it was
 * not carried out, whatever the verb), and repeats reads that failed. A write whose answer was lost is never
 * repeated: only the caller can find out whether it landed.
 */
export function createPacedTransport(
  transport: CodaTransport,
  options: PacingOptions,
): PacedTransport {
  const { wait, random = Math.random } = options;
  const policies = toPolicies(options);
  const windows = createWindows(options);
  let mayWrite = ASK_NOBODY;
  const counter = createCounter();
  let budget: SharedBudget | undefined;
  const ownGate = createStormGate({ ...options, random, ...OWN_STORMS, memory: createOwnMemory() });
  let gate = ownGate;

  const trySending = async (request: CodaRequest): Promise<Outcome> => {
    try {
      // As near to the wire as may be: minutes may have gone by since it was this one's turn, or since the last try.
      if (request.method !== 'GET') await mayWrite();
      counter.sent(request);
      return { answer: await transport(request) };
    } catch (error) {
      return { answer: undefined, error };
    }
  };
  const tryInTurn = (request: CodaRequest): Promise<Outcome> => {
    const name = classifyRequest(request);
    return gate.pass<Outcome>({
      send: async () => {
        const outcome = await trySending(request);
        if (outcome.answer?.status === 429) await gate.refused(outcome.answer.retryAfterMs ?? 0);
        else if (outcome.answer !== undefined) await gate.served();
        return outcome;
      },
      inTurn: (task) =>
        budget === undefined
          ? windows[name](task)
          : budget.turns[name].run(() => windows[name](task)),
      tooLong: (untilMs) => ({
        answer: undefined,
        error: leftAlone(request, untilMs),
        isLast: true,
      }),
    });
  };

  const paced: CodaTransport = async (request) => {
    for (let tries = 1; ; tries += 1) {
      const outcome = await tryInTurn(request);
      if (outcome.answer?.status === 429) counter.add('rateLimited');
      const policy = toRetryPolicy(request, outcome, policies);
      if (policy === undefined || tries >= policy.maxTries) return unwrap(outcome);
      counter.add('retries');
      // Behind the gate a request that was refused waits anyway.
      if (policy !== policies.afterLimit) await wait(toBackoffMs(policy, tries, random()));
    }
  };
  const share: PacedTransport['share'] = (shared) => {
    budget = shared;
    gate =
      shared === undefined
        ? ownGate
        : createStormGate({ ...options, random, ...SHARED_STORMS, memory: shared.storms });
  };
  const guardWrites: PacedTransport['guardWrites'] = (question) => {
    mayWrite = question;
  };
  return { transport: paced, counts: counter.counts, share, guardWrites };
}

const leftAlone = (request: CodaRequest, untilMs: number): unknown =>
  createCodaError('RATE_LIMITED', {
    request,
    happening: `not sent, since the service refused too many requests: it is left alone until ${toInstant(untilMs)}`,
  });

function createWindows(options: PacingOptions): Readonly<Record<RequestClass, RateWindow>> {
  const { buckets = CODA_RATE_LIMITS } = options;
  const toWindow = (name: RequestClass): RateWindow =>
    buckets === 'unlimited' ? (task) => task() : createRateWindow(buckets[name], options);
  return {
    read: toWindow('read'),
    write: toWindow('write'),
    content: toWindow('content'),
    docs: toWindow('docs'),
  };
}

interface RetryPolicies {
  readonly afterFailure: RetryPolicy;
  readonly afterLimit: RetryPolicy;
}

function toPolicies({ maxTries = Number.POSITIVE_INFINITY }: PacingOptions): RetryPolicies {
  const atMost = (policy: RetryPolicy): RetryPolicy => ({
    ...policy,
    maxTries: Math.min(policy.maxTries, maxTries),
  });
  return { afterFailure: atMost(AFTER_FAILURE), afterLimit: atMost(AFTER_RATE_LIMIT) };
}

const mayPass = ({ error, isLast }: Failed): boolean =>
  isLast !== true && isDomainError(error) && error.retryable;

function toRetryPolicy(
  request: CodaRequest,
  outcome: Outcome,
  { afterFailure, afterLimit }: RetryPolicies,
): RetryPolicy | undefined {
  if (outcome.answer?.status === 429) return afterLimit;
  if (request.method !== 'GET') return undefined;
  if (outcome.answer === undefined) return mayPass(outcome) ? afterFailure : undefined;
  // A page of rows that takes too long takes as long again: the listing asks for smaller pages instead.
  const isTooLarge = outcome.answer.status === 504 && isRowPage(request);
  return outcome.answer.status >= 500 && !isTooLarge ? afterFailure : undefined;
}

// Between half and the whole of a wait that doubles, so that two workers do not meet again.
function toBackoffMs({ firstWaitMs }: RetryPolicy, tries: number, random: number): number {
  const fullMs = Math.min(LONGEST_WAIT_MS, firstWaitMs * 2 ** (tries - 1));
  return Math.round(fullMs * (0.5 + random / 2));
}

function unwrap(outcome: Outcome): CodaAnswer {
  if (outcome.answer === undefined) throw outcome.error;
  return outcome.answer;
}

function createCounter(): {
  readonly add: (name: keyof RequestCounts) => void;
  readonly sent: (request: CodaRequest) => void;
  readonly counts: () => RequestCounts;
} {
  const counts = {
    reads: 0,
    listPages: 0,
    mutationPolls: 0,
    writes: 0,
    contentWrites: 0,
    rateLimited: 0,
    retries: 0,
  };
  const add = (name: keyof RequestCounts): void => {
    counts[name] += 1;
  };
  const sent = (request: CodaRequest): void => {
    if (isMutationPoll(request)) add('mutationPolls');
    else add(request.method === 'GET' ? 'reads' : 'writes');
    if (isRowPage(request)) add('listPages');
    if (classifyRequest(request) === 'content') add('contentWrites');
  };
  return { add, sent, counts: () => ({ ...counts }) };
}
