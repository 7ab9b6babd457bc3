import {
  type GateReading,
  type GateTerms,
  type MeasuredCondition,
  measureCondition,
  VARIANCE_WORDS,
  type VarianceWord,
} from '#shared/lifecycle/index.ts';
import { listSteps } from './checklist.ts';
import { isHandedOver } from './deliverable.ts';
import type { GateScene } from './gate-scene.ts';
import type { DeliverableRow, FounderHqDoc, TaskRow } from './model.ts';
import { FINISHED_STATUSES, isDroppedTask, isFinishedTask, toWord } from './task-status.ts';

/** Where the variance of a workflow stands, and on how many finished tasks. */
export interface DriftReading {
  readonly state: VarianceWord | 'insufficient';
  readonly n: number;
  /** Finished tasks still missing until it is judged. */
  readonly needed: number;
}

/** How much of a project's budget is used. */
export interface BudgetReading {
  /** Units: percent, to be compared and not to be added. Null for a budget of 0. */
  readonly usedPercent: number | null;
  /** Cost lines nobody could price: with them the true share is higher. */
  readonly unpriced: number;
}

/** What gates are read from beside the rows of the run itself. */
export interface GateSources {
  readonly doc: FounderHqDoc;
  /** By the row id of the workflow; nothing where none of its tasks is finished. */
  readonly driftOf: (workflowId: string) => DriftReading | undefined;
  /** Each budget over a project, by its row id; none where nothing is budgeted for it. */
  readonly budgetsOf: (projectId: string) => readonly BudgetReading[];
  /** @default FINISHED_STATUSES */
  readonly finishedStatuses?: readonly string[];
}

const NAMES_MAX = 3;

/** What the doc and the numbers say of a gate now. What they cannot tell is never passed. */
export function readGate(terms: GateTerms, scene: GateScene, sources: GateSources): GateReading {
  switch (terms.kind) {
    case 'client_approval':
      return awaited('nobody has recorded yet whether the client approves');
    case 'tests':
      return awaited(`no result of ${terms.checkType.replace('_', ' ')} has been recorded yet`);
    case 'deliverable_linked':
      return readDeliverables(scene, sources.doc.deliverables);
    case 'checklist_done':
      return readChecklist(scene, sources);
    case 'budget':
      return readBudget(terms, scene, sources);
    case 'variance_state':
      return readVariance(terms.states, scene, sources);
  }
}

function readDeliverables(
  { task, projects }: GateScene,
  deliverables: readonly DeliverableRow[] | undefined,
): GateReading {
  if (deliverables === undefined) return unreadable('the doc has no table deliverables');
  const wanted = new Set([task, ...projects].flatMap((row) => row?.rowId ?? []));
  const handedOver = deliverables.filter((row) => isHandedOver(row, wanted)).length;
  const isUnsure = deliverables.some(({ unreadable: cells = [] }) => cells.length > 0);
  const condition = { metricKey: 'deliverables_linked', op: 'gte', threshold: 1 } as const;
  return measured({
    ...condition,
    unit: 'deliverables',
    // A row whose cells cannot be read may be the one that is missing.
    ...(handedOver === 0 && isUnsure ? {} : { actual: handedOver }),
  });
}

