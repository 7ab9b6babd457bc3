import { type Ms, msToHours } from '#shared/kernel/index.ts';
import { toNeedWords } from '#shared/variance/index.ts';
import type {
  FinishedStatement,
  PatternStatement,
  Review,
  SprintStatement,
  TrendStatement,
  VentureStatement,
} from './review-model.ts';

/** A review is read in a minute: no text of one is longer. */
export const REVIEW_LINES = 40;
const LIST_MAX = 8;
const SHORT_LIST_MAX = 3;

/**
 * A review in plain text, what asks for a decision first: drift, blockers, gates, budgets, runway; then the sprint, the
 * trend, what was finished and worked on; then what compares. At most {@link REVIEW_LINES} lines.
 */
export function reviewText(review: Review): string {
  const { kind, from, to, timeZone } = review;
  const head = kind === 'daily' ? `Day ${to}` : `Week ${from} to ${to}`;
  const lines = [...listUrgent(review), ...listWork(review), ...listEvidence(review)];
  const shown = lines.length < REVIEW_LINES ? lines : lines.slice(0, REVIEW_LINES - 2);
  const rest = lines.length - shown.length;
  return [
    `${head} (${timeZone})`,
    ...shown,
    ...(rest === 0 ? [] : [`… and ${rest} more lines`]),
  ].join('\n');
}

function listUrgent(review: Review): readonly string[] {
  const { patterns, blockers, overdueGates, budgetsAhead, runway, overlappingSprints } = review;
  return [
    ...patterns.flatMap(describeDrift),
    ...blockers.map(
      ({ name, taskIds, runIds }) =>
        `Held up: ${taskIds.length} tasks of ${name} say so in their notes (runs ${runIds.join(', ')})`,
    ),
    ...overdueGates.map(({ name, dueDate }) => `Gate overdue, due ${dueDate}: ${name}`),
    ...budgetsAhead.map(({ name, burn: { usedShare, pace } }) => {
      const used = usedShare === null ? 'spent' : `${toPercent(usedShare)} used`;
      return `Budget ${name}: ${used}${pace === null ? '' : `, ${pace.toFixed(2)} times its pace`}`;
    }),
    ...(runway === null ? [] : [describeRunway(runway)]),
    ...(overlappingSprints.length === 0
      ? []
      : [`Sprints overlap: ${overlappingSprints.map(({ name }) => name).join(', ')}`]),
  ];
}

function describeDrift(pattern: PatternStatement): readonly string[] {
  const { state, name, n, sinceDate, factor, rowIds, slowChangeSince } = pattern;
  const evidence = `${rowIds.length} of ${n} tasks`;
  switch (state) {
    case 'drifting_over':
    case 'drifting_under': {
      const change = `×${(factor ?? 1).toFixed(2)} since ${sinceDate ?? 'an unknown day'}`;
      const line = `Drift: ${name} takes ${change} (${evidence}); ${toTypical(pattern)}`;
      return [line, ...describeSuggestion(pattern)];
    }
    case 'conflict':
      return [`Unclear: measures of ${name} contradict each other; ${toTypical(pattern)}`];
    case 'stable':
      return slowChangeSince === null
        ? []
        : [`Slow change suspected in ${name} since ${slowChangeSince}, not proved (n ${n})`];
    case 'insufficient':
      return [];
  }
}

function describeSuggestion({ suggestion, name }: PatternStatement): readonly string[] {
  if (suggestion === null) return [];
  const { ratio, low, high, n } = suggestion;
  const range = `four of five end between ×${low.toFixed(2)} and ×${high.toFixed(2)}`;
  return [`  next estimates of ${name} may be taken ×${ratio.toFixed(2)} (${range}, n ${n})`];
}

const toTypical = ({ typical, total, nTasks }: PatternStatement): string =>
  `typical ${toSigned(typical)}, total ${toSigned(total)} (n ${nTasks})`;

function describeRunway({ weeks, billableShare, target }: NonNullable<Review['runway']>): string {
  const worked = billableShare === null ? 'nothing was worked' : `${toPercent(billableShare)} was`;
  const aim = target === null ? '' : `, ${toPercent(target)} is the sprint’s target`;
  return `Runway ${weeks} weeks: at least 60 % should be billable, ${worked}${aim}`;
}

