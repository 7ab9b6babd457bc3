import type { FindingCode } from '#shared/doc/index.ts';
import { MINUTE_MS, msToHours, sumOf } from '#shared/kernel/index.ts';
import {
  type GroupVariance,
  type RecordedWork,
  type Session,
  toHoursOf,
  toStateWords,
  type WorkReport,
} from '#shared/variance/index.ts';
import { nameIn } from './pick-named.ts';
import { describeVariance } from './variance-text.ts';
import type { WorkSource } from './work-options.ts';

/** What a doc is found to have that is counted among the flags already. */
const IN_FLAGS: ReadonlySet<FindingCode> = new Set([
  'RUN_DOUBLED',
  'RUN_SUSPECT',
  'RUN_INVALID',
  'RUNS_OVERLAP',
  'RUN_POSSIBLE_DUPLICATE',
  'ESTIMATE_LATE',
  'ESTIMATE_UNFROZEN',
]);

/** Of what is counted, so many are named in text; the others with --json. */
const SHOWN_MAX = 3;

/** What the variance of recorded work shows. */
export interface ShownWork {
  readonly source: WorkSource;
  readonly report: WorkReport;
  /** Whether every task and every overlap is listed. */
  readonly isDetailed: boolean;
}

/** The report as one JSON object: hours and ratios unrounded, a state in plain words. */
export function toWorkJson({ source, report, isDetailed }: ShownWork): object {
  const { overlapMs, ...flags } = report.flags;
  const { refused, oddClocks, names, work, findings } = source;
  return {
    by: report.grouping,
    groups: inOrder(report).map((group) => toGroupJson(group, names)),
    flags: { ...flags, overlapHours: msToHours(overlapMs), refused: refused.length },
    findings: report.treeFindings,
    refused,
    oddClocks,
    ...(findings.length === 0 ? {} : { docFindings: findings }),
    ...(isDetailed
      ? {
          tasks: toTaskDetails(work),
          overlaps: toOverlapDetails(report, names),
          flagged: report.flagged,
        }
      : {}),
  };
}

/** Months one after the other; other groups with the largest gap first. What is in no group comes last. */
function inOrder({ grouping, groups }: WorkReport): readonly GroupVariance[] {
  if (grouping !== 'month') return groups;
  const months = groups.filter(({ bucket }) => bucket === 'resolved');
  const rest = groups.filter(({ bucket }) => bucket !== 'resolved');
  return [...months.sort((one, other) => (one.group < other.group ? -1 : 1)), ...rest];
}

function toGroupJson(group: GroupVariance, names: ReadonlyMap<string, string>) {
  const { nTasks, nRuns, typical, total, p10, p50, p90, bucket, excluded, drift } = group;
  return {
    group: group.group,
    name: nameIn(names, group.group),
    bucket,
    nTasks,
    nRuns,
    nAllRuns: group.nAllRuns,
    ...toHoursOf(group),
    typical,
    total,
    looks: group.looks,
    p10,
    p50,
    p90,
    state: toStateWords(drift.state),
    since: drift.sinceDate,
    neededN: drift.needed,
    factor: drift.factor,
    suggestion: group.suggestion,
    windowTaskIds: drift.windowTaskIds,
    slowChange: drift.slowChange,
    excluded,
  };
}

function toTaskDetails(work: RecordedWork) {
  const runsOf = Map.groupBy(work.sessions, ({ taskId }) => taskId);
  return work.tasks.map((task) => {
    const { taskId, name, parentId, isFinished, completedDate, isEstimateLate } = task;
    const runs = runsOf.get(taskId) ?? [];
    const counted = runs.filter(({ standing }) => standing === 'counted');
    const baseline = work.baselines.get(taskId);
    return {
      taskId,
      name,
      parentId: parentId ?? null,
      isFinished,
      completedOn: completedDate ?? null,
      baselineHours: baseline === undefined ? null : msToHours(baseline.baselineMs),
      lateEstimate: isEstimateLate === true,
      revisions: (baseline?.revisions ?? []).map(({ estimateMs, at }) => ({
        estimateHours: msToHours(estimateMs),
        at: at ?? null,
      })),
      nRuns: counted.length,
      actualHours: msToHours(sumOf(counted.map(({ netMs }) => netMs))),
      runs: runs.map(toRunDetails),
    };
  });
}

const toRunDetails = ({ runId, standing, startedAt, endedAt, netMs }: Session) => ({
  runId,
  standing,
  startedAt: startedAt ?? null,
  endedAt: endedAt ?? null,
  netMinutes: netMs / MINUTE_MS,
});

