import type { Day, Ms } from '#shared/kernel/index.ts';

/** A row by its id and what it is called. */
export interface NamedRow {
  readonly rowId: string;
  readonly name: string;
}

/** How finished work of a pattern went against its estimates: ratios, 1 = as estimated. */
export interface PatternEvidence {
  /** What the tasks have in common. */
  readonly of: 'process_template' | 'workflow' | 'all_work';
  /** Finished tasks it rests on. */
  readonly n: number;
  /** Four of five tasks end between these multiples of their estimate. */
  readonly low: number;
  readonly high: number;
  /** The multiple to correct an estimate by. */
  readonly ratio: number;
}

/** A process template, and what it hangs below. */
export interface PatternTemplate extends NamedRow {
  readonly workflow: NamedRow;
  /** One step a line; see {@link parseChecklist}. */
  readonly checklist: string;
  readonly evidence: PatternEvidence;
}

/** What an offer says about how its work goes. */
export interface ProjectPattern {
  readonly offer: NamedRow;
  readonly blueprint?: NamedRow;
  /** The blueprint's workflows that are still in use. */
  readonly workflows: readonly NamedRow[];
  /** Their templates that are still in use, in the order of the doc. */
  readonly templates: readonly PatternTemplate[];
}

/** An engagement the doc already has. */
export interface KnownEngagement extends NamedRow {
  readonly externalId?: string;
  readonly offerId?: string;
}

/** A project the doc already has. */
export interface KnownProject extends NamedRow {
  readonly externalId?: string;
  readonly engagementId?: string;
  readonly templateId?: string;
}

/** A task the doc already has. */
export interface KnownTask extends NamedRow {
  readonly externalId?: string;
  readonly projectId?: string;
  readonly estimateMs?: Ms;
  /** Whether its estimate or its day could not be read, so that nobody knows whether they differ. */
  readonly isUnreadable?: true;
  readonly scheduledStart?: Day;
}

/** What is there already, whoever made it. */
export interface KnownWork {
  readonly engagements: readonly KnownEngagement[];
  readonly projects: readonly KnownProject[];
  readonly tasks: readonly KnownTask[];
  /** Keys of rows that were made from a proposal before: one that is gone was deleted by a person. */
  readonly madeKeys: ReadonlySet<string>;
}
