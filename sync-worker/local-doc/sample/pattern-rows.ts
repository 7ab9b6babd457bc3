import type { FounderHqTable } from '#shared/doc/index.ts';
import { addDays, type Day, weekNameOf } from '#shared/kernel/index.ts';
import { BLUEPRINTS, ENGAGEMENTS, OFFERS, PEOPLE, VENTURES } from './offerings.ts';
import { WEEKS } from './planned-work.ts';
import { PROJECTS, type ProjectStory } from './project-stories.ts';
import { type SampleRow, type SampleTable, toSampleId } from './sample-table.ts';
import { WORKFLOWS, type WorkflowStory } from './workflow-stories.ts';

const LIVE = { version: 'v1', status: 'Active' } as const;
const CAPACITY_HOURS = 60;
const BILLABLE_SHARE = 0.6;

/** How work should go: everything but tasks and runs, each table after those its relations point to. */
export function createPatternTables(firstMonday: Day): readonly SampleTable[] {
  return [
    table(
      'ventures',
      VENTURES.map((name) => ({ name })),
    ),
    { table: 'people', key: 'external_id', rows: PEOPLE },
    table('service_blueprints', BLUEPRINTS.map(toBlueprintRow)),
    { table: 'workflows', key: 'external_id', rows: WORKFLOWS.map(toWorkflowRow) },
    table('process_templates', [...WORKFLOWS.map(toTemplateRow), OLD_TEMPLATE]),
    table('offers', OFFERS),
    table('engagements', ENGAGEMENTS),
    { table: 'projects', key: 'external_id', rows: PROJECTS.map(toProjectRow) },
    table('sprints', createSprints(firstMonday)),
  ];
}

const table = (name: FounderHqTable, rows: readonly SampleRow[]): SampleTable => ({
  table: name,
  key: 'name',
  rows,
});

/** Kept for its history, as Deprecated rows are. */
const OLD_TEMPLATE: SampleRow = {
  name: 'Refresh in twelve weeks',
  process_template_id: 'PT-000',
  workflow: 'Website Refresh',
  template_type: 'Operational',
  version: 'v0',
  status: 'Deprecated',
};

const toBlueprintRow = (blueprint: SampleRow, index: number): SampleRow => ({
  ...blueprint,
  ...LIVE,
  blueprint_id: toSampleId('SB', index),
});

function toWorkflowRow(workflow: WorkflowStory, index: number): SampleRow {
  const { name, blueprint, automation, steps } = workflow;
  return {
    name,
    external_id: toSampleId('W', index),
    workflow_id: toSampleId('WF', index),
    ...LIVE,
    steps: steps.map(([step]) => step).join('\n'),
    service_blueprint: blueprint,
    estimated_hours: steps.reduce((sum, [, hours]) => sum + hours, 0),
    automation_status: automation,
  };
}

const toTemplateRow = ({ name, template, steps }: WorkflowStory, index: number): SampleRow => ({
  name: template,
  process_template_id: toSampleId('PT', index),
  workflow: name,
  template_type: 'Operational',
  ...LIVE,
  checklist: steps.map(([step, hours]) => `${step} (${hours} h)`).join('\n'),
});

function toProjectRow(project: ProjectStory, index: number): SampleRow {
  const { name, workflow, engagement } = project;
  const row = { name, external_id: toSampleId('PR', index), billable: engagement !== undefined };
  const template = WORKFLOWS.find((candidate) => candidate.name === workflow)?.template;
  if (engagement === undefined || template === undefined) return row;
  return { ...row, engagement, process_template: template };
}

function createSprints(firstMonday: Day): readonly SampleRow[] {
  return Array.from({ length: WEEKS }, (_, week) => {
    const monday = addDays(firstMonday, 7 * week);
    return {
      name: weekNameOf(monday),
      start_date: monday,
      end_date: addDays(monday, 6),
      capacity_hrs: CAPACITY_HOURS,
      billable_pct: BILLABLE_SHARE,
    };
  });
}
