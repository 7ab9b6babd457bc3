import type { Day, Ms } from '#shared/kernel/index.ts';
import type { NamedRow, PatternEvidence } from './project-pattern.ts';

/** A row to link to: one the doc has, or another of the same proposal by its key. */
export type RowReference =
  | { readonly kind: 'existing'; readonly rowId: string }
  | { readonly kind: 'proposed'; readonly key: string };

/** Which pattern a task comes from, down to the step. */
export interface StepLineage {
  readonly offer: NamedRow;
  readonly blueprint: NamedRow;
  readonly workflow: NamedRow;
  readonly template: NamedRow;
  /** The step's place in the checklist, from 1. */
  readonly step: number;
}

/** Where a task will probably end, beside the estimate a person gave. */
export interface StepForecast extends PatternEvidence {
  /** Units: ms. */
  readonly lowMs: Ms;
  /** Units: ms. */
  readonly highMs: Ms;
  /** A correction a person may accept, never written over the estimate; null below 20 finished tasks. Units: ms. */
  readonly suggestedMs: Ms | null;
}

/** What every row to be made has. */
interface NewRow {
  /** Stands for this row for good: made twice under one key, it is the same row. It goes into `external_id`. */
  readonly key: string;
  readonly name: string;
  /** Why it is proposed, in words. */
  readonly reason: string;
}

/** An engagement to be made. */
export interface ProposedEngagement extends NewRow {
  readonly table: 'engagements';
  readonly offerId: string;
}

/** A project to be made. */
export interface ProposedProject extends NewRow {
  readonly table: 'projects';
  readonly engagement: RowReference;
  readonly templateId: string;
}

/** A task to be made. It is a draft: a person sets it going. */
export interface ProposedTask extends NewRow {
  readonly table: 'tasks';
  readonly status: 'Draft';
  readonly project: RowReference;
  /** The template's own estimate. Units: ms. */
  readonly estimateMs?: Ms;
  readonly scheduledStart: Day;
  /** Absent without an estimate. */
  readonly forecast?: StepForecast;
  readonly lineage: StepLineage;
}

/** A row to be made; a proposal never changes or deletes one that is there. */
export type ProposedRow = ProposedEngagement | ProposedProject | ProposedTask;

/** Where a row that is there is not as the pattern has it. A person may have wanted it so: it is named and left. */
export type ProposalDifference =
  | {
      readonly kind: 'renamed';
      readonly rowId: string;
      readonly planned: string;
      readonly found: string;
    }
  | {
      readonly kind: 're_estimated';
      readonly rowId: string;
      readonly name: string;
      /** Null where there is none. Units: ms. */
      readonly plannedMs: Ms | null;
      readonly foundMs: Ms | null;
    }
  | {
      readonly kind: 'rescheduled';
      readonly rowId: string;
      readonly name: string;
      readonly planned: Day;
      readonly found: Day | null;
    }
  /** It hangs below another row than planned: a task below another project, a project below another engagement or template. */
  | { readonly kind: 'moved'; readonly rowId: string; readonly name: string }
  /** Its key was made before and no row carries it any more. */
  | { readonly kind: 'deleted'; readonly key: string; readonly name: string }
  /** A task of the project that no step of the checklist stands for. */
  | { readonly kind: 'unplanned'; readonly rowId: string; readonly name: string }
  /** Rows that carry the key of another one: it was copied. */
  | { readonly kind: 'copied'; readonly rowId: string; readonly name: string };

/** What planning an offer comes to. */
export interface ProjectProposal {
  readonly name: string;
  readonly offer: NamedRow;
  readonly blueprint: NamedRow;
  /** In the order in which they can be made: what is linked to comes first. */
  readonly rows: readonly ProposedRow[];
  /** Planned rows that are there already. */
  readonly present: number;
  readonly differences: readonly ProposalDifference[];
  /** Workflows that no template gives steps for. */
  readonly workflowsWithoutSteps: readonly NamedRow[];
}

/** Why an offer cannot be planned. */
export type ProposalRefusal =
  | { readonly code: 'NAME_BLANK' }
  | { readonly code: 'DAY_INVALID'; readonly received: string }
  | { readonly code: 'OFFER_WITHOUT_BLUEPRINT'; readonly offer: string }
  | { readonly code: 'BLUEPRINT_WITHOUT_WORKFLOW'; readonly blueprint: string }
  | { readonly code: 'NO_STEPS'; readonly workflows: readonly string[] };
