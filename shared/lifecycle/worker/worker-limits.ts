import { MINUTE_MS, type Ms } from '#shared/kernel/index.ts';
import type { WorkerConfig } from './worker-messages.ts';

/** How a worker is kept where nobody says otherwise: two missed heartbeats lose it, five kill it. */
export const WORKER_CONFIG: WorkerConfig = {
  heartbeatMs: MINUTE_MS,
  lostAfterMs: 2 * MINUTE_MS,
  deadAfterMs: 5 * MINUTE_MS,
  leaseMs: 2 * MINUTE_MS,
};

/** How long a worker may take to become ready. Units: ms. */
export const START_TIMEOUT_MS: Ms = MINUTE_MS;
/** How long a draining worker may keep its task before it is stopped by force. Units: ms. */
export const DRAIN_TIMEOUT_MS: Ms = 30 * MINUTE_MS;
/** Of the heartbeats within this time one is stored. Units: ms. */
export const HEARTBEAT_STORE_MS: Ms = MINUTE_MS;
/** Workers at one time. */
export const MAX_WORKERS = 4;
