import type { ExecutionEvent } from '#shared/ledger/index.ts';
import type { EventFilter } from './event-filter.ts';

/**
 * Deals with one event. It may be given the same event again, after a crash or a failure, so it has to know by `eventId`
 * what it has dealt with. What it throws is a failure, and the event comes again.
 */
export type EventHandler = (event: ExecutionEvent, delivery: Delivery) => Promise<void> | void;

/** Which try this is. */
export interface Delivery {
  /** From 1. */
  readonly attempt: number;
  /** Whether the event was set aside before, so that later ones have been delivered already. */
  readonly isRedriven: boolean;
}

/** How often a failing handler is asked again before the event is set aside. */
export interface RetryPolicy {
  /** How long to wait before each further try. Units: ms. */
  readonly delaysMs: readonly number[];
}

/** Three more tries, after one, two and four seconds. */
export const DEFAULT_RETRY: RetryPolicy = { delaysMs: [1_000, 2_000, 4_000] };

/** What a subscriber asks for. */
export interface SubscribeOptions {
  /** Names the subscriber for ever: where it has come to is kept under this name. */
  readonly subscriberId: string;
  /** @default every event */
  readonly filter?: EventFilter;
  readonly handler: EventHandler;
  /**
   * Where to begin: after the last event dealt with, with whatever comes from now on, or after any position, be it once more.
   * A subscriber that is new has dealt with nothing, so `cursor` begins with the first event. @default 'cursor'
   */
  readonly from?: 'cursor' | 'now' | number;
  /** @default DEFAULT_RETRY */
  readonly retry?: RetryPolicy;
}

/** Why a subscription is not begun. */
export type SubscribeRefusal =
  | { readonly code: 'SUBSCRIBER_TAKEN'; readonly subscriberId: string }
  | { readonly code: 'POSITION_BEYOND_HEAD'; readonly position: number; readonly head: number }
  | {
      readonly code: 'SUBSCRIPTION_INVALID';
      /** JSON path in the subscriber's document. */
      readonly path: string;
      readonly expected: string;
      readonly received: string;
    };

/** Why nothing is delivered anew. */
export type RedriveRefusal =
  | { readonly code: 'SUBSCRIBER_UNKNOWN'; readonly subscriberId: string }
  | { readonly code: 'DEAD_LETTER_UNKNOWN'; readonly deadLetterId: string };

/** What came of delivering dead letters anew. */
export interface RedriveReport {
  readonly redriven: number;
  /** Still set aside. */
  readonly failed: number;
}
