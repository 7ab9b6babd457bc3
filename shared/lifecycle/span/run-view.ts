import type { GateCheck } from '../gate-check/gate-check-decider.ts';
import type { GateCheckCommand } from '../gate-check/gate-check-messages.ts';
import type { Patch } from '../patch/patch.ts';
import type { PatchCommand } from '../patch/patch-messages.ts';
import type { Phase } from '../phase/phase-decider.ts';
import type { PhaseCommand } from '../phase/phase-messages.ts';
import type { Run } from '../run/run.ts';
import type { RunCommand } from '../run/run-messages.ts';
import type { Step } from '../step/step-decider.ts';
import type { StepCommand } from '../step/step-messages.ts';
import type { Task } from '../task/task.ts';
import type { TaskCommand } from '../task/task-messages.ts';
import type { FailurePolicy } from '../transition.ts';
import type { Worker } from '../worker/worker.ts';
import type { WorkerCommand } from '../worker/worker-messages.ts';
import type { Workstream } from '../workstream/workstream-decider.ts';
import type { WorkstreamCommand } from '../workstream/workstream-messages.ts';

/** A run and all that belongs to it at one moment, folded from the events. The rules that span machines read it and change nothing. */
export interface RunView {
  readonly run: Run;
  /** What the run does about a failure where neither task nor workstream says so. */
  readonly onFailure: FailurePolicy;
  readonly phases: readonly Phase[];
  readonly workstreams: readonly Workstream[];
  readonly tasks: readonly Task[];
  readonly steps: readonly Step[];
  /** Who waits for whom, among tasks and among workstreams. */
  readonly dependencies: readonly ViewDependency[];
  /** Workers that hold a task of this run, or held one. */
  readonly workers: readonly Worker[];
  readonly checks: readonly GateCheck[];
  readonly patches: readonly Patch[];
  /** What a person has decided about failures that were escalated; such a failure without a decision is still open. */
  readonly decisions: readonly FailureDecision[];
}

/** What a person wants done about a failed task. */
export interface FailureDecision {
  readonly taskId: string;
  readonly policy: Exclude<FailurePolicy, 'escalate'>;
}

/** One edge of the plan. */
export interface ViewDependency {
  /** Upstream. */
  readonly fromId: string;
  /** Waits. */
  readonly toId: string;
  readonly condition: DependencyCondition;
}

/** What upstream must have come to: done as planned, done or failed, or over in whatever way. */
export type DependencyCondition = 'success' | 'finished' | 'always';

/** One command of a rule that spans machines. A rule answers a list, children before parent, that one transaction carries out in order. */
export type SpanStep =
  | { readonly entity: 'run'; readonly id: string; readonly command: RunCommand }
  | { readonly entity: 'phase'; readonly id: string; readonly command: PhaseCommand }
  | { readonly entity: 'workstream'; readonly id: string; readonly command: WorkstreamCommand }
  | { readonly entity: 'task'; readonly id: string; readonly command: TaskCommand }
  | { readonly entity: 'step'; readonly id: string; readonly command: StepCommand }
  | { readonly entity: 'worker'; readonly id: string; readonly command: WorkerCommand }
  | { readonly entity: 'gate_check'; readonly id: string; readonly command: GateCheckCommand }
  | { readonly entity: 'patch'; readonly id: string; readonly command: PatchCommand };

/** What must follow outside the lifecycles, in the same transaction. */
export type SpanEffect =
  | { readonly type: 'release_reservations'; readonly taskId: string }
  | { readonly type: 'free_locks'; readonly taskId: string }
  | { readonly type: 'set_sandbox_aside'; readonly workerId: string };

/** What a rule that spans machines comes to. */
export interface SpanPlan {
  readonly steps: readonly SpanStep[];
  readonly effects: readonly SpanEffect[];
}