function listWork(review: Review): readonly string[] {
  const { sprint, trend, finished, sessions, loggedNothing, revisions } = review;
  const netMs = sessions.reduce((sum, session) => sum + session.netMs, 0);
  const idle = loggedNothing.map(({ name }) => name).join(', ');
  return [
    ...(sprint === null ? [] : describeSprint(sprint)),
    ...(trend === null ? [] : [describeTrend(trend)]),
    ...shorten(finished.map(describeFinished), LIST_MAX, 'finished tasks'),
    ...(sessions.length === 0
      ? []
      : [`Worked: ${toHours(netMs)} in ${count(sessions.length, 'run')}`]),
    ...(idle === '' ? [] : [`Logged nothing: ${idle}`]),
    ...shorten(
      revisions.map(
        ({ name, baselineMs, estimateMs }) =>
          `Estimated anew: ${name}, ${toHours(baselineMs)} at its start, ${toHours(estimateMs)} now`,
      ),
      SHORT_LIST_MAX,
      'new estimates',
    ),
  ];
}

function describeSprint(sprint: SprintStatement): readonly string[] {
  const { name, plannedBillableMs, actualBillableMs, share, unplannedMs } = sprint;
  const { unscheduledTasks, unscheduledMs } = sprint;
  const done = share === null ? '' : ` (${toPercent(share)})`;
  const beside = [
    ...(unplannedMs === 0 ? [] : [`${toHours(unplannedMs)} of work not planned for it`]),
    ...(unscheduledTasks === 0
      ? []
      : [`${count(unscheduledTasks, 'open task')} without a day, ${toHours(unscheduledMs)}`]),
  ];
  const planned = `${toHours(plannedBillableMs)} billable planned`;
  return [
    `Sprint ${name}: ${planned}, ${toHours(actualBillableMs)} done${done}`,
    ...(beside.length === 0 ? [] : [`  beside it: ${beside.join('; ')}`]),
  ];
}

const describeTrend = ({ finished, before, isFewer }: TrendStatement): string =>
  `Finished: ${count(finished, 'task')}, ${before} the week before${isFewer ? `: ${toPercent(1 - finished / before)} fewer` : ''}`;

function describeFinished({ name, actualMs, baselineMs, variance }: FinishedStatement): string {
  const against = baselineMs === null ? 'no estimate' : `estimated ${toHours(baselineMs)}`;
  const far = variance === null ? '' : `: ${toSigned(variance)}`;
  return `Done: ${name}, ${toHours(actualMs)}, ${against}${far}`;
}

function listEvidence({ patterns, ventures }: Review): readonly string[] {
  const few = patterns.filter(({ state, isActive }) => state === 'insufficient' && isActive);
  return [
    ...shorten(ventures.map(describeVentures), SHORT_LIST_MAX, 'patterns in several ventures'),
    ...shorten(
      few.map(
        ({ name, n, needed }) =>
          `${name}: n too small (${n}), ${toNeedWords(needed)} finished tasks`,
      ),
      SHORT_LIST_MAX,
      'patterns with too few tasks',
    ),
  ];
}

function describeVentures({ name, ventures }: VentureStatement): string {
  const each = ventures.map(({ venture, n, typical, low, high }) => {
    const middle = typical === null ? 'too few for a typical one' : `typical ${toSigned(typical)}`;
    return `${venture} ${middle}, ×${low.toFixed(1)}–${high.toFixed(1)} (n ${n})`;
  });
  return `${name}: ${each.join(' | ')}`;
}

function shorten(lines: readonly string[], max: number, what: string): readonly string[] {
  if (lines.length <= max) return lines;
  return [...lines.slice(0, max), `  and ${lines.length - max} more ${what}`];
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

/** One decimal, and none where it is 0. */
const toTenths = (value: number): string => `${Math.round(Math.abs(value) * 10) / 10}`;

const toPercent = (share: number): string => `${toTenths(share * 100)} %`;

function toSigned(variance: number | null): string {
  if (variance === null) return 'unknown';
  const digits = toTenths(variance * 100);
  if (digits === '0') return '0 %';
  return `${variance < 0 ? '-' : '+'}${digits} %`;
}

const toHours = (ms: Ms): string => `${Math.round(msToHours(ms) * 100) / 100} h`;
