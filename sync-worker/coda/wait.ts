import { setTimeout } from 'node:timers/promises';

/** Resolves after so many milliseconds; tests let a clock of their own run on instead. Units: ms. */
export type Wait = (ms: number) => Promise<void>;

/** Waits in real time. Errors: `AbortError` where a signal fires before. */
export const waitOnTimer = (ms: number, signal?: AbortSignal): Promise<void> =>
  setTimeout(ms, undefined, signal === undefined ? {} : { signal });
