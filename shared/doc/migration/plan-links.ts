import {
  isInUse,
  linkOf,
  type MigrationDoc,
  type MigrationRow,
  rowsOf,
  textOf,
} from './migration-doc.ts';
import { isOpen, MADE_PREFIX, type MigrationDraft, madeKey } from './migration-draft.ts';
import type { MigrationQuestion, MigrationRule, QuestionKind } from './migration-plan.ts';
import { MADE_TABLES } from './migration-tables.ts';
import { isSame, toCells } from './plan-templates.ts';

/** A relation to fill: the rows it may lead to are those that something in the doc implies. */
interface LinkRule {
  readonly table: 'offers' | 'workflows' | 'process_templates';
  readonly column: 'service_blueprint' | 'workflow';
  readonly to: 'service_blueprints' | 'workflows';
  readonly question: QuestionKind;
  readonly rule: MigrationRule;
  readonly candidatesOf: (doc: MigrationDoc, row: MigrationRow) => readonly MigrationRow[];
}

/** A row that is left blank on purpose. */
const NONE = 'none';
/** A first blueprint, though there are others that could be meant. */
const NEW = 'new';

const OFFER_TO_BLUEPRINT: LinkRule = {
  table: 'offers',
  column: 'service_blueprint',
  to: 'service_blueprints',
  question: 'offer_blueprint',
  rule: 'offer_blueprint',
  candidatesOf: (doc, offer) => {
    const inUse = rowsOf(doc, 'service_blueprints').filter(isInUse);
    const made = inUse.find(
      (row) => textOf(row, MADE_TABLES.service_blueprints) === madeKey(offer.rowId),
    );
    if (made !== undefined) return [made];
    const ids = new Set(
      projectsOfOffer(doc, offer).flatMap((project) => {
        const template = follow(doc, project, 'process_template');
        const workflow = template && follow(doc, template, 'workflow');
        return (workflow && linkOf(workflow, 'service_blueprint')?.rowId) ?? [];
      }),
    );
    return inUse.filter(({ rowId, name }) => ids.has(rowId) || isSame(name, offer.name));
  },
};

const WORKFLOW_TO_BLUEPRINT: LinkRule = {
  table: 'workflows',
  column: 'service_blueprint',
  to: 'service_blueprints',
  question: 'workflow_blueprint',
  rule: 'workflow_blueprint',
  candidatesOf: (doc, workflow) => {
    const templates = rowsOf(doc, 'process_templates').filter(
      (template) => linkOf(template, 'workflow')?.rowId === workflow.rowId,
    );
    const ids = new Set(templates.flatMap((template) => blueprintIdsOf(doc, template)));
    const inUse = rowsOf(doc, 'service_blueprints').filter(isInUse);
    return inUse.filter(({ rowId, name }) => ids.has(rowId) || isSame(name, workflow.name));
  },
};

const TEMPLATE_TO_WORKFLOW: LinkRule = {
  table: 'process_templates',
  column: 'workflow',
  to: 'workflows',
  question: 'template_workflow',
  rule: 'template_workflow',
  candidatesOf: (doc, template) => {
    const inUse = rowsOf(doc, 'workflows').filter(isInUse);
    const blueprintIds = new Set(blueprintIdsOf(doc, template));
    const byWork = inUse.filter((row) =>
      blueprintIds.has(linkOf(row, 'service_blueprint')?.rowId ?? ''),
    );
    const byName = inUse.filter(({ name }) => isSame(name, template.name));
    // A name settles which of several it is, where it is one of them.
    const both = byWork.filter((row) => byName.includes(row));
    return both.length === 1 ? both : [...new Set([...byWork, ...byName])];
  },
};

const LINKS = [OFFER_TO_BLUEPRINT, WORKFLOW_TO_BLUEPRINT, TEMPLATE_TO_WORKFLOW];

/** Each round fills at least one cell, so there are never more than cells; a chain of implications is three links long. */
const ROUNDS_MAX = 1_000;

/** Fills blueprint → workflow → process template, and makes a first blueprint and a first workflow where there is none. */
export function planLinks(draft: MigrationDraft): void {
  fillLinks(draft);
  for (const offer of draft.rows('offers')) makeBlueprint(draft, offer);
  fillLinks(draft);
  for (const blueprint of draft.rows('service_blueprints')) makeWorkflow(draft, blueprint);
  fillLinks(draft);
  // Only now is it known what could be meant.
  const doc = draft.doc;
  for (const link of LINKS) {
    for (const row of openRows(draft, link)) {
      const candidates = link.candidatesOf(doc, row);
      if (candidates.length > 1) draft.ask(toQuestion(link, row, candidates));
    }
  }
}

const openRows = (draft: MigrationDraft, { table, column }: LinkRule): readonly MigrationRow[] =>
  draft.rows(table).filter((row) => isInUse(row) && isOpen(draft, { table, row, column }));

function fillLinks(draft: MigrationDraft): void {
  for (let round = 1; round <= ROUNDS_MAX; round += 1) {
    const filled = LINKS.map((link) => fillLink(draft, link));
    if (!filled.includes(true)) return;
  }
}

