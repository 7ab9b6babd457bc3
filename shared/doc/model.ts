import type { Day, Instant, Ms } from '#shared/kernel/index.ts';

/** A link to another row: its stable row id, and the name it shows. */
export interface RowLink {
  readonly rowId: string;
  readonly name: string;
}

/** An amount of money as the doc shows it. */
export interface MoneyCell {
  /** Decimal text. */
  readonly amount: string;
  /** ISO 4217; empty where the column is one of plain numbers, which say no currency. */
  readonly currency: string;
}

/** What every row has. */
export interface DocRow {
  /** Coda's row id, `i-…`. */
  readonly rowId: string;
  /** The display column's text. */
  readonly name: string;
  /** Columns whose cell could not be read: what rests on them is unknown, not blank. Absent where all could. */
  readonly unreadable?: readonly string[];
}

/** service_blueprints, ventures: only their names matter to the numbers. */
export interface PatternRow extends DocRow {
  /** Deprecated patterns still resolve, with a flag. */
  readonly isDeprecated?: true;
}

/** offers. */
export interface OfferRow extends DocRow {
  readonly venture?: RowLink;
  readonly serviceBlueprint?: RowLink;
}

/** engagements. */
export interface EngagementRow extends DocRow {
  readonly externalId?: string;
  readonly offer?: RowLink;
  readonly budget?: MoneyCell;
}

/** workflows. */
export interface WorkflowRow extends PatternRow {
  readonly externalId?: string;
  readonly serviceBlueprint?: RowLink;
}

/** process_templates. */
export interface ProcessTemplateRow extends PatternRow {
  readonly workflow?: RowLink;
  /** Such as `Operational` or `Communication`. */
  readonly templateType?: string;
  /** One step a line. */
  readonly checklist?: string;
  /** Gates in the words of their grammar. */
  readonly requiredGates?: string;
}

/** projects. */
export interface ProjectRow extends DocRow {
  readonly externalId?: string;
  readonly engagement?: RowLink;
  readonly processTemplate?: RowLink;
  readonly isBillable: boolean;
  readonly budget?: MoneyCell;
  /** Gates in the words of their grammar. */
  readonly requiredGates?: string;
}

/** deliverables: what a project or a task hands over. */
export interface DeliverableRow extends DocRow {
  readonly project?: RowLink;
  readonly task?: RowLink;
  /** Where it lies. */
  readonly link?: string;
}

/** people. */
export interface PersonRow extends DocRow {
  readonly externalId?: string;
  readonly email?: string;
  /** What an hour costs, as it stands now. */
  readonly costRate?: MoneyCell;
  /** What an hour is billed at, as it stands now. */
  readonly billableRate?: MoneyCell;
}

/** tasks. */
export interface TaskRow extends DocRow {
  readonly externalId?: string;
  readonly project?: RowLink;
  readonly parent?: RowLink;
  readonly status: string;
  /** The estimate as it stands now; blank and unreadable cells are absent. */
  readonly estimateMs?: Ms;
  /** The estimate frozen at the task's first run. */
  readonly baselineMs?: Ms;
  readonly scheduledStart?: Day;
  readonly scheduledEnd?: Day;
  readonly completedOn?: Day;
  /** Who is to do it. */
  readonly assignee?: RowLink;
  /** What has to be done before it. */
  readonly dependsOn?: readonly RowLink[];
  /** When its row was made. */
  readonly createdAt?: Instant;
}

/** sprints; the last day counts whole. */
export interface SprintRow extends DocRow {
  readonly startDay?: Day;
  readonly endDay?: Day;
  readonly capacityMs?: Ms;
  /** Which share of its hours should be billable: 0.6 is 60 %. */
  readonly billableTarget?: number;
}

/** finance_snapshot: how the money stood on a day. */
export interface FinanceRow extends DocRow {
  readonly date?: Day;
  /** How long the money lasts. Units: weeks. */
  readonly runwayWeeks?: number;
}

/** execution_runs: one stretch of work each. */
export interface ExecutionRunRow extends DocRow {
  readonly runId?: string;
  readonly runType?: string;
  readonly task?: RowLink;
  readonly project?: RowLink;
  readonly engagement?: RowLink;
  readonly processTemplate?: RowLink;
  readonly workflow?: RowLink;
  readonly startedAt?: Instant;
  readonly endedAt?: Instant;
  /** Stored net effort, from actual_hours. */
  readonly netMs?: Ms;
  /** Pauses, from interrupt_minutes. */
  readonly interruptMs?: Ms;
  readonly outcomeNotes?: string;
  readonly executedBy?: RowLink;
  readonly createdAt?: Instant;
}

/** One row of the Ledger table: text in every column, "" where blank. */
export interface LedgerTableRow {
  readonly rowId: string;
  readonly title: string;
  readonly kind: string;
  readonly state: string;
  readonly key: string;
  readonly stream: string;
  readonly type: string;
  readonly at: string;
  readonly by: string;
  readonly data: string;
  readonly outcome: string;
  readonly seq: string;
}

/** What was read of a Founder HQ doc; a table that was not asked for or does not exist is empty. */
export interface FounderHqDoc {
  readonly docId: string;
  readonly serviceBlueprints: readonly PatternRow[];
  readonly ventures: readonly PatternRow[];
  readonly offers: readonly OfferRow[];
  readonly engagements: readonly EngagementRow[];
  readonly workflows: readonly WorkflowRow[];
  readonly processTemplates: readonly ProcessTemplateRow[];
  readonly projects: readonly ProjectRow[];
  readonly people: readonly PersonRow[];
  readonly tasks: readonly TaskRow[];
  readonly sprints: readonly SprintRow[];
  readonly executionRuns: readonly ExecutionRunRow[];
  /** Absent where the doc has no such table or nobody asked for it. */
  readonly deliverables?: readonly DeliverableRow[];
  /** Absent where nobody asked for it. */
  readonly finance?: readonly FinanceRow[];
}
