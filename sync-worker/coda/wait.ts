import { setTimeout } from 'node:timers/promises';

/** Resolves after so many milliseconds; tests let a clock of their own run on instead. Units: ms. */
export type Wait = (ms: number) => Promise<void>;

/** Waits in real time. */
export const waitOnTimer: Wait = (ms) => setTimeout(ms);
