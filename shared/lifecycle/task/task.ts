import type { Instant, Ms } from '#shared/kernel/index.ts';
import type { TaskState } from './task-lifecycle.ts';
import type { Place, TaskBirth } from './task-messages.ts';

/** A task as its events have left it. */
export interface Task extends TaskBirth, Partial<Place> {
  readonly state: TaskState | 'none';
  /** Events so far; a repeat or a stale writer is seen by it. */
  readonly version: number;
  /** How often it has entered `running`. Range: 0 to `maxAttempts`. */
  readonly attempt: number;
  /** The newest lease given out or fenced off; a lower one is worth nothing. It never falls. */
  readonly leaseToken: number;
  /** Whether the lease it runs under was taken away; then another try may follow. */
  readonly isLeaseFenced: boolean;
  /** Set iff running. */
  readonly workerId?: string;
  /** Who held it, in order; once for each try. */
  readonly workerIds: readonly string[];
  /** Time in which a worker was at it, over the tries that have ended. Units: ms. */
  readonly netMs: Ms;
  /** Set iff blocked. */
  readonly blockedBy?: readonly string[];
  /** Before this moment a retry is not queued. */
  readonly notBefore?: Instant;
  readonly toolResultId?: string;
  readonly patchIds?: readonly string[];
  readonly errorId?: string;
  /** Why it failed or was canceled. */
  readonly stateReason?: string;
  /** What it was canceled for. */
  readonly causeId?: string;
  /** Whether it failed because its last lease was lost. */
  readonly deadLettered: boolean;
  readonly createdAt?: Instant;
  readonly queuedAt?: Instant;
  readonly startedAt?: Instant;
  /** Set iff closed. */
  readonly endedAt?: Instant;
  /** When it came to its present state. */
  readonly enteredAt?: Instant;
  /** The last stamp; no later one may lie before it. */
  readonly lastAt?: Instant;
}
