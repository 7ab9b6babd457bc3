import { type Ms, msToHours } from '#shared/kernel/index.ts';
import type {
  ProjectProposal,
  ProposalDifference,
  ProposedRow,
  ProposedTask,
  StepForecast,
} from '#shared/planning/index.ts';
import type { PlanMade } from '#worker/plan/index.ts';

const NAME_MAX = 40;
const OF: Readonly<Record<StepForecast['of'], string>> = {
  process_template: 'of this template',
  workflow: 'of this workflow',
  all_work: 'of all work',
};

/** A proposal as people read it on a terminal: what would be made, then what differs and stays. */
export function describeProposal(proposal: ProjectProposal): string {
  const { name, offer, blueprint, rows, present, differences, workflowsWithoutSteps } = proposal;
  const outside = workflowsWithoutSteps.map(({ name: workflow }) => workflow).join(', ');
  return [
    `${name}: ${offer.name} → ${blueprint.name}`,
    ...rows.flatMap(describeRow),
    ...describeForecasts(rows),
    `${toCount(rows.length, 'row')} to make, ${present} there already`,
    ...(differences.length === 0 ? [] : ['Different from the pattern, and left as it is:']),
    ...differences.map((difference) => `  ${describeDifference(difference)}`),
    ...(outside === '' ? [] : [`Without a checklist: ${outside}`]),
  ].join('\n');
}

/** What came of making a proposal's rows, as people read it on a terminal. */
export function describeMade({ made, status, keys, differences }: PlanMade): string {
  const { engagements, projects, tasks } = made;
  const counts = [
    toCount(engagements, 'engagement'),
    toCount(projects, 'project'),
    toCount(tasks, 'task'),
  ].join(', ');
  const missing = differences.map(({ table, key, message }) => `  ${table} \`${key}\`: ${message}`);
  return [
    keys.length === 0 && missing.length === 0
      ? 'Nothing was to be made.'
      : `Made in the doc: ${counts}.`,
    ...describeStatus(tasks, status),
    ...(missing.length === 0 ? [] : ['Not yet as it was sent; the same command goes on:']),
    ...missing,
  ].join('\n');
}

function describeStatus(tasks: number, status: string | null): readonly string[] {
  if (tasks === 0 || status === 'Draft') return [];
  const why = 'the doc has no status `Draft`';
  return [
    status === null
      ? `The tasks have no status, since ${why} and no \`Not started\`.`
      : `The tasks are \`${status}\`, since ${why}.`,
  ];
}

const toCount = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

function describeRow(row: ProposedRow): readonly string[] {
  switch (row.table) {
    case 'engagements':
      return [`  engagement  ${row.name}`];
    case 'projects':
      return [`  project     ${row.name} (${row.reason})`];
    case 'tasks':
      return [
        `  ${row.scheduledStart}  ${shorten(row.name).padEnd(NAME_MAX)}  ${toEffortText(row)}`,
      ];
  }
}

function toEffortText({ estimateMs, forecast }: ProposedTask): string {
  if (estimateMs === undefined || forecast === undefined) return 'no estimate';
  const { lowMs, highMs, suggestedMs } = forecast;
  const range = `${toHours(lowMs)}–${toHours(highMs)}`;
  const offer =
    suggestedMs === null || toHours(suggestedMs) === toHours(estimateMs)
      ? ''
      : `; ${toHours(suggestedMs)} may be wiser`;
  return `${toHours(estimateMs)} h, typically ${range}${offer}`;
}

/** What the ranges rest on, once for each template. */
function describeForecasts(rows: readonly ProposedRow[]): readonly string[] {
  const lines = rows.flatMap((row) => {
    if (row.table !== 'tasks' || row.forecast === undefined) return [];
    const { n, of } = row.forecast;
    const why =
      n === 0 ? 'no finished task yet: ranges of work at large' : `${n} finished tasks ${OF[of]}`;
    return [`  ranges of ${row.lineage.template.name} rest on ${why}`];
  });
  return [...new Set(lines)];
}

function describeDifference(difference: ProposalDifference): string {
  switch (difference.kind) {
    case 'renamed':
      return `renamed: ${difference.planned} is now ${difference.found}`;
    case 're_estimated': {
      const { name, plannedMs, foundMs } = difference;
      return `estimated anew: ${name}, ${toEstimate(plannedMs)} in the template, ${toEstimate(foundMs)} in the task`;
    }
    case 'rescheduled': {
      const { name, planned, found } = difference;
      return `on another day: ${name}, ${found ?? 'no day'} instead of ${planned}`;
    }
    case 'moved':
      return `linked elsewhere: ${difference.name}`;
    case 'deleted':
      return `deleted: ${difference.name}`;
    case 'unplanned':
      return `in no checklist: ${difference.name}`;
    case 'copied':
      return `a copy of a planned row: ${difference.name}`;
  }
}

const toHours = (ms: Ms): string => msToHours(ms).toFixed(1);

const toEstimate = (ms: Ms | null): string => (ms === null ? 'none' : `${toHours(ms)} h`);

const shorten = (name: string): string =>
  name.length > NAME_MAX ? `${name.slice(0, NAME_MAX - 1)}…` : name;