function fillLink(draft: MigrationDraft, link: LinkRule): boolean {
  let isFilled = false;
  const doc = draft.doc;
  for (const row of openRows(draft, link)) {
    const candidates = link.candidatesOf(doc, row);
    const [first, second] = candidates;
    if (first === undefined) continue;
    const isImplied = second === undefined;
    const chosen = isImplied ? first : decide(draft, toQuestion(link, row, candidates), candidates);
    if (chosen === undefined) continue;
    const place = { table: link.table, row, column: link.column };
    const rule = isImplied ? link.rule : 'decided';
    isFilled = draft.set(place, draft.toLink(link.to, chosen), rule) || isFilled;
  }
  return isFilled;
}

function decide(
  draft: MigrationDraft,
  question: MigrationQuestion,
  candidates: readonly MigrationRow[],
): MigrationRow | undefined {
  const answer = draft.answerTo(question);
  return candidates.find(({ rowId }) => rowId === answer);
}

/** An answer is a row id: names may repeat. */
function toQuestion(
  { table, column, question: kind }: LinkRule,
  { rowId, name }: MigrationRow,
  candidates: readonly MigrationRow[],
): MigrationQuestion {
  const names = candidates.map((each) => `\`${each.name}\` (${each.rowId})`).join(' or ');
  const ids = candidates.map((each) => each.rowId);
  const choices = [...ids, ...(table === 'offers' ? [NEW] : []), NONE];
  return { kind, rowId, name, why: `${column} could be ${names}`, choices };
}

/** An offer that nothing leads to a blueprint gets a first one, named after it. */
function makeBlueprint(draft: MigrationDraft, offer: MigrationRow): void {
  const place = { table: 'offers', row: offer, column: 'service_blueprint' } as const;
  if (!isOpen(draft, place)) return;
  const candidates = OFFER_TO_BLUEPRINT.candidatesOf(draft.doc, offer);
  const question = toQuestion(OFFER_TO_BLUEPRINT, offer, candidates);
  const isNew = candidates.length === 0 || draft.answerTo(question) === NEW;
  if (!isNew) return;
  const key = madeKey(offer.rowId);
  const made = draft.make({
    table: 'service_blueprints',
    key,
    name: offer.name,
    because: `nothing leads the offer \`${offer.name}\` to one`,
    rule: candidates.length === 0 ? 'blueprint_made' : 'decided',
    cells: toCells({ name: offer.name, blueprint_id: key, version: 'v1', status: 'Draft' }),
  });
  if (made === undefined) return;
  draft.set(place, draft.toLink('service_blueprints', made), 'blueprint_made');
}

/** A blueprint that no workflow belongs to, nor could, gets a first one. */
function makeWorkflow(draft: MigrationDraft, blueprint: MigrationRow): void {
  if (!isInUse(blueprint)) return;
  const doc = draft.doc;
  const isHere = ({ rowId }: { readonly rowId: string }): boolean => rowId === blueprint.rowId;
  const has = rowsOf(doc, 'workflows').some((row) => {
    const link = linkOf(row, 'service_blueprint');
    if (link !== undefined) return isInUse(row) && isHere(link);
    return isInUse(row) && WORKFLOW_TO_BLUEPRINT.candidatesOf(doc, row).some(isHere);
  });
  if (has) return;
  const stands = textOf(blueprint, MADE_TABLES.service_blueprints);
  const key = madeKey(stands.startsWith(MADE_PREFIX) ? stands : blueprint.rowId);
  const name = `${blueprint.name} delivery`;
  draft.make({
    table: 'workflows',
    key,
    name,
    because: `no workflow belongs to the blueprint \`${blueprint.name}\``,
    rule: 'workflow_made',
    cells: toCells({
      name,
      workflow_id: key,
      version: 'v1',
      status: 'Draft',
      service_blueprint: draft.toLink('service_blueprints', blueprint),
    }),
  });
}

/** The row one relation of a row leads to. */
function follow(
  doc: MigrationDoc,
  row: MigrationRow,
  column: 'process_template' | 'workflow' | 'engagement' | 'offer',
): MigrationRow | undefined {
  const link = linkOf(row, column);
  return link && rowsOf(doc, `${column}s`).find(({ rowId }) => rowId === link.rowId);
}

const projectsOfOffer = (doc: MigrationDoc, offer: MigrationRow): readonly MigrationRow[] =>
  rowsOf(doc, 'projects').filter((project) => {
    const engagement = follow(doc, project, 'engagement');
    return engagement !== undefined && linkOf(engagement, 'offer')?.rowId === offer.rowId;
  });

/** The blueprints of the offers whose projects follow a template. */
const blueprintIdsOf = (doc: MigrationDoc, template: MigrationRow): readonly string[] =>
  rowsOf(doc, 'projects').flatMap((project) => {
    if (linkOf(project, 'process_template')?.rowId !== template.rowId) return [];
    const engagement = follow(doc, project, 'engagement');
    const offer = engagement && follow(doc, engagement, 'offer');
    return (offer && linkOf(offer, 'service_blueprint')?.rowId) ?? [];
  });
