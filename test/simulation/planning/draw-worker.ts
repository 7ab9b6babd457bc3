import { parentPort, workerData } from 'node:worker_threads';
import type { Draw } from './draw-script.ts';
import { playDraw } from './play-draw.ts';

/** The draws one thread plays. */
export type DrawBatch = readonly Draw[];

const tallies = (workerData as DrawBatch).map(playDraw);
// The rule means windows; a thread's port has one listener and no origin.
// oxlint-disable-next-line unicorn/require-post-message-target-origin
parentPort?.postMessage(tallies);
