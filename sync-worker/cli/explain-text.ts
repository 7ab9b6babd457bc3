import { dayAt, MINUTE_MS, type Ms, msToHours, toEpochMs } from '#shared/kernel/index.ts';
import {
  type ExplainedRun,
  type ExplainedTask,
  type Explanation,
  type GroupVariance,
  LAST_EDGE_MS,
  type PriorClass,
  SHRINKAGE,
  toNeedWords,
  toStateWords,
} from '#shared/variance/index.ts';
import { toFixedText } from './number-text.ts';
import type { WorkSource } from './work-options.ts';
import { toRefusedLines } from './work-text.ts';

/** The explanation of a workflow, what it is called, and what of its source it takes to tell it truly. */
export interface ExplainedWork extends Pick<WorkSource, 'refused' | 'timeZone'> {
  readonly explanation: Explanation;
  readonly called: string;
}

const STANDING_TEXTS: Readonly<Record<ExplainedTask['standing'], string>> = {
  sample: 'counts',
  sums: 'counts in the total, under the estimates below it',
  open: 'left out: not finished',
  dropped: 'left out: nobody means to do it any more',
  no_estimate: 'left out: no estimate',
  estimates_below:
    'left out: the estimates are those of the tasks below it, and none of them counts here',
  late_estimate: 'left out: first estimated after work had begun',
  no_time: 'left out: no time recorded',
  unconfirmed: 'left out: a run may be a forgotten timer',
  conflict: 'left out: leads to several groups',
};

/** An explanation as one JSON object; hours and ratios unrounded. */
export function toExplanationJson({ explanation, called, refused }: ExplainedWork): object {
  const { group, tasks, strayRuns, ratios, shrinkage } = explanation;
  const { estimateMs, actualMs, typical, total, p10, p50, p90, nTasks, excluded, drift } = group;
  return {
    workflow: called,
    workflowId: group.group,
    tasks: tasks.map(({ runs, revisions, ...task }) => ({
      taskId: task.taskId,
      name: task.name,
      kind: task.kind,
      standing: task.standing,
      refusedLines: findRefused(task.taskId, refused).map(({ line }) => line),
      completedOn: task.completedDate ?? null,
      baselineHours: task.baselineMs === undefined ? null : msToHours(task.baselineMs),
      actualHours: msToHours(task.actualMs),
      runs: runs.map(toRunJson),
      revisions: revisions.map(({ estimateMs: given, at }) => ({
        estimateHours: msToHours(given),
        at: at ?? null,
      })),
    })),
    strayRuns: strayRuns.map(toRunJson),
    refused,
    excluded,
    nTasks,
    estimateHours: msToHours(estimateMs),
    actualHours: msToHours(actualMs),
    ratios,
    typical,
    total,
    looks: group.looks,
    shrinkage:
      shrinkage === undefined
        ? null
        : {
            ...shrinkage,
            classes: shrinkage.classes.map(({ upToMs, ...rest }) => ({
              upToHours: upToMs === undefined ? null : msToHours(upToMs),
              ...rest,
            })),
          },
    p10,
    p50,
    p90,
    drift,
  };
}

const toRunJson = ({ runId, standing, netMs, wallMs }: ExplainedRun) => ({
  runId,
  standing,
  netMinutes: netMs / MINUTE_MS,
  wallMinutes: wallMs === null ? null : wallMs / MINUTE_MS,
});

/** The explanation as people read it, one step after the other. */
export function describeExplanation(explained: ExplainedWork): string {
  const { explanation, called, refused } = explained;
  const { group, tasks, strayRuns } = explanation;
  return [
    `How the variance of ${called} comes about`,
    '',
    '1. Runs into tasks: each task takes the sum of its runs; the estimate is the one in force when the first began.',
    ...[...tasks].sort(compareTasks).flatMap((task) => toTaskLines(task, explained)),
    ...strayRuns.map((run) => `   without a task: ${toRunText(run)}`),
    '',
    ...toRatioLines(explanation),
    '',
    ...toRangeLines(explanation),
    '',
    `4. Drift: ${toDriftText(group)}`,
    ...toRefusedLines(refused).flatMap((line) => ['', `Not read, and in none of this: ${line}`]),
  ].join('\n');
}

/** The day a task was finished; of one that is open the day is only that of its last run. */
const toDoneDate = ({ standing, completedDate }: ExplainedTask) =>
  standing === 'open' ? undefined : completedDate;

/** By the day of completion, those without one last, then by name. */
function compareTasks(one: ExplainedTask, other: ExplainedTask): number {
  const [left, right] = [one, other].map((task) => `${toDoneDate(task) ?? '~'} ${task.name}`);
  return (left ?? '') < (right ?? '') ? -1 : 1;
}

/** Rows of the task file that name a task and cannot be read. */
const findRefused = (taskId: string, refused: WorkSource['refused']) =>
  refused.filter((row) => row.file === 'tasks' && row.taskId === taskId);

function toEstimateText({ baselineMs, kind }: ExplainedTask): string {
  if (baselineMs === undefined) return 'no estimate';
  const replaced = kind === 'own_runs' ? ', replaced by those below it' : '';
  return `estimate ${toHours(baselineMs)}${replaced}`;
}

