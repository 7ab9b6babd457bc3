import { goOn } from './go-on.ts';
import { linkOf, type MigrationDoc, type MigrationRow, rowsOf } from './migration-doc.ts';
import { MigrationDraft, type MigrationFacts } from './migration-draft.ts';
import type { MigrationPlan } from './migration-plan.ts';
import { planLinks } from './plan-links.ts';
import { planTaskDates } from './plan-task-dates.ts';
import { planTemplateLinks, planTemplates } from './plan-templates.ts';

/**
 * All that a migration would write, each cell and row with its rule; what only a person can decide; and the doc as it would be then. Planned on
 * that doc again, nothing is left to write: what was carried out in part is finished by planning again. Nothing that a cell holds is
 * overwritten but by a decision, and no row is ever taken away.
 */
export function planMigration(doc: MigrationDoc, facts: MigrationFacts): MigrationPlan {
  const draft = new MigrationDraft(doc, facts);
  goOn(draft, facts.begun ?? []);
  planTemplates(draft);
  planTemplateLinks(draft);
  planTaskDates(draft);
  planLinks(draft);
  noteConflicts(draft);
  return draft.toPlan();
}

/** Two ways from a project to a blueprint that do not agree: which is wrong, the doc has to say. */
function noteConflicts(draft: MigrationDraft): void {
  const { doc } = draft;
  const tables = ['process_templates', 'workflows', 'engagements', 'offers'] as const;
  const rows = new Map<string, MigrationRow>(
    tables.flatMap((table) => rowsOf(doc, table).map((row) => [`${table} ${row.rowId}`, row])),
  );
  const follow = (
    from: MigrationRow | undefined,
    column: string,
    to: (typeof tables)[number],
  ): MigrationRow | undefined => {
    const link = from && linkOf(from, column);
    return link && rows.get(`${to} ${link.rowId}`);
  };
  for (const project of draft.rows('projects')) {
    const template = follow(project, 'process_template', 'process_templates');
    const workflow = follow(template, 'workflow', 'workflows');
    const offer = follow(follow(project, 'engagement', 'engagements'), 'offer', 'offers');
    const byWork = workflow && linkOf(workflow, 'service_blueprint');
    const bySale = offer && linkOf(offer, 'service_blueprint');
    if (byWork === undefined || bySale === undefined || byWork.rowId === bySale.rowId) continue;
    const message = `its template leads to the blueprint \`${byWork.name}\`, its offer to \`${bySale.name}\``;
    const { rowId, name } = project;
    draft.note({ kind: 'conflict', table: 'projects', rowId, name, message });
  }
}
