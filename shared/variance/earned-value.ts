import { type Day, type Ms, sumOf } from '#shared/kernel/index.ts';

/**
 * What a leaf is of. `parent`: what was done on a task whose parts are leaves themselves; `no_task`: on no task at all. Both have
 * no estimate of their own and only add to what was spent, a parent's under the plan of its parts.
 */
export type LeafKind = 'task' | 'parent' | 'no_task';

/** A leaf of the plan. */
export interface PlannedLeaf {
  /** @default 'task' */
  readonly kind?: LeafKind;
  /** The estimate it was planned with; absent leaves are outside the plan and counted. Units: ms. */
  readonly baselineMs?: Ms;
  /** When it was planned to be done; without one it is never due. */
  readonly dueDate?: Day;
  readonly isFinished: boolean;
  readonly isStarted: boolean;
  /** Units: ms. */
  readonly actualMs: Ms;
}

/** How much of its value a leaf has earned before it is finished: `0/100` nothing, `50/50` half once it was started. */
export type EarningRule = '0/100' | '50/50';

/** A figure, or why there is none; never 0 or ∞ in its place. */
export type Figure =
  | { readonly value: number; readonly reason: null }
  | { readonly value: null; readonly reason: FigureReason };

/** Why a figure cannot be given. */
export type FigureReason =
  | 'nothing planned'
  | 'nothing tracked'
  | 'nothing due'
  | 'nothing finished'
  | 'budget spent'
  | 'done';

/** A project at one day. Effort in ms; indices are plain ratios, above 1 is better than planned. */
export interface EarnedValue {
  /** Planned hours due by the day (PV), earned (EV), spent (AC), and planned in all (BAC). Units: ms. */
  readonly plannedMs: Ms;
  readonly earnedMs: Ms;
  readonly spentMs: Ms;
  readonly budgetMs: Ms;
  /** EV − AC and EV − PV: negative is over cost, negative is late. Units: ms. */
  readonly costVarianceMs: Ms;
  readonly scheduleVarianceMs: Ms;
  /** CPI = EV ÷ AC and SPI = EV ÷ PV. */
  readonly costIndex: Figure;
  readonly scheduleIndex: Figure;
  /** EAC in three forms. Units: ms, not rounded. */
  readonly estimateAtCompletion: {
    /** BAC ÷ CPI: the rest goes as the work so far. */
    readonly atCostIndex: Figure;
    /** AC + BAC − EV: the rest goes as planned. */
    readonly asPlanned: Figure;
    /** AC + (BAC − EV) ÷ (CPI·SPI): the rest is as dear and as late as the work so far. */
    readonly atBothIndices: Figure;
  };
  /** EAC − AC, by the first form, or the second where nothing is finished. Units: ms. */
  readonly estimateToComplete: Figure;
  /** BAC − EAC, by the same form; negative is over. Units: ms. */
  readonly varianceAtCompletion: Figure;
  /** TCPI = (BAC − EV) ÷ (BAC − AC): how well the rest has to go to end on budget. */
  readonly toCompleteIndex: Figure;
  /** Tasks without an estimate, and what was spent on them or on no task: outside BAC, PV and EV, inside AC. */
  readonly unestimatedLeaves: number;
  readonly unestimatedSpentMs: Ms;
}

/**
 * Earned value of a set of leaves at a day; a leaf due on the day is due.
 * PV = Σ baseline due, EV = Σ baseline earned by the rule, AC = Σ actual, BAC = Σ baseline.
 * Small samples: a quotient by zero has no value and says why.
 * Source: PMI, "Practice Standard for Earned Value Management"; the forms of EAC as in ANSI/EIA-748.
 */