function toTaskLines(task: ExplainedTask, { refused, timeZone }: ExplainedWork): readonly string[] {
  const { name, kind, runs, actualMs, baselineMs, revisions, standing } = task;
  const doneDate = toDoneDate(task);
  const unread = findRefused(task.taskId, refused);
  const later = revisions.map(
    ({ estimateMs, at }) =>
      `${toHours(estimateMs)}${at === undefined ? '' : ` on ${dayAt(toEpochMs(at), timeZone)}`}`,
  );
  const ratio =
    standing === 'sample' && baselineMs !== undefined
      ? `, ratio ${toHours(actualMs)} ÷ ${toHours(baselineMs)} = ${toText(actualMs / baselineMs)}`
      : '';
  return [
    `   ${name}${kind === 'own_runs' ? ' (its own runs)' : ''}: ${toEstimateText(task)}, actual ${toHours(actualMs)}${ratio}; ${STANDING_TEXTS[standing]}${doneDate === undefined ? '' : ` (${doneDate})`}`,
    ...unread.map(({ line, reason }) => `      not read: line ${line} of the task file, ${reason}`),
    ...(later.length === 0 ? [] : [`      later estimates, not used: ${later.join(', ')}`]),
    ...(runs.length === 0 ? [] : [`      ${runs.map(toRunText).join(' + ')}`]),
  ];
}

/** A run with what it adds, and with its time on the clock where that is not the same. */
function toRunText({ runId, standing, netMs, wallMs }: ExplainedRun): string {
  const clock =
    wallMs === null || wallMs === netMs ? '' : ` (${toText(wallMs / MINUTE_MS)} on the clock)`;
  const adds =
    standing === 'counted' ? `${toText(netMs / MINUTE_MS)} min` : `${standing}, counts 0`;
  return `${runId} ${adds}${clock}`;
}

function toRatioLines({ group, ratios }: Explanation): readonly string[] {
  const { estimateMs, actualMs, typical, total, looks, nTasks, nRuns } = group;
  if (typical === null || total === null) {
    return ['2. No finished task with an estimate and time, so nothing is typical yet.'];
  }
  return [
    `2. ${nTasks} ${nTasks === 1 ? 'ratio' : 'ratios'}, sorted: ${ratios.map(toText).join(' ')}`,
    `   typical: median ${toText(1 + typical)} − 1 = ${toPercent(typical)}`,
    `   total: Σ actual ${toHours(actualMs)} ÷ Σ estimate ${toHours(estimateMs)} − 1 = ${toPercent(total)}`,
    ...(looks === null
      ? []
      : [
          `   looks: mean of ${nRuns} runs ${toHours(actualMs / nRuns)} ÷ mean estimate ${toHours(estimateMs / nTasks)} − 1 = ${toPercent(looks)}, which takes a run for a task`,
        ]),
  ];
}

function toRangeLines({ group, shrinkage }: Explanation): readonly string[] {
  const { p10, p50, p90, nTasks } = group;
  if (shrinkage === undefined) {
    return [`3. Range: ${toRange(group)}, that of all sizes together.`];
  }
  const { own, prior, weight, classes } = shrinkage;
  return [
    `3. Range: its own weight is n ÷ (n + ${SHRINKAGE}) = ${nTasks} ÷ ${nTasks + SHRINKAGE} = ${toText(weight)}; the rest is what is known of tasks of the same size.`,
    `   own P10, P50, P90: ${toRange(own)}`,
    ...classes.map(toClassText),
    `   together, weighed on the ln scale: ${toRange(prior)}`,
    `   range: own^${toText(weight)} · known^${toText(1 - weight)} = ${toText(p10)}, ${toText(p50)}, ${toText(p90)}`,
  ];
}

function toClassText({ upToMs, nSample, nOwn, from, ...range }: PriorClass): string {
  const size = upToMs === undefined ? `above ${toHours(LAST_EDGE_MS)}` : `up to ${toHours(upToMs)}`;
  const source = from === 'built_in' ? 'from the built-in table' : `from ${nOwn} own tasks`;
  return `   ${nSample} × ${size}: ${toRange(range)}, ${source}`;
}

function toDriftText({ drift }: GroupVariance): string {
  const { state, n, needed, z, threshold, sinceDate, factor } = drift;
  if (z === null || threshold === null) {
    return `not judged: ${n} finished tasks with a known day, ${toNeedWords(needed)}.`;
  }
  const test = `strongest change z = ${toFixedText(z, 2)}, has to exceed ±${threshold.toFixed(2)} after ${n} tasks`;
  const found =
    sinceDate === null || factor === null ? '' : `, × ${toText(factor)} since ${sinceDate}`;
  return `${toStateWords(state)}${found}; ${test}.`;
}

const toRange = ({
  p10,
  p50,
  p90,
}: {
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
}): string => [p10, p50, p90].map(toText).join(', ');
const toHours = (ms: Ms): string => `${toText(msToHours(ms))} h`;
/** Four digits that count, and no zeros after them. */
const toText = (value: number): string => String(Number(value.toPrecision(4)));
const toPercent = (variance: number): string =>
  `${variance > 0 ? '+' : ''}${toText(100 * variance)} %`;
