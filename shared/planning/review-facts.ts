import type { Burn } from '#shared/cost/index.ts';
import type { Day, Ms } from '#shared/kernel/index.ts';
import type { Session, Task } from '#shared/variance/index.ts';
import type { NamedRow } from './project-pattern.ts';

/** How often somebody looks back: on a day, or on the week up to it. */
export type ReviewKind = 'daily' | 'weekly';

/** Where a task's scheduled start puts it among the sprints. */
export type TaskPlace =
  | { readonly kind: 'sprint'; readonly sprintId: string }
  | { readonly kind: 'unscheduled' | 'no_sprint_row' | 'overlap' };

/** What a review needs of a task beside its variance. */
export interface TaskDetail {
  readonly place: TaskPlace;
  /** The estimate as it stands now. Units: ms. */
  readonly estimateMs?: Ms;
}

/** The sprint a review looks at; its last day counts whole. */
export interface ReviewSprint extends NamedRow {
  readonly startDate: Day;
  readonly endDate: Day;
  /** Which share of its hours should be billable, where somebody has said. */
  readonly billableTarget?: number;
}

/** A gate that a run or project has to pass by a day. */
export interface ReviewGate {
  readonly gateId: string;
  readonly name: string;
  /** Rows it belongs to. */
  readonly rowIds: readonly string[];
  readonly dueDate: Day;
  readonly isMet: boolean;
}

/** A budget and where it stands. */
export interface ReviewBudget extends NamedRow {
  readonly burn: Burn;
}

/** Everything a review looks at. Row ids are the doc's. */
export interface ReviewFacts {
  readonly kind: ReviewKind;
  /** The day reviewed, or the last day of the week reviewed. What came later is left out. */
  readonly date: Day;
  /** The zone whose days count. */
  readonly timeZone: string;
  /** With their lineage in workflow, process template, project and venture. */
  readonly tasks: readonly Task[];
  readonly sessions: readonly Session[];
  readonly details: ReadonlyMap<string, TaskDetail>;
  /** Names of workflows, templates and ventures by row id. */
  readonly names: ReadonlyMap<string, string>;
  /** What people wrote about runs, by run id. */
  readonly notes: ReadonlyMap<string, string>;
  readonly billableProjects: ReadonlySet<string>;
  /** The one sprint around the day; absent where there is none, or several that overlap. */
  readonly sprint?: ReviewSprint;
  /** Sprint rows that all cover the day, so that no sprint can be told. */
  readonly overlappingSprints: readonly NamedRow[];
  readonly people: readonly NamedRow[];
  readonly gates: readonly ReviewGate[];
  readonly budgets: readonly ReviewBudget[];
  /** Weeks the money lasts, where somebody has said. */
  readonly runwayWeeks?: number;
}
