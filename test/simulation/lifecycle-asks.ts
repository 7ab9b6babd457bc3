import type { Ask, Facts, Model } from './lifecycle-model.ts';

/** Whether a list or a count of things in the way is empty. */
export const none = (value: unknown): boolean =>
  value === undefined || value === 0 || (Array.isArray(value) && value.length === 0);
/** A guard that nothing named by a fact is in the way. */
export const nothing = (fact: string, code: string): Ask => [code, (facts) => none(facts[fact])];
/** A guard that a fact holds. */
export const truth = (fact: string, code: string): Ask => [code, (facts) => facts[fact] === true];
/** A guard that a text is not empty. */
export const text = (fact: string, code: string): Ask => [code, (facts) => facts[fact] !== ''];
/** A guard a person may pass by. */
export const passable = ([code, holds]: Ask): Ask => [code, holds, 'passable'];
/** A fact that is a number. */
export const number = (value: unknown): number => (typeof value === 'number' ? value : Number.NaN);

/** There is a reason. */
export const reason = text('reason', 'REASON_REQUIRED');
/** No gate is in the way. */
export const gates = nothing('openGates', 'GATE_BLOCKED');
/** The run is running. */
export const running = truth('isRunRunning', 'RUN_NOT_RUNNING');
/** The budget can be reserved. */
export const budget = truth('isBudgetReservable', 'BUDGET_EXHAUSTED');
/** There is a blocker. */
export const blockers: Ask = ['BLOCKER_REQUIRED', (facts) => !none(facts['blockedBy'])];
/** There is none any more. */
export const unblocked = passable(nothing('openBlockers', 'STILL_BLOCKED'));
/** A round of repair is left. */
export const fixLimit: Ask = ['RUN_FIX_LIMIT', (_, { count, most }) => count < most, 'passable'];
/** One more of what is counted. */
export const countOne = (_: Facts, { count }: Model) => ({ count: count + 1 });
/** The rounds of repair it is born with. */
export const bound = (facts: Facts) => ({ most: number(facts['maxFixLoops']) });

/** The lease is the newest. */
export const current: Ask = ['STALE_LEASE', (facts, { token }) => facts['leaseToken'] === token];
/** The lease, where one is named, is the newest. */
export const currentIfNamed: Ask = [
  'STALE_LEASE',
  (facts, { token }) => facts['leaseToken'] === undefined || facts['leaseToken'] === token,
];
/** The lease, where one is named, is the newest and has not ended with the try it was given for. */
export const heldIfNamed: Ask = [
  'STALE_LEASE',
  (facts, { token, state }) =>
    facts['leaseToken'] === undefined || (state === 'running' && facts['leaseToken'] === token),
];
/** A try is left. */
export const hasTries: Ask = ['ATTEMPTS_SPENT', (_, { count, most }) => count < most];