function readChecklist(
  { projects, templates }: GateScene,
  { doc, finishedStatuses = FINISHED_STATUSES }: GateSources,
): GateReading {
  const steps = [...new Set(templates.flatMap(({ checklist = '' }) => listSteps(checklist)))];
  if (steps.length === 0) return unreadable('the process template has no checklist');
  const projectIds = new Set(projects.map(({ rowId }) => rowId));
  const tasks = doc.tasks.filter(({ project }) => projectIds.has(project?.rowId ?? ''));
  const isDone = (task: TaskRow): boolean => isFinishedTask(task, finishedStatuses);
  const named = steps.map((step) => tasks.filter(({ name }) => toWord(name) === toWord(step)));
  const unknown = steps.filter((_, index) => named[index]?.length === 0);
  // What nobody means to do any more is not missing; a step of which that is all there is, is none.
  const found = named
    .map((some) => ({ some, kept: some.filter((task) => isDone(task) || !isDroppedTask(task)) }))
    .flatMap(({ some, kept }) => (some.length > 0 && kept.length === 0 ? [] : [kept]));
  if (found.length === 0) return unreadable('every step of the checklist was dropped');
  const done = found.filter((some) => some.length > 0 && some.every(isDone)).length;
  // A step that is open settles the matter; only then does it count which steps nobody can judge.
  if (unknown.length > 0 && done + unknown.length === found.length) {
    return unreadable(
      `nothing tells whether these steps are done, since no task of the project is called like them: ${listNames(unknown)}`,
    );
  }
  const condition = { metricKey: 'checklist_steps_done', op: 'gte', unit: 'steps' } as const;
  return measured({ ...condition, threshold: found.length, actual: done });
}

function readBudget(
  { op, percent }: Extract<GateTerms, { readonly kind: 'budget' }>,
  { projects }: GateScene,
  { budgetsOf }: GateSources,
): GateReading {
  const readings = projects.map(({ rowId }) => budgetsOf(rowId));
  if (readings.length === 0) return unreadable('the run leads to no project');
  if (readings.some((some) => some.length === 0)) {
    return unreadable('no budget is kept for the project, nor for its engagement');
  }
  return {
    kind: 'measured',
    conditions: readings.flat().flatMap((one) => judgeBudget(one, op, percent)),
  };
}

function judgeBudget(
  { usedPercent, unpriced }: BudgetReading,
  op: 'lt' | 'lte',
  percent: number,
): readonly MeasuredCondition[] {
  const condition = { metricKey: 'budget_used', op, threshold: percent, unit: '%' } as const;
  const held = toMeasured({
    ...condition,
    ...(usedPercent === null ? {} : { actual: usedPercent }),
  });
  if (unpriced === 0 || held.outcome !== 'met') return [held];
  // What nobody could price comes on top, so below the limit it proves nothing.
  const missing = { metricKey: 'costs_uncounted', op: 'lte', threshold: 0 } as const;
  return [
    held,
    { ...toMeasured({ ...missing, unit: 'lines', actual: unpriced }), outcome: 'between' },
  ];
}

function readVariance(
  states: readonly VarianceWord[],
  { workflowId }: GateScene,
  { driftOf }: GateSources,
): GateReading {
  if (workflowId === undefined) return unreadable('the run leads to no workflow, or to several');
  const { state, n, needed } = driftOf(workflowId) ?? { state: 'insufficient', n: 0, needed: 1 };
  const barred = VARIANCE_WORDS.filter((word) => !states.includes(word));
  return measured(
    ...barred.map((word) => ({
      metricKey: `variance_${word.replace(' ', '_')}`,
      op: 'eq' as const,
      threshold: 0,
      unit: 'of 1',
      actual: state === word ? 1 : 0,
      sampleSize: n,
      minSamples: Math.max(1, n + needed),
    })),
  );
}

type Held = Omit<MeasuredCondition, 'outcome' | 'minSamples'> & { readonly minSamples?: number };

const toMeasured = ({
  actual,
  sampleSize,
  minSamples = 1,
  ...condition
}: Held): MeasuredCondition =>
  measureCondition(
    { ...condition, minSamples },
    {
      ...(actual === undefined ? {} : { actual }),
      ...(sampleSize === undefined ? {} : { sampleSize }),
    },
  );

const measured = (...held: readonly Held[]): GateReading => ({
  kind: 'measured',
  conditions: held.map(toMeasured),
});
const unreadable = (reason: string): GateReading => ({ kind: 'unreadable', reason });
const awaited = (reason: string): GateReading => ({ kind: 'awaited', reason });
/** The first few: a checklist may have dozens. */
function listNames(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_MAX).map((name) => `\`${name}\``);
  const rest = names.length - shown.length;
  return [...shown, ...(rest === 0 ? [] : [`${rest} more`])].join(', ');
}
