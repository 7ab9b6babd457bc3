import type { Ms } from '#shared/kernel/index.ts';
import type { Baseline } from '#shared/variance/index.ts';
import type { DocFinding } from './doc-finding.ts';
import type { TaskRow } from './model.ts';
import { toShownMs } from './run-session.ts';

/**
 * The estimate a row of tasks is judged by. `baseline_hours` is the one frozen when work began, and 0 there means that
 * there was none: what is estimated now came late, unless nobody has begun. Where it is blank the estimate that stands now is taken, as the next
 * pass would freeze it; on a task that was begun nothing tells that it was there before, so it is undated. One that
 * cannot be read is unknown. A frozen cell holds hundredths of an hour: an estimate that still reads like it is the
 * frozen one.
 */
export function readBaseline(
  { baselineMs: frozenMs, estimateMs = 0, unreadable = [] }: TaskRow,
  hasBegun: boolean,
): Baseline | undefined {
  if (unreadable.includes('baseline_hours')) return undefined;
  const isBlank = frozenMs === undefined;
  if (isBlank || frozenMs <= 0) {
    return estimateMs > 0 ? toUnfrozen(estimateMs, { hasBegun, isBlank }) : undefined;
  }
  const isSame = toShownMs(estimateMs) === toShownMs(frozenMs);
  return {
    baselineMs: isSame ? estimateMs : frozenMs,
    isEstimateLate: false,
    isUndated: false,
    revisions: isSame || estimateMs <= 0 ? [] : [{ estimateMs }],
  };
}

const toUnfrozen = (
  baselineMs: Ms,
  { hasBegun, isBlank }: { readonly hasBegun: boolean; readonly isBlank: boolean },
): Baseline => ({
  baselineMs,
  isEstimateLate: !isBlank && hasBegun,
  isUndated: isBlank && hasBegun,
  revisions: [],
});

/** What a founder should know of the estimates tasks are judged by: one finding for each sort, however many tasks it hits. */
export function inspectBaselines(
  tasks: readonly TaskRow[],
  baselines: ReadonlyMap<string, Baseline>,
): readonly DocFinding[] {
  const namesOf = (isMeant: (baseline: Baseline) => boolean): readonly string[] =>
    tasks.flatMap(({ rowId, name }) => {
      const baseline = baselines.get(rowId);
      return baseline !== undefined && isMeant(baseline) ? [name] : [];
    });
  return [
    ...toFinding(
      namesOf(({ isEstimateLate }) => isEstimateLate),
      LATE,
    ),
    ...toFinding(
      namesOf(({ isUndated }) => isUndated),
      UNFROZEN,
    ),
  ];
}

/** What is found of some tasks, as it ends after how many they are. */
type Sort = Omit<DocFinding, 'message' | 'table'> & { readonly what: string };

const LATE: Sort = {
  code: 'ESTIMATE_LATE',
  severity: 'warning',
  column: 'estimated_hours',
  what: 'first estimated after work had begun, and in no ratio',
  fix: 'Estimate before work begins; clear `baseline_hours` where the estimate was there after all.',
};
const UNFROZEN: Sort = {
  code: 'ESTIMATE_UNFROZEN',
  severity: 'info',
  column: 'baseline_hours',
  what: 'begun without a frozen estimate, so that the one that stands now is taken for it',
  fix: 'Let a pass of the worker freeze it: tasks need the columns `baseline_hours` and `external_id`.',
};

function toFinding(names: readonly string[], { what, ...sort }: Sort): readonly DocFinding[] {
  const [first] = names;
  if (first === undefined) return [];
  const tasks = names.length === 1 ? '1 task was' : `${names.length} tasks were`;
  return [{ ...sort, table: 'tasks', message: `${tasks} ${what}; first \`${first}\`.` }];
}
