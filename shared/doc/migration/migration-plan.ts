import type { CellValue } from '#shared/coda/index.ts';
import type { Day } from '#shared/kernel/index.ts';
import type { MigrationDoc } from './migration-doc.ts';
import type { MadeTable, MigrationTable } from './migration-tables.ts';

/** Why a cell or row is written, by the name of the rule. */
export const MIGRATION_RULES = {
  template_is_process: 'a template that says how to work is a process template',
  template_is_resource: 'a template to work with is a resource template',
  template_link: 'a project keeps its template, in the table it is in now',
  task_start: 'a task starts when its sprint does',
  task_end: 'a task without an end is due when its sprint ends',
  offer_blueprint: 'an offer has the blueprint that its name or its projects lead to',
  blueprint_made: 'an offer without a blueprint gets a first one',
  workflow_blueprint: 'a workflow belongs to the blueprint that its name or its work leads to',
  workflow_made: 'a blueprint without a workflow gets a first one',
  template_workflow:
    'a process template belongs to the workflow that its name or its work leads to',
  decided: 'a person decided so',
} as const;
/** The name of one of {@link MIGRATION_RULES}. */
export type MigrationRule = keyof typeof MIGRATION_RULES;

/** What a cell is to hold. */
export type PlannedValue =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'day'; readonly day: Day }
  /** A row of another table: `key` where the migration makes it, whose row id nobody knows yet. */
  | {
      readonly kind: 'row';
      readonly table: MigrationTable;
      readonly rowId: string;
      readonly name: string;
      readonly key?: string;
    };

/** One cell or row a migration writes. */
export type MigrationChange =
  | {
      readonly kind: 'cell';
      readonly table: MigrationTable;
      readonly rowId: string;
      readonly name: string;
      readonly column: string;
      readonly before: CellValue;
      readonly after: PlannedValue;
      readonly rule: MigrationRule;
    }
  | {
      readonly kind: 'row';
      readonly table: MadeTable;
      /** What its key column holds. */
      readonly key: string;
      readonly name: string;
      /** By the core's name of the column, the key among them. */
      readonly cells: ReadonlyMap<string, PlannedValue>;
      readonly rule: MigrationRule;
      /** What in the row itself made the rule fit. */
      readonly because: string;
    };

/** What a change is remembered by: the same for the same cell or row of every plan. */
export const changeId = (change: MigrationChange): string =>
  change.kind === 'row'
    ? `row ${change.table} ${change.key}`
    : cellId(change.table, change.rowId, change.column);

/** What a change of a cell is remembered by. */
export const cellId = (...[table, rowId, column]: [MigrationTable, string, string]): string =>
  `cell ${table} ${rowId} ${column}`;

/** What a person may be asked about a row. */
export type QuestionKind =
  | 'template'
  | 'task_dates'
  | 'offer_blueprint'
  | 'workflow_blueprint'
  | 'template_workflow';

/** What only a person can decide. Until then the row is left as it is. */
export interface MigrationQuestion {
  readonly kind: QuestionKind;
  readonly rowId: string;
  readonly name: string;
  readonly why: string;
  /** The answers that are taken. */
  readonly choices: readonly string[];
}

/** What a person has decided, by {@link questionId}. */
export type MigrationDecisions = ReadonlyMap<string, string>;

/** What a decision is found by. */
export const questionId = ({ kind, rowId }: Pick<MigrationQuestion, 'kind' | 'rowId'>): string =>
  `${kind} ${rowId}`;

/** Something to know that is nobody's to decide in the migration. */
export interface MigrationNote {
  readonly kind: 'conflict' | 'left' | 'unclear';
  readonly table: MigrationTable;
  readonly rowId: string;
  readonly name: string;
  readonly message: string;
}

/** All a migration would do to a doc. */
export interface MigrationPlan {
  /** In the order in which one may rest on another. */
  readonly changes: readonly MigrationChange[];
  readonly questions: readonly MigrationQuestion[];
  /** Decisions that are none of the answers a question takes. */
  readonly misfits: readonly { readonly question: MigrationQuestion; readonly given: string }[];
  readonly notes: readonly MigrationNote[];
  /** The doc as it would be. Made rows have their key for a row id. */
  readonly after: MigrationDoc;
}
