/**
 * Variance computed a third time, straight from the rows the API shows and from the pages of definitions: it shares no
 * line with the product, so that the worker and the Pack cannot agree on the same mistake. It knows only docs whose
 * tasks have no parents and whose runs are stored with their hours, as an import makes them.
 */

/** A row as the API shows it with `useColumnNames`, plain values. */
interface ApiItem {
  readonly values: Readonly<Record<string, string | number | boolean>>;
}

/** One workflow, as computed here. */
export interface ThirdRow {
  readonly workflow: string;
  readonly nTasks: number;
  readonly nRuns: number;
  readonly estimateHours: number;
  readonly actualHours: number;
  readonly typical: number | null;
  readonly total: number | null;
  readonly p10: number;
  readonly p90: number;
}

/** Every row of a table, page by page, read without the product's client. */
export async function listItems(
  docUrl: string,
  token: string,
  table: string,
): Promise<readonly ApiItem[]> {
  const items: ApiItem[] = [];
  let next = `${docUrl}/tables/${table}/rows?useColumnNames=true&valueFormat=simple&limit=500`;
  while (next !== '') {
    const answer = await fetch(next, { headers: { authorization: `Bearer ${token}` } });
    const page = (await answer.json()) as { items: ApiItem[]; nextPageLink?: string };
    items.push(...page.items);
    next = page.nextPageLink ?? '';
  }
  return items;
}

interface Finished {
  readonly estimate: number;
  readonly actual: number;
  readonly runs: number;
}

/** The variance of every workflow with a finished, estimated task, by name. */
export function computeVariance(
  tasks: readonly ApiItem[],
  runs: readonly ApiItem[],
): ReadonlyMap<string, ThirdRow> {
  const spent = new Map<string, { hours: number; runs: number; workflow: string }>();
  for (const { values } of runs) {
    const task = String(values['task']);
    const before = spent.get(task) ?? { hours: 0, runs: 0, workflow: '' };
    const hours = before.hours + Number(values['actual_hours']);
    spent.set(task, { hours, runs: before.runs + 1, workflow: String(values['workflow']) });
  }
  const samples = new Map<string, Finished[]>();
  for (const { values } of tasks) {
    const work = spent.get(String(values['name']));
    const estimate = Number(values['baseline_hours']);
    const isFinished = ['Done', 'Completed'].includes(String(values['status']));
    if (work === undefined || !isFinished || !(estimate > 0) || !(work.hours > 0)) continue;
    const sample = samples.get(work.workflow) ?? [];
    samples.set(work.workflow, [...sample, { estimate, actual: work.hours, runs: work.runs }]);
  }
  const everything = [...samples.values()].flat();
  return new Map(
    [...samples].map(([workflow, sample]) => [workflow, toRow(workflow, sample, everything)]),
  );
}

function toRow(
  workflow: string,
  sample: readonly Finished[],
  everything: readonly Finished[],
): ThirdRow {
  const estimateHours = sum(sample.map(({ estimate }) => estimate));
  const actualHours = sum(sample.map(({ actual }) => actual));
  return {
    workflow,
    nTasks: sample.length,
    nRuns: sum(sample.map(({ runs }) => runs)),
    estimateHours,
    actualHours,
    typical:
      quantile(
        sample.map(({ actual, estimate }) => actual / estimate),
        0.5,
      ) - 1,
    total: actualHours / estimateHours - 1,
    p10: shrunk(sample, everything, 0.1),
    p90: shrunk(sample, everything, 0.9),
  };
}

/** P10 and P90 of actual ÷ estimate by size of estimate, for sizes with too few tasks of one's own. */
const BUILT_IN: readonly { readonly upTo: number; readonly p10: number; readonly p90: number }[] = [
  { upTo: 0.5, p10: 1, p90: 3.12 },
  { upTo: 1, p10: 0.5, p90: 3 },
  { upTo: 2, p10: 0.5, p90: 2.67 },
  { upTo: 4, p10: 0.41, p90: 2.5 },
  { upTo: 8, p10: 0.29, p90: 2.44 },
  { upTo: 16, p10: 0.25, p90: 2.39 },
  { upTo: 40, p10: 0.16, p90: 2.19 },
  { upTo: Number.POSITIVE_INFINITY, p10: 0.06, p90: 1.69 },
];

/** exp(w·own + (1 − w)·prior) with w = n ÷ (n + 20); the prior is the mean over the tasks of their size's quantile. */
function shrunk(
  sample: readonly Finished[],
  everything: readonly Finished[],
  p: 0.1 | 0.9,
): number {
  const priorOf = ({ estimate }: Finished): number => {
    const at = BUILT_IN.findIndex(({ upTo }) => estimate <= upTo);
    const { upTo = 0, p10 = 0, p90 = 0 } = BUILT_IN[at] ?? {};
    const from = BUILT_IN[at - 1]?.upTo ?? 0;
    const alike = everything.filter((task) => from < task.estimate && task.estimate <= upTo);
    return alike.length >= 30 ? quantile(alike.map(lnRatio), p) : Math.log(p === 0.1 ? p10 : p90);
  };
  const memo = new Map<number, number>();
  const prior = sum(
    sample.map((task) => {
      const known = memo.get(task.estimate) ?? priorOf(task);
      memo.set(task.estimate, known);
      return known;
    }),
  );
  const weight = sample.length / (sample.length + 20);
  const own = quantile(sample.map(lnRatio), p);
  return Math.exp(weight * own + ((1 - weight) * prior) / sample.length);
}

const lnRatio = ({ actual, estimate }: Finished): number => Math.log(actual / estimate);
const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

/** Linear between neighbours at p·(n − 1). */
function quantile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const place = p * (sorted.length - 1);
  const low = sorted[Math.floor(place)] ?? 0;
  const high = sorted[Math.ceil(place)] ?? 0;
  return low + (place - Math.floor(place)) * (high - low);
}
