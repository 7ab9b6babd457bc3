import {
  addDays,
  type Day,
  HOUR_MS,
  type Ms,
  mondayOf,
  type Sha256,
  toCrockfordId,
  weekdayOf,
} from '#shared/kernel/index.ts';
import { MEASURED_FROM } from '#shared/variance/index.ts';
import { type ChecklistStep, parseChecklist, toComparable } from './checklist.ts';
import type { NamedRow, PatternEvidence, PatternTemplate } from './project-pattern.ts';
import type { StepForecast, StepLineage } from './project-proposal.ts';

/** What somebody wants planned. */
export interface ProposalRequest {
  /** What the engagement and its project are called. */
  readonly name: string;
  /** The first day of work; one on a weekend means the Monday after. */
  readonly startDate: Day;
  /** Hours of work a weekday holds, by which steps follow each other. Range: above 0. @default 8 */
  readonly hoursPerDay?: number;
}

/** A project as its template has it, whether or not the doc has it yet. */
export interface PlannedProject {
  readonly key: string;
  readonly name: string;
  readonly template: PatternTemplate;
  readonly steps: readonly PlannedStep[];
}

/** A task as its step has it. */
export interface PlannedStep {
  readonly key: string;
  readonly name: string;
  readonly estimateMs?: Ms;
  readonly scheduledStart: Day;
  readonly forecast?: StepForecast;
  readonly lineage: StepLineage;
}

/** Where the rows of a proposal come from. */
export interface PlanningFrom {
  readonly offer: NamedRow;
  readonly blueprint: NamedRow;
  readonly request: ProposalRequest;
  readonly sha256: Sha256;
}

const USUAL_HOURS_PER_DAY = 8;
const WEEKDAYS = 5;
const KEY_START = 'plan-';

/** Whether an external id was made for a row of a proposal. */
export const isPlanKey = (externalId: string | undefined): boolean =>
  externalId?.startsWith(KEY_START) ?? false;

/** The key of an engagement of an offer under a name. */
export const toEngagementKey = (from: PlanningFrom): string => toKey(from, ['engagement']);

/**
 * One project for each template that has steps, since the runs of a project count under its one template. A lone
 * one is called as asked; of several each has its template's name behind.
 * Keys hold the words of a step and no day, so that a line put between others, or another start, makes no row anew.
 */
export function toPlannedProjects(
  templates: readonly PatternTemplate[],
  from: PlanningFrom,
): readonly PlannedProject[] {
  const withSteps = templates
    .map((template) => ({ template, steps: parseChecklist(template.checklist) }))
    .filter(({ steps }) => steps.length > 0);
  const { name } = from.request;
  return withSteps.map(({ template, steps }) => ({
    key: toKey(from, ['project', template.rowId]),
    name: withSteps.length === 1 ? name.trim() : `${name.trim()} · ${template.name}`,
    template,
    steps: toPlannedSteps(template, steps, from),
  }));
}

function toPlannedSteps(
  template: PatternTemplate,
  steps: readonly ChecklistStep[],
  from: PlanningFrom,
): readonly PlannedStep[] {
  const { offer, blueprint, request } = from;
  const dayMs = (request.hoursPerDay ?? USUAL_HOURS_PER_DAY) * HOUR_MS;
  let beforeMs = 0;
  return steps.map(({ name, occurrence, estimateMs }, index) => {
    const scheduledStart = toWorkday(request.startDate, Math.floor(beforeMs / dayMs));
    beforeMs += estimateMs ?? 0;
    const words = [template.rowId, toComparable(name), `${occurrence}`];
    const { rowId, name: templateName, workflow } = template;
    const templateRow = { rowId, name: templateName };
    return {
      key: toKey(from, ['task', ...words]),
      name,
      scheduledStart,
      lineage: { offer, blueprint, workflow, template: templateRow, step: index + 1 },
      ...(estimateMs === undefined
        ? {}
        : { estimateMs, forecast: toStepForecast(estimateMs, template.evidence) }),
    };
  });
}

/** The range around an estimate, and from 20 finished tasks on a correction to choose or leave. */
function toStepForecast(estimateMs: Ms, evidence: PatternEvidence): StepForecast {
  const { n, low, high, ratio } = evidence;
  return {
    ...evidence,
    lowMs: Math.round(estimateMs * low),
    highMs: Math.round(estimateMs * high),
    suggestedMs: n >= MEASURED_FROM ? Math.round(estimateMs * ratio) : null,
  };
}

/** The weekday a number of weekdays after a day; 0 is the day itself, or the Monday after a weekend. */
function toWorkday(day: Day, later: number): Day {
  const weekday = weekdayOf(day);
  const isWeekend = weekday > WEEKDAYS;
  const monday = addDays(mondayOf(day), isWeekend ? 7 : 0);
  const place = (isWeekend ? 0 : weekday - 1) + later;
  return addDays(monday, Math.floor(place / WEEKDAYS) * 7 + (place % WEEKDAYS));
}

function toKey({ offer, request, sha256 }: PlanningFrom, words: readonly string[]): string {
  const [kind = '', ...rest] = words;
  const content = [kind, offer.rowId, toComparable(request.name), ...rest];
  return `${KEY_START}${toCrockfordId(sha256(JSON.stringify(content)))}`;
}
