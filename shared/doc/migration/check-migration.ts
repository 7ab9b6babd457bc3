import { placeInSprint } from '../sprint.ts';
import {
  dayOf,
  isInUse,
  linkOf,
  linksOf,
  type MigrationDoc,
  type MigrationRow,
  rowsOf,
  textOf,
  toSprintRows,
} from './migration-doc.ts';
import { type MigrationDecisions, type MigrationPlan, questionId } from './migration-plan.ts';
import { MIGRATION_TABLES, type MigrationTable } from './migration-tables.ts';
import { formerSprintOf } from './plan-task-dates.ts';
import { findTemplate } from './plan-templates.ts';

/** What a doc was before anything was written: held against it ever after. */
export interface MigrationBaseline {
  /** Row ids by table. */
  readonly rowIds: Readonly<Partial<Record<MigrationTable, readonly string[]>>>;
  /** The sprint's row id by that of the task. */
  readonly sprintOf: Readonly<Record<string, string>>;
}

/** The name of a check. */
export type MigrationCheckName =
  | 'tasks_in_sprint'
  | 'templates_once'
  | 'offers_have_blueprint'
  | 'blueprints_have_workflow'
  | 'links_lead_somewhere'
  | 'nothing_deleted';

/** What one check found. */
export interface MigrationCheck {
  readonly name: MigrationCheckName;
  /** How many rows were looked at. */
  readonly rows: number;
  /** What does not hold, a row each. */
  readonly failures: readonly MigrationFailure[];
}

/** One row for which a check does not hold. */
export interface MigrationFailure {
  readonly table: MigrationTable;
  readonly rowId: string;
  readonly name: string;
  readonly message: string;
}

/** Against what a doc is checked. */
export interface MigrationCheckFacts {
  readonly baseline: MigrationBaseline;
  readonly decisions: MigrationDecisions;
  /** What is still to be decided. */
  readonly questions: MigrationPlan['questions'];
}

/** What has to be remembered of a doc before anything is written. */
export function toBaseline(doc: MigrationDoc): MigrationBaseline {
  const sprints = toSprintRows(doc);
  const pairs = rowsOf(doc, 'tasks').flatMap((task): [string, string][] => {
    const former = formerSprintOf(task, sprints);
    return former.kind === 'sprint' ? [[task.rowId, former.sprint.rowId]] : [];
  });
  const rowIds = MIGRATION_TABLES.flatMap(({ name }) => {
    const rows = doc.get(name)?.rows;
    return rows === undefined ? [] : [[name, rows.map(({ rowId }) => rowId)]];
  });
  return { rowIds: Object.fromEntries(rowIds), sprintOf: Object.fromEntries(pairs) };
}

/** Whether a doc is what its migration promises; of the doc as it is, or of the one a plan would make. */
export const checkMigration = (
  doc: MigrationDoc,
  facts: MigrationCheckFacts,
): readonly MigrationCheck[] => [
  checkTasks(doc, facts),
  checkTemplates(doc, facts),
  checkOffers(doc),
  checkBlueprints(doc),
  checkLinks(doc),
  checkDeleted(doc, facts),
];

function checkTasks(
  doc: MigrationDoc,
  { baseline: { sprintOf }, decisions }: MigrationCheckFacts,
): MigrationCheck {
  const sprints = toSprintRows(doc);
  const names = new Map(sprints.map(({ rowId, name }) => [rowId, name]));
  const tasks = rowsOf(doc, 'tasks').filter(({ rowId }) => sprintOf[rowId] !== undefined);
  const failures = tasks.flatMap((task) => {
    const had = sprintOf[task.rowId] ?? '';
    const place = placeInSprint(dayOf(task, 'scheduled_start_date'), sprints);
    if (place.kind === 'sprint' && place.sprint.rowId === had) return [];
    // A person has looked at it and wants the task where its date puts it.
    if (decisions.get(questionId({ kind: 'task_dates', ...task })) === 'date') return [];
    const now = place.kind === 'sprint' ? `in \`${place.sprint.name}\`` : PLACES[place.kind];
    return fail('tasks', task, `was in \`${names.get(had) ?? had}\` and is ${now}`);
  });
  return { name: 'tasks_in_sprint', rows: tasks.length, failures };
}