/** Whose runs lie on top of each other: their lengths together, and the time that at least one of them covers. */
const toOverlapDetails = ({ overlaps }: WorkReport, names: ReadonlyMap<string, string>) =>
  overlaps.map(({ personId, wallMs, unionMs, overlapMs, runIds, pairs }) => ({
    person: nameIn(names, personId),
    wallHours: msToHours(wallMs),
    unionHours: msToHours(unionMs),
    overlapHours: msToHours(overlapMs),
    runIds,
    pairs,
  }));

/** How many rows cannot be read, and the first of them with what is wrong; nothing where all can. */
export function toRefusedLines(
  refused: readonly { readonly file: string; readonly line: number; readonly reason: string }[],
): readonly string[] {
  if (refused.length === 0) return [];
  const texts = refused.map(({ file, line, reason }) => `${file} line ${line}: ${reason}`);
  return [`${refused.length} × rows that cannot be read: ${listSome(texts, ' · ')}`];
}

const ODD_CLOCK_TEXTS = {
  never: 'times that the clocks of the zone leap over, taken an hour later',
  twice:
    'times that the clocks of the zone show twice, the first taken; an offset such as +01:00 tells them apart',
} as const;

function toOddClockLines(oddClocks: WorkSource['oddClocks']): readonly string[] {
  return (['never', 'twice'] as const).flatMap((shown) => {
    const texts = oddClocks
      .filter((odd) => odd.shown === shown)
      .map(({ file, line, text }) => `${file} line ${line}: ${text}`);
    if (texts.length === 0) return [];
    return [`${texts.length} × ${ODD_CLOCK_TEXTS[shown]}: ${listSome(texts, ' · ')}`];
  });
}

/** The first of a list, and how many more there are. */
function listSome(texts: readonly string[], between = ', '): string {
  const more = texts.length - SHOWN_MAX;
  return [...texts.slice(0, SHOWN_MAX), ...(more > 0 ? [`and ${more} more`] : [])].join(between);
}

/** The report as people read it on a terminal: the table, then what was left out and what to look at. */
export function describeWork({ source, report }: ShownWork): string {
  const { refused, oddClocks, tellsCompletion, names, findings } = source;
  const lines = inOrder(report).map((group) => ({
    ...group,
    ...toHoursOf(group),
    name: nameIn(names, group.group),
    state: toStateWords(group.drift.state),
    since: group.drift.sinceDate,
    needed: group.drift.needed,
  }));
  const notes = [
    ...toFlagLines(report),
    ...(tellsCompletion
      ? []
      : [
          'no file says when tasks were completed, so every task of the task file counts as finished',
        ]),
    ...toRefusedLines(refused),
    ...toOddClockLines(oddClocks),
    ...findings
      .filter(({ code }) => !IN_FLAGS.has(code))
      .map(({ message, fix }) => `${message} ${fix}`),
  ];
  const table =
    lines.length === 0
      ? 'No runs and no finished tasks.'
      : describeVariance(lines, report.grouping);
  return [table, ...(notes.length === 0 ? [] : ['', ...notes])].join('\n');
}

function toFlagLines({ flags, flagged }: WorkReport): readonly string[] {
  const { excluded } = flags;
  const overlapHours = msToHours(flags.overlapMs).toFixed(1);
  const lines: readonly (readonly [number, string, (readonly string[])?])[] = [
    [
      flags.suspect,
      'runs of over 24 h on the clock; those without net minutes count 0',
      flagged.suspect,
    ],
    [flags.open, 'runs without an end, which count 0', flagged.open],
    [flags.invalid, 'runs whose times make no sense, which count 0', flagged.invalid],
    [
      flags.overlap,
      `runs on top of others of the same person, ${overlapHours} h in all; they count`,
      flagged.overlap,
    ],
    [
      flags.possibleDuplicate,
      'runs with the task and the start of another; they count',
      flagged.possibleDuplicate,
    ],
    [
      flags.repeated,
      'rows that tell a run again in the same words; it counts once',
      flagged.repeated,
    ],
    [
      flags.mismatch,
      'rows that tell a run again in other words; the first counts',
      flagged.mismatch,
    ],
    [
      flags.undatedEstimate,
      'tasks begun under an estimate without a date, which is taken for given before',
      flagged.undatedEstimate,
    ],
    [excluded.no_estimate, 'finished tasks without an estimate'],
    [
      excluded.estimates_below,
      'finished parents with runs of their own whose tasks below with estimates count elsewhere or not at all',
    ],
    [excluded.late_estimate, 'finished tasks first estimated after work had begun'],
    [excluded.no_time, 'finished tasks without any time recorded'],
    [excluded.unconfirmed, 'finished tasks with a run that may be a forgotten timer'],
    [excluded.conflict, 'finished tasks that lead to several groups'],
  ];
  return lines
    .filter(([count]) => count > 0)
    .map(
      ([count, text, ids]) => `${count} × ${text}${ids === undefined ? '' : `: ${listSome(ids)}`}`,
    );
}
