import type { Day, Ms } from '#shared/kernel/index.ts';
import type { DriftState, EstimateSuggestion, TasksForFactor } from '#shared/variance/index.ts';
import type { NamedRow } from './project-pattern.ts';
import type { ReviewBudget, ReviewGate, ReviewKind } from './review-facts.ts';

/** What can drift: a workflow, or one template of it. */
export type PatternGrouping = 'workflow' | 'process_template';

/** What every statement has: the rows it rests on, for whoever wants to look. */
interface Statement {
  readonly rowIds: readonly string[];
}

/** Work of one run within the span. */
export interface SessionStatement extends Statement {
  readonly runId: string;
  readonly taskId: string | null;
  /** The part of its net effort that lies in the span. Units: ms. */
  readonly netMs: Ms;
}

/** A task that was finished in the span. */
export interface FinishedStatement extends Statement {
  readonly taskId: string;
  readonly name: string;
  readonly completedDate: Day;
  /** Every counted run of it, whenever it was. Units: ms. */
  readonly actualMs: Ms;
  /** Null without an estimate. Units: ms. */
  readonly baselineMs: Ms | null;
  /** actual ÷ baseline − 1; null where there is nothing to compare, or parts of it carry the estimate. */
  readonly variance: number | null;
}

/** An estimate that is not the one its task is judged by. */
export interface RevisionStatement extends Statement {
  readonly taskId: string;
  readonly name: string;
  /** Units: ms. */
  readonly baselineMs: Ms;
  /** Units: ms. */
  readonly estimateMs: Ms;
}

/** Where a workflow or template stands after all its finished tasks. */
export interface PatternStatement extends Statement {
  readonly of: PatternGrouping;
  readonly groupId: string;
  readonly name: string;
  readonly state: DriftState;
  /** Finished tasks with a day of completion: what the state rests on. */
  readonly n: number;
  /** Finished tasks with an estimate and time: what typical, total and range rest on. */
  readonly nTasks: number;
  /** Finished tasks still missing until drift is judged; 0 from then on. */
  readonly needed: number;
  readonly sinceDate: Day | null;
  /** How many times as long as before. */
  readonly factor: number | null;
  /** When a slow change may have begun that no window shows. */
  readonly slowChangeSince: Day | null;
  /** How many tasks a change of a factor asks for, while nothing is decided. */
  readonly tasksForFactors: readonly TasksForFactor[];
  readonly typical: number | null;
  readonly total: number | null;
  readonly low: number;
  readonly high: number;
  /** A correction to choose or leave, from 20 finished tasks on. */
  readonly suggestion: EstimateSuggestion | null;
  /** Whether a task of it was finished in the span. */
  readonly isActive: boolean;
}

/** A pattern whose notes name what holds work up, in several tasks. */
export interface BlockerStatement extends Statement {
  readonly of: PatternGrouping;
  readonly groupId: string;
  readonly name: string;
  readonly taskIds: readonly string[];
  readonly runIds: readonly string[];
}

/** The sprint around the day, planned and done. Units: ms. */
export interface SprintStatement extends Statement {
  readonly name: string;
  readonly plannedBillableMs: Ms;
  readonly actualBillableMs: Ms;
  /** Null where nothing billable was planned. */
  readonly share: number | null;
  /** All effort of the sprint's days, billable or not. */
  readonly actualMs: Ms;
  /** Effort of the sprint's days on what was not planned for it. */
  readonly unplannedMs: Ms;
  /** Open tasks without a day. */
  readonly unscheduledTasks: number;
  readonly unscheduledMs: Ms;
}

/** Too little billable work for the money that is left: a warning, and never a block. */
export interface RunwayStatement extends Statement {
  readonly weeks: number;
  /** Billable share of the span's effort; null without any. */
  readonly billableShare: number | null;
  /** The sprint's own target; null where nobody set one. */
  readonly target: number | null;
}

/** Finished tasks against the week before. */
export interface TrendStatement extends Statement {
  readonly finished: number;
  readonly before: number;
  /** Whether it is 30 % or more below a week of at least 10; fewer say nothing. */
  readonly isFewer: boolean;
}

/** One pattern as it goes in one venture. */
export interface VenturePattern extends Statement {
  readonly venture: string;
  readonly n: number;
  /** Null below 5 tasks, where a median says nothing. */
  readonly typical: number | null;
  readonly low: number;
  readonly high: number;
}

/** A pattern of one name in several ventures, side by side. */
export interface VentureStatement extends Statement {
  readonly of: PatternGrouping;
  readonly name: string;
  readonly ventures: readonly VenturePattern[];
}

/** What a day or a week says. An empty part has nothing to say, and nothing is made up for it. */
export interface Review {
  readonly kind: ReviewKind;
  readonly from: Day;
  readonly to: Day;
  readonly timeZone: string;
  readonly patterns: readonly PatternStatement[];
  readonly blockers: readonly BlockerStatement[];
  readonly overdueGates: readonly ReviewGate[];
  readonly budgetsAhead: readonly ReviewBudget[];
  readonly runway: RunwayStatement | null;
  readonly sprint: SprintStatement | null;
  readonly overlappingSprints: readonly NamedRow[];
  readonly trend: TrendStatement | null;
  readonly sessions: readonly SessionStatement[];
  readonly finished: readonly FinishedStatement[];
  readonly revisions: readonly RevisionStatement[];
  /** People who logged something in the four weeks before, and nothing in the span. */
  readonly loggedNothing: readonly NamedRow[];
  readonly ventures: readonly VentureStatement[];
}
