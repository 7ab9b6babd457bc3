import type { ViewRun } from '#shared/ledger/index.ts';
import type { KnownWork, PatternEvidence, ProjectPattern } from '#shared/planning/index.ts';
import {
  type GroupVariance,
  MEASURED_FROM,
  varianceByGroupings,
  varianceOf,
} from '#shared/variance/index.ts';
import { toVarianceInput } from './inspect-work.ts';
import type { FounderHqDoc, OfferRow, ProcessTemplateRow, TaskRow } from './model.ts';
import type { ReadableTable } from './row-parser.ts';
import { toWord } from './task-status.ts';
import { createLedgerRun } from './workflow-variance.ts';

/** The tables a project is planned from. */
export const PROJECT_PLAN_TABLES = [
  'service_blueprints',
  'offers',
  'engagements',
  'workflows',
  'process_templates',
  'projects',
  'tasks',
  'execution_runs',
] as const satisfies readonly ReadableTable[];

/**
 * What an offer says about how its work goes: offer → service blueprint → workflows → process templates, as far as they
 * are in use. Communication templates are no list of tasks and are left out.
 */
export function toProjectPattern(
  doc: FounderHqDoc,
  offer: OfferRow,
  runs: readonly ViewRun[] = [],
): ProjectPattern {
  const { serviceBlueprint: link } = offer;
  const blueprint = doc.serviceBlueprints.find(({ rowId }) => rowId === link?.rowId);
  const workflows = doc.workflows.filter(
    ({ serviceBlueprint, isDeprecated }) =>
      isDeprecated !== true &&
      blueprint !== undefined &&
      serviceBlueprint?.rowId === blueprint.rowId,
  );
  const workflowOf = new Map(workflows.map((workflow) => [workflow.rowId, workflow]));
  const findEvidence = createEvidence(doc, runs);
  return {
    offer: toNamed(offer),
    ...(blueprint === undefined ? {} : { blueprint: toNamed(blueprint) }),
    workflows: workflows.map(toNamed),
    templates: doc.processTemplates.filter(isTaskList).flatMap((template) => {
      const workflow = workflowOf.get(template.workflow?.rowId ?? '');
      if (workflow === undefined) return [];
      return {
        ...toNamed(template),
        workflow: toNamed(workflow),
        checklist: template.checklist ?? '',
        evidence: findEvidence(template.rowId, workflow.rowId),
      };
    }),
  };
}

/** The engagements, projects and tasks a doc has, as planning compares them. Keys are those of rows that were made from a proposal before. */
export const toKnownWork = (
  doc: FounderHqDoc,
  madeKeys: ReadonlySet<string> = new Set(),
): KnownWork => ({
  madeKeys,
  engagements: doc.engagements.map((row) => ({
    ...toNamed(row),
    ...toExternal(row),
    ...(row.offer === undefined ? {} : { offerId: row.offer.rowId }),
  })),
  projects: doc.projects.map((row) => ({
    ...toNamed(row),
    ...toExternal(row),
    ...(row.engagement === undefined ? {} : { engagementId: row.engagement.rowId }),
    ...(row.processTemplate === undefined ? {} : { templateId: row.processTemplate.rowId }),
  })),
  tasks: doc.tasks.map((row) => ({
    ...toNamed(row),
    ...toExternal(row),
    ...toPlanned(row),
    ...(row.project === undefined ? {} : { projectId: row.project.rowId }),
  })),
});

const toNamed = ({ rowId, name }: { readonly rowId: string; readonly name: string }) => ({
  rowId,
  name,
});

const toExternal = ({ externalId }: { readonly externalId?: string }) =>
  externalId === undefined ? {} : { externalId };

function toPlanned({ estimateMs, scheduledStart, unreadable = [] }: TaskRow) {
  const isUnreadable = PLANNED_COLUMNS.some((column) => unreadable.includes(column));
  return {
    ...(estimateMs === undefined ? {} : { estimateMs }),
    ...(scheduledStart === undefined ? {} : { scheduledStart }),
    ...(isUnreadable ? ({ isUnreadable: true } as const) : {}),
  };
}

const PLANNED_COLUMNS = ['estimated_hours', 'scheduled_start_date'];

const isTaskList = ({ templateType = '', isDeprecated }: ProcessTemplateRow): boolean =>
  isDeprecated !== true && toWord(templateType) !== 'communication';

/**
 * The finished work a template's estimates are judged by: its own from 20 tasks on, else whichever of its own and its
 * workflow's is more, else what is known of work at large.
 */
function createEvidence(
  doc: FounderHqDoc,
  runs: readonly ViewRun[],
): (templateId: string, workflowId: string) => PatternEvidence {
  const groupings = ['process_template', 'workflow'] as const;
  const ledgerRuns = runs.map(createLedgerRun(doc));
  const { tasks, sessions } = toVarianceInput(doc, ledgerRuns, { groupings });
  const variance = varianceByGroupings(tasks, sessions, groupings);
  const find = (of: (typeof groupings)[number], id: string): PatternEvidence | undefined => {
    const group = variance.get(of)?.find((one) => one.bucket === 'resolved' && one.group === id);
    return group === undefined || group.nTasks === 0 ? undefined : toEvidence(of, group);
  };
  const prior = toPriorEvidence();
  return (templateId, workflowId) => {
    const own = find('process_template', templateId);
    const wider = find('workflow', workflowId);
    const isOwn = own !== undefined && (own.n >= MEASURED_FROM || own.n >= (wider?.n ?? 0));
    return (isOwn ? own : wider) ?? prior;
  };
}

const toEvidence = (
  of: PatternEvidence['of'],
  { nTasks, p10, p50, p90 }: GroupVariance,
): PatternEvidence => ({ of, n: nTasks, low: p10, high: p90, ratio: p50 });

/** Work of which nothing is known yet: the range of two empty columns is that of all sizes together. */
function toPriorEvidence(): PatternEvidence {
  const nothing = varianceOf([], []);
  const { low, high } = nothing.ok ? nothing.value : { low: 1, high: 1 };
  return { of: 'all_work', n: 0, low, high, ratio: 1 };
}
