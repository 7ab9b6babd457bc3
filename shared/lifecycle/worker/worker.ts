import type { Instant } from '#shared/kernel/index.ts';
import type { WorkerState } from './worker-lifecycle.ts';
import type { CrashReason, WorkerBirth } from './worker-messages.ts';

/** A worker as its events have left it. */
export interface Worker extends WorkerBirth {
  readonly state: WorkerState | 'none';
  /** Events so far; a repeat or a stale writer is seen by it. */
  readonly version: number;
  /** Set while busy; kept while paused or draining until the task comes off. */
  readonly heldTaskId?: string;
  /** Of the held task. */
  readonly leaseToken?: number;
  readonly leaseExpiresAt?: Instant;
  readonly assignedAt?: Instant;
  readonly lastHeartbeatAt?: Instant;
  readonly crash?: Crash;
  readonly createdAt?: Instant;
  /** When it first was ready. */
  readonly startedAt?: Instant;
  /** Set iff closed. */
  readonly endedAt?: Instant;
  /** When it came to its present state. */
  readonly enteredAt?: Instant;
  /** The last stamp; no later one may lie before it. */
  readonly lastAt?: Instant;
}

/** How a worker died. */
export interface Crash {
  readonly reason: CrashReason;
  readonly message: string;
  readonly at: Instant;
}
