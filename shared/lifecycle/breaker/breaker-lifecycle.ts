import type { TransitionTable } from '#shared/kernel/index.ts';

/** Where a breaker can stand; `none`, before its birth, is not one of them. */
export const BREAKER_STATES = ['closed', 'open', 'half_open'] as const;

/** What can move a breaker; each is the type of a command. Its birth, `create`, is not one of them. */
export const BREAKER_TRIGGERS = ['trip', 'probe', 'close', 'reopen'] as const;

/** One of {@link BREAKER_STATES}. */
export type BreakerState = (typeof BREAKER_STATES)[number];
/** One of {@link BREAKER_TRIGGERS}. */
export type BreakerTrigger = (typeof BREAKER_TRIGGERS)[number];

/** What may follow what. The decider, the diagrams and the documents all read this one table. */
export const BREAKER_TRANSITIONS: TransitionTable<BreakerState, BreakerTrigger> = {
  closed: { trip: 'open' },
  open: { probe: 'half_open' },
  half_open: { close: 'closed', reopen: 'open' },
};
