import type { Day, Ms } from '#shared/kernel/index.ts';
import type { EarnedValue, EarningRule, Session, Task } from '#shared/variance/index.ts';
import type { FinishDates, FinishQuestion } from './finish-model.ts';
import type { FinishedWork } from './ratio-history.ts';
import type { ScopeGrowth } from './scope-growth.ts';
import type { CapacityLimit, PersonCapacity } from './work-calendar.ts';

/** What is planned of a task beside what its runs say. */
export interface TaskPlan {
  /** Who is to do it; nobody is named where absent. */
  readonly personId?: string | undefined;
  /** The estimate as it stands now. Units: ms. */
  readonly estimateMs?: Ms | undefined;
  /** When it is to begin: of two open tasks the one with the earlier day is done first. */
  readonly scheduledDate?: Day | undefined;
  /** When it is to be done. */
  readonly dueDate?: Day | undefined;
  /** When it was thought of. */
  readonly addedDate?: Day | undefined;
  /** Tasks that have to be done before it. */
  readonly dependsOn: readonly string[];
}

/** Work, done and open, as a forecast looks at it. */
export interface ForecastFacts {
  /** With their lineage in project and workflow, in the order in which open ones are to be done. */
  readonly tasks: readonly Task[];
  readonly sessions: readonly Session[];
  /** By task id; a task without one has no plan but its estimate. */
  readonly plans: ReadonlyMap<string, TaskPlan>;
  /** Sprints and the like, in which all people together do no more than so much. */
  readonly limits: readonly CapacityLimit[];
  /** Who does what nobody is named for; absent where that is not known. */
  readonly onlyPersonId?: string;
  /** Finished tasks that are told apart from these. */
  readonly moreFinished?: readonly FinishedWork[];
}

/** What is asked of the work. */
export interface ForecastRequest {
  /** The first day of what is left, and the day up to which work is due. */
  readonly date: Day;
  readonly targetDate?: Day;
  /** What each person works; empty for those nobody is named for. */
  readonly capacityOf: (personId: string) => Omit<PersonCapacity, 'personId'>;
  readonly seed: number;
  /** @default 1000 */
  readonly draws?: number;
  /** How far all tasks of a future go better or worse together. @default 0.1 for one person, 0.2 for several */
  readonly commonSd?: NonNullable<FinishQuestion['commonSd']>;
  /** @default '0/100' */
  readonly rule?: EarningRule;
}

/** Why a project has no date. */
export type NoFinishReason =
  | 'nothing open'
  /** Open tasks are there, and none can be simulated. */
  | 'nothing to simulate'
  /** Somebody has no capacity for what is left, or none within ten years. */
  | 'never';

/** When a project will be finished, and what of it no date speaks of. Tasks are named by id. */
export interface ProjectFinish extends FinishDates {
  /** Why a date is missing; null where none is. */
  readonly reason: NoFinishReason | null;
  readonly simulated: number;
  /** Finished tasks with a ratio in the workflows of those: what the futures are drawn from before anything else. */
  readonly finishedAlike: number;
  /** Who is to do them; empty for those nobody is named for. */
  readonly personIds: readonly string[];
  /** Σ estimate of the tasks simulated, as it stands now. Units: ms. */
  readonly estimateMs: Ms;
  readonly unestimatedTaskIds: readonly string[];
  readonly waitingTaskIds: readonly string[];
  /** What those wait for, of whatever project: the tasks without an estimate that hold them up. */
  readonly waitedForTaskIds: readonly string[];
  readonly assumedTaskIds: readonly string[];
  readonly beyondTaskIds: readonly string[];
  readonly cycleTaskIds: readonly string[];
  /** What open tasks are said to wait for and nobody knows: taken for done. */
  readonly unknownDependsOn: readonly string[];
  /** Simulated tasks nobody is named for. */
  readonly unassignedTaskIds: readonly string[];
  /** People with open tasks of it, and no capacity at all. */
  readonly withoutCapacity: readonly string[];
}

/** One project: its dates, its growth and its earned value, each by itself. */
export interface ProjectForecast {
  /** The project's id; absent for the work of no project. */
  readonly projectId?: string;
  readonly openTasks: number;
  readonly finishedTasks: number;
  /** Tasks nobody means to do any more. */
  readonly droppedTasks: number;
  readonly finish: ProjectFinish;
  /** What was added lately: in no date. */
  readonly growth: ScopeGrowth;
  /** Tasks of which nobody knows when they were added. */
  readonly undatedTasks: number;
  readonly earned: EarnedValue;
}

/** What a person is taken to work, and what they have logged. */
export interface PersonPace {
  /** Empty for those nobody is named for. */
  readonly personId: string;
  /** Open tasks of all projects, whether or not they can be simulated. */
  readonly tasks: number;
  /** What they are taken to work from Monday to Sunday. Units: ms. */
  readonly weekMs: readonly Ms[];
  /** What they logged on average a weekday of the four weeks before; null where they logged nothing. Units: ms, not rounded. */
  readonly loggedMs: number | null;
}

/**
 * All projects with a task or a run, in the order of their ids, and who is to do what is open. Σ spent of the projects and what
 * leads to several is Σ of all counted runs.
 */
export interface WorkForecast {
  readonly projects: readonly ProjectForecast[];
  /** Finished tasks with a ratio, whatever workflow they are of; without any, the built-in ratios answer alone. */
  readonly finishedWithRatio: number;
  readonly people: readonly PersonPace[];
  /** Open tasks whose links lead to several projects: simulated, since they take their people's time, and in no project. */
  readonly conflictTaskIds: readonly string[];
  /** Counted runs of that kind, whatever their tasks are, and what they took: in no project. Units: ms. */
  readonly conflictRuns: number;
  readonly conflictSpentMs: Ms;
}
