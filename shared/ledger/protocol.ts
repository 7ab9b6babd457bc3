import { DAY_MS, MINUTE_MS } from '#shared/kernel/index.ts';

/** How long the worker looks for earlier presses before it decides a lifecycle command. Inserts that overtake each other by less leave every clock right. */
export const HOLD_MS = MINUTE_MS;
/** From a press on, how long a command that does not apply may wait for one that would make it apply. */
export const PATIENCE_MS = 15 * MINUTE_MS;
/** How far a press may lie ahead of the clock it is judged by; one further ahead was made by a clock that is wrong, or is judged by one. */
export const AHEAD_MAX_MS = 15 * MINUTE_MS;
/** Two same presses of one account within this are one press. */
export const SAME_PRESS_MS = 10_000;
/** How far a start may lie before the start of the run it means: clocks differ by up to a minute each. */
export const START_TOLERANCE_MS = 2 * MINUTE_MS;
/** How long a state row names the keys folded into it, and keeps runs that have ended. */
export const FOLDED_KEPT_MS = DAY_MS;
/** The most folded keys a state row names, so that it stays far below a row's 60 KB. */
export const FOLDED_LIMIT = 400;
/** The most ended runs a state row names; older ones are in Execution Runs. */
export const ENDED_LIMIT = 100;
/** The most recent presses a state row names, to tell doubles by. */
export const PRESSES_LIMIT = 60;
/** What the data of a state row may weigh; a row of 85 KB is refused, and the other cells want room. Units: bytes. */
export const STATE_BYTES_MAX = 60_000;
/** Apply time plus snapshot lag, with room: until then a write not yet seen is not sent again. */
export const VISIBLE_AFTER_MS = 400_000;
/** How long settled commands stay in the Ledger table. */
export const SETTLED_KEPT_MS = 14 * DAY_MS;
/** Key of the row that names the doc and the head of the chain. */
export const ANCHOR_KEY = 'state/ledger';
