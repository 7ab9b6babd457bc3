import type { ConstraintCode, ContractDocument } from '#shared/contracts/index.ts';
import type { Instant } from '#shared/kernel/index.ts';
import type { WantedLock } from './locks.ts';
import type { PlanPriority } from './plan.ts';
import type { ScoreParts } from './priority.ts';

export { CONSTRAINT_CODES, type ConstraintCode } from '#shared/contracts/index.ts';

type EntryDocument = ContractDocument<'schedule_entry'>;

/** A thing a task waits for. The id of `time` is the instant, of `run` the workstream or run that is full. */
export interface Blocker {
  readonly kind: EntryDocument['blockedBy'][number]['kind'];
  readonly id: string;
}

/** Why a task is held. */
export interface Hold {
  readonly reason: ConstraintCode;
  readonly blockedBy: readonly Blocker[];
}

/** One task's place in the plan at one tick. Source: contract `schedule_entry.v1`, without the ids of entry, run and tick. */
export interface ScheduleEntry {
  readonly taskId: string;
  readonly level: number;
  readonly priority: PlanPriority;
  readonly score: number;
  readonly scoreParts: ScoreParts;
  readonly decision: EntryDocument['decision'];
  /** Set iff held. */
  readonly holdReason?: ConstraintCode;
  readonly blockedBy: readonly Blocker[];
  readonly notBefore?: Instant;
  readonly deadlineAt?: Instant;
  readonly conflictGroup?: string;
  readonly locks: readonly WantedLock[];
  /** Who is to take it; set iff dispatched. */
  readonly workerId?: string;
  /** Some of what it waited for failed, and the plan goes on without; set only where true. */
  readonly degradedInputs?: true;
  readonly at: Instant;
}