export function earnedValue(
  leaves: readonly PlannedLeaf[],
  date: Day,
  rule: EarningRule = '0/100',
): EarnedValue {
  const planned = leaves.filter(isPlanned);
  const unplanned = leaves.filter((leaf) => !isPlanned(leaf) && leaf.kind !== 'parent');
  const budgetMs = sumOf(planned.map(toBaselineMs));
  const plannedMs = sumOf(planned.filter(({ dueDate }) => isDue(dueDate, date)).map(toBaselineMs));
  const earnedMs = sumOf(planned.map((leaf) => toBaselineMs(leaf) * shareOf(leaf, rule)));
  const spentMs = sumOf(leaves.map(({ actualMs }) => actualMs));
  const sums = { budgetMs, plannedMs, earnedMs, spentMs };
  const estimateAtCompletion = toEstimateAtCompletion(sums);
  const { atCostIndex, asPlanned } = estimateAtCompletion;
  const expected = atCostIndex.value === null ? asPlanned : atCostIndex;
  return {
    ...sums,
    costVarianceMs: earnedMs - spentMs,
    scheduleVarianceMs: earnedMs - plannedMs,
    costIndex: divide(earnedMs, spentMs, 'nothing tracked'),
    scheduleIndex: divide(earnedMs, plannedMs, 'nothing due'),
    estimateAtCompletion,
    estimateToComplete: change(expected, (value) => value - spentMs),
    varianceAtCompletion: change(expected, (value) => budgetMs - value),
    toCompleteIndex: toCompleteIndex(sums),
    unestimatedLeaves: unplanned.filter(({ kind = 'task' }) => kind === 'task').length,
    unestimatedSpentMs: sumOf(unplanned.map(({ actualMs }) => actualMs)),
  };
}

interface Sums {
  readonly budgetMs: Ms;
  readonly plannedMs: Ms;
  readonly earnedMs: Ms;
  readonly spentMs: Ms;
}

function toEstimateAtCompletion({ budgetMs, plannedMs, earnedMs, spentMs }: Sums) {
  const leftMs = budgetMs - earnedMs;
  if (budgetMs === 0) {
    const nothing = noFigure('nothing planned');
    return { atCostIndex: nothing, asPlanned: nothing, atBothIndices: nothing };
  }
  const asPlanned = toFigure(spentMs + leftMs);
  if (spentMs === 0) {
    const untracked = noFigure('nothing tracked');
    return { atCostIndex: untracked, asPlanned, atBothIndices: untracked };
  }
  if (earnedMs === 0) {
    const unfinished = noFigure('nothing finished');
    return { atCostIndex: unfinished, asPlanned, atBothIndices: unfinished };
  }
  const costIndex = earnedMs / spentMs;
  const atBothIndices =
    plannedMs === 0
      ? noFigure('nothing due')
      : toFigure(spentMs + leftMs / (costIndex * (earnedMs / plannedMs)));
  return { atCostIndex: toFigure(budgetMs / costIndex), asPlanned, atBothIndices };
}

function toCompleteIndex({ budgetMs, earnedMs, spentMs }: Sums): Figure {
  if (budgetMs === 0) return noFigure('nothing planned');
  if (earnedMs === budgetMs) return noFigure('done');
  if (budgetMs <= spentMs) return noFigure('budget spent');
  return toFigure((budgetMs - earnedMs) / (budgetMs - spentMs));
}

const isPlanned = ({ baselineMs = 0 }: PlannedLeaf): boolean => baselineMs > 0;
const toBaselineMs = ({ baselineMs = 0 }: PlannedLeaf): Ms => baselineMs;
const isDue = (dueDate: Day | undefined, date: Day): boolean =>
  dueDate !== undefined && dueDate <= date;

function shareOf({ isFinished, isStarted }: PlannedLeaf, rule: EarningRule): number {
  if (isFinished) return 1;
  return isStarted && rule === '50/50' ? 0.5 : 0;
}

const toFigure = (value: number): Figure => ({ value, reason: null });
const noFigure = (reason: FigureReason): Figure => ({ value: null, reason });
const divide = (part: number, whole: number, reason: FigureReason): Figure =>
  whole === 0 ? noFigure(reason) : toFigure(part / whole);
const change = (figure: Figure, by: (value: number) => number): Figure =>
  figure.value === null ? figure : toFigure(by(figure.value));