const PLACES = {
  unscheduled: 'without a start',
  no_sprint_row: 'on a day that no sprint covers',
  overlap: 'on a day that several sprints cover',
} as const;

function checkTemplates(
  doc: MigrationDoc,
  { decisions, questions }: MigrationCheckFacts,
): MigrationCheck {
  const rows = rowsOf(doc, 'db_templates');
  const open = new Set(questions.map(questionId));
  const failures = rows.flatMap((old) => {
    const { process, resource } = findTemplate(doc, old);
    if (process !== undefined && resource !== undefined)
      return fail('db_templates', old, 'is in both of the new tables');
    if (process !== undefined || resource !== undefined) return [];
    const question = questionId({ kind: 'template', ...old });
    if (open.has(question)) return fail('db_templates', old, 'waits for a decision');
    if (decisions.get(question) === 'skip') return [];
    return fail('db_templates', old, 'is in none of the new tables');
  });
  return { name: 'templates_once', rows: rows.length, failures };
}

function checkOffers(doc: MigrationDoc): MigrationCheck {
  const rows = rowsOf(doc, 'offers').filter(isInUse);
  const failures = rows
    .filter((offer) => linkOf(offer, 'service_blueprint') === undefined)
    .flatMap((offer) => fail('offers', offer, 'has no blueprint'));
  return { name: 'offers_have_blueprint', rows: rows.length, failures };
}

function checkBlueprints(doc: MigrationDoc): MigrationCheck {
  const rows = rowsOf(doc, 'service_blueprints').filter(isInUse);
  const workflows = rowsOf(doc, 'workflows').filter(isInUse);
  const served = new Set(workflows.map((row) => linkOf(row, 'service_blueprint')?.rowId));
  const failures = rows
    .filter(({ rowId }) => !served.has(rowId))
    .flatMap((row) => fail('service_blueprints', row, 'has no workflow'));
  return { name: 'blueprints_have_workflow', rows: rows.length, failures };
}

/** Relations of the core's tables; the row they show may have been deleted, or never have been one. */
function checkLinks(doc: MigrationDoc): MigrationCheck {
  const ids = new Map<string, ReadonlySet<string>>(
    [...doc].map(([table, { rows }]) => [table, new Set(rows.map((row) => row.rowId))]),
  );
  const rows = MIGRATION_TABLES.flatMap(({ name }) => rowsOf(doc, name).flatMap(linksOf));
  const failures = MIGRATION_TABLES.flatMap(({ name: table, columns }) => {
    const relations = columns.filter(({ type }) => type === 'lookup');
    return rowsOf(doc, table).flatMap((row) =>
      relations.flatMap(({ name, lookupTable = '' }) => {
        const message = judgeLink(row, name, ids.get(lookupTable));
        return message === undefined ? [] : fail(table, row, `\`${name}\` ${message}`);
      }),
    );
  });
  return { name: 'links_lead_somewhere', rows: rows.length, failures };
}

/** What is wrong with a relation. Shape: `targets` is absent where the table it leads to was not read. */
function judgeLink(
  row: MigrationRow,
  column: string,
  targets: ReadonlySet<string> | undefined,
): string | undefined {
  const links = linksOf(row).filter((link) => link.column === column);
  const lost = links.find(({ to }) => targets?.has(to.rowId) === false);
  if (lost !== undefined) return `leads to a deleted row, \`${lost.to.name}\``;
  const isText = links.length === 0 && textOf(row, column) !== '';
  return isText ? 'is a text that leads nowhere' : undefined;
}

function checkDeleted(doc: MigrationDoc, { baseline }: MigrationCheckFacts): MigrationCheck {
  let count = 0;
  const failures: MigrationFailure[] = [];
  for (const { name: table } of MIGRATION_TABLES) {
    const there = new Set(rowsOf(doc, table).map(({ rowId }) => rowId));
    for (const rowId of baseline.rowIds[table] ?? []) {
      count += 1;
      if (!there.has(rowId))
        failures.push({ table, rowId, name: rowId, message: 'was there before and is gone' });
    }
  }
  return { name: 'nothing_deleted', rows: count, failures };
}

const fail = (
  ...[table, { rowId, name }, message]: [MigrationTable, MigrationRow, string]
): readonly MigrationFailure[] => [{ table, rowId, name, message }];
