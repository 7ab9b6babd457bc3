import { toComparable } from '#shared/planning/index.ts';
import {
  classifyTemplate,
  stepsOf,
  type TemplateClass,
  type TemplateFacts,
} from './classify-template.ts';
import {
  findMade,
  linkOf,
  type MigrationDoc,
  type MigrationRow,
  rowsOf,
  textOf,
} from './migration-doc.ts';
import { isOpen, type MigrationDraft, madeKey } from './migration-draft.ts';
import type { MigrationRule, PlannedValue } from './migration-plan.ts';

/** Where an old template is among the new tables. */
export interface TemplatePlace {
  readonly process?: MigrationRow;
  readonly resource?: MigrationRow;
}

const STATUSES = ['Draft', 'Active', 'Deprecated'];
const CHOICES = ['process', 'resource', 'skip'];

/** Where an old template is: under its key, else as the only row of its name, which a person has made before. */
export function findTemplate(doc: MigrationDoc, old: MigrationRow): TemplatePlace {
  const process = find(doc, 'process_templates', old);
  const resource = find(doc, 'resource_templates', old);
  return {
    ...(process === undefined ? {} : { process }),
    ...(resource === undefined ? {} : { resource }),
  };
}

function find(
  doc: MigrationDoc,
  table: 'process_templates' | 'resource_templates',
  old: MigrationRow,
): MigrationRow | undefined {
  const made = findMade(doc, table, madeKey(old.rowId));
  if (made !== undefined) return made;
  const isNamesake = ({ name }: MigrationRow): boolean => isSame(name, old.name);
  // Two old templates of one name cannot both be the row a person made.
  if (rowsOf(doc, 'db_templates').filter(isNamesake).length > 1) return undefined;
  const [only, second] = rowsOf(doc, table).filter(isNamesake);
  return second === undefined ? only : undefined;
}

/** Whether two names are the same to a person; blank ones never are. */
export const isSame = (one: string, other: string): boolean =>
  one.trim() !== '' && toComparable(one) === toComparable(other);

/** Sorts the old templates into the two new tables; the doubtful ones wait for a person. */
export function planTemplates(draft: MigrationDraft): void {
  for (const old of draft.rows('db_templates')) {
    const place = findTemplate(draft.doc, old);
    if (place.process !== undefined || place.resource !== undefined) continue;
    const facts = toFacts(old);
    const verdict = classifyTemplate(facts);
    const decision = verdict.kind === 'doubtful' ? askFor(draft, old, verdict.because) : undefined;
    const kind = decision ?? verdict.kind;
    if (kind === 'process') makeProcess(draft, old, verdict);
    if (kind === 'resource') makeResource(draft, old, verdict);
  }
}

/** Projects keep their template: the relation to the old table is followed to the row it has become. */
export function planTemplateLinks(draft: MigrationDraft): void {
  const table = 'projects';
  const old = new Map(draft.rows('db_templates').map((row) => [row.rowId, row]));
  const doc = draft.doc;
  for (const row of draft.rows(table)) {
    const from = old.get(linkOf(row, 'old_template')?.rowId ?? '');
    if (from === undefined) continue;
    const place = { table, row, column: 'process_template' } as const;
    const { process, resource } = findTemplate(doc, from);
    const { rowId, name } = row;
    if (process === undefined) {
      if (resource === undefined) continue;
      const message = `its template \`${from.name}\` is a resource template, which no project follows`;
      draft.note({ kind: 'unclear', table, rowId, name, message });
    } else if (isOpen(draft, place)) {
      draft.set(place, draft.toLink('process_templates', process), 'template_link');
    } else if (linkOf(row, 'process_template')?.rowId !== process.rowId) {
      const message = `follows another template than \`${from.name}\`, its old one`;
      draft.note({ kind: 'conflict', table, rowId, name, message });
    }
  }
}

/** What a row of the old templates says of itself. */
const toFacts = (row: MigrationRow): TemplateFacts => ({
  name: row.name,
  type: textOf(row, 'type'),
  checklist: textOf(row, 'checklist'),
  link: textOf(row, 'link'),
  body: textOf(row, 'body'),
});

const askFor = (draft: MigrationDraft, { rowId, name }: MigrationRow, why: string) =>
  draft.ask({ kind: 'template', rowId, name, why, choices: CHOICES });

function makeProcess(draft: MigrationDraft, old: MigrationRow, verdict: TemplateClass): void {
  const key = madeKey(old.rowId);
  const workflow = linkOf(old, 'workflow');
  const to = draft.rows('workflows').find(({ rowId }) => rowId === workflow?.rowId);
  draft.make({
    table: 'process_templates',
    key,
    name: old.name,
    because: verdict.because,
    rule: ruleOf(verdict, 'template_is_process'),
    cells: toCells({
      name: old.name,
      process_template_id: key,
      ...copied(old),
      template_type: verdict.kind === 'process' ? verdict.type : 'Operational',
      checklist: stepsOf(toFacts(old)),
      workflow: to === undefined ? undefined : draft.toLink('workflows', to),
    }),
  });
}

function makeResource(draft: MigrationDraft, old: MigrationRow, verdict: TemplateClass): void {
  const key = madeKey(old.rowId);
  draft.make({
    table: 'resource_templates',
    key,
    name: old.name,
    because: verdict.because,
    rule: ruleOf(verdict, 'template_is_resource'),
    cells: toCells({
      name: old.name,
      resource_template_id: key,
      ...copied(old),
      template_type: verdict.kind === 'resource' ? verdict.type : undefined,
      storage_url: textOf(old, 'link'),
    }),
  });
}

const ruleOf = (verdict: TemplateClass, rule: MigrationRule): MigrationRule =>
  verdict.kind === 'doubtful' ? 'decided' : rule;

/** What both new tables take over as it is; a status they do not know stays behind. */
function copied(old: MigrationRow): Record<string, string | undefined> {
  const status = textOf(old, 'status').toLowerCase();
  return {
    version: textOf(old, 'version'),
    status: STATUSES.find((word) => word.toLowerCase() === status),
  };
}

/** The cells of a row to be made; what is blank or unknown is left out. */
export function toCells(
  values: Readonly<Record<string, string | PlannedValue | undefined>>,
): ReadonlyMap<string, PlannedValue> {
  const cells = new Map<string, PlannedValue>();
  for (const [column, value] of Object.entries(values)) {
    if (value === undefined || value === '') continue;
    cells.set(column, typeof value === 'string' ? { kind: 'text', text: value } : value);
  }
  return cells;
}
