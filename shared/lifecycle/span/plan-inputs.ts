import type { Task } from '../task/task.ts';
import type { FailurePolicy } from '../transition.ts';
import type { Workstream } from '../workstream/workstream-decider.ts';
import { isOpen } from './close-work.ts';
import type { RunView, ViewDependency } from './run-view.ts';

/** Why work is dropped whose inputs will never come. */
export const UPSTREAM_FAILED = 'upstream_failed';

/** How one dependency stands: it holds, it holds although upstream failed, it may yet hold, or it never will. */
export type InputStanding = 'met' | 'degraded' | 'open' | 'never';

/** What something waits for. */
export interface Inputs {
  /** Upstream ids whose condition does not hold. */
  readonly openDependencies: readonly string[];
  /** Set where it goes on although something upstream has failed. */
  readonly degradedInputs?: true;
}

/** Work that can never begin, since what it waits for will never come. */
export interface Stranded {
  readonly taskIds: readonly string[];
  readonly workstreamIds: readonly string[];
}

interface Index {
  readonly view: RunView;
  readonly tasks: ReadonlyMap<string, Task>;
  readonly workstreams: ReadonlyMap<string, Workstream>;
  /** Repairs by the task they repair. */
  readonly fixes: ReadonlyMap<string, readonly Task[]>;
}

/** What each task and workstream waits for at this moment, by id: the facts of its `queue` or `release`. One that waits for nothing is not listed. */
export function listInputs(view: RunView): ReadonlyMap<string, Inputs> {
  const index = toIndex(view);
  const inputs = new Map<string, Inputs>();
  for (const dependency of view.dependencies) {
    const { fromId, toId } = dependency;
    const { openDependencies, ...rest } = inputs.get(toId) ?? { openDependencies: [] };
    const standing = toStanding(index, dependency);
    const isOpenStill = standing === 'open' || standing === 'never';
    inputs.set(toId, {
      openDependencies: isOpenStill ? [...openDependencies, fromId] : openDependencies,
      ...(standing === 'degraded' ? { degradedInputs: true } : rest),
    });
  }
  return inputs;
}

/** What a task's failure means for the rest: the most specific of task, workstream and run says so, and a person where that is `escalate`. A repair that fails is not repaired again. */
export function toFailurePolicy(view: RunView, task: Task): FailurePolicy {
  if (task.fixes !== undefined) return 'skip_dependents';
  const workstream = view.workstreams.find((one) => one.workstreamId === task.workstreamId);
  const planned = task.onFailure ?? workstream?.onFailure ?? view.onFailure;
  if (planned !== 'escalate') return planned;
  return view.decisions.find(({ taskId }) => taskId === task.taskId)?.policy ?? planned;
}

/** Whether a failed task may be given a repair: the run has fix loops left, and its workstream, without which nobody would take it up, has not ended. */
export function mayRepair({ run, tasks, workstreams }: RunView, { workstreamId }: Task): boolean {
  const repairs = tasks.filter(({ fixes }) => fixes !== undefined).length;
  const own = workstreams.find((one) => one.workstreamId === workstreamId);
  return repairs < run.maxFixLoops && own !== undefined && isOpen(own);
}

/** Critical tasks of a workstream that failed and no completed task has repaired: with one of them it cannot be completed. */
export function listFailedCriticals(view: RunView, workstreamId: string): readonly string[] {
  const { fixes } = toIndex(view);
  return view.tasks
    .filter((task) => task.workstreamId === workstreamId)
    .filter(({ isCritical, state }) => isCritical && state === 'failed')
    .map(({ taskId }) => taskId)
    .filter((taskId) => !isRepaired(fixes.get(taskId)));
}

/** All work that has yet to begin and never can, in the view's order: what depends on it is lost with it, and so are the tasks of a lost workstream. */
export function listStranded(view: RunView): Stranded {
  const waiting = new Set([
    ...view.tasks.filter(isWaiting).map(({ taskId }) => taskId),
    ...view.workstreams.filter(isWaiting).map(({ workstreamId }) => workstreamId),
  ]);
  const lost = new Set<string>();
  const lose = (id: string): void => {
    if (waiting.has(id)) lost.add(id);
  };
  const after = groupBy(view.dependencies, ({ fromId }) => fromId);
  const index = toIndex(view);
  const within = groupBy(view.tasks, ({ workstreamId }) => workstreamId);
  for (const dependency of view.dependencies) {
    if (toStanding(index, dependency) === 'never') lose(dependency.toId);
  }
  // A set is walked in the order of insertion and shows what is added on the way, so this follows every chain to its end.
  for (const id of lost) {
    for (const { toId, condition } of after.get(id) ?? []) if (condition !== 'always') lose(toId);
    for (const { taskId } of within.get(id) ?? []) lose(taskId);
  }
  return {
    taskIds: view.tasks.map(({ taskId }) => taskId).filter((id) => lost.has(id)),
    workstreamIds: view.workstreams
      .map(({ workstreamId }) => workstreamId)
      .filter((id) => lost.has(id)),
  };
}

const toIndex = (view: RunView): Index => ({
  view,
  tasks: new Map(view.tasks.map((task) => [task.taskId, task])),
  workstreams: new Map(view.workstreams.map((one) => [one.workstreamId, one])),
  // What repairs nothing is gathered under a name that no task has.
  fixes: groupBy(view.tasks, ({ fixes = '' }) => fixes),
});

function toStanding(index: Index, { fromId, condition }: ViewDependency): InputStanding {
  const upstream = index.tasks.get(fromId) ?? index.workstreams.get(fromId);
  // A plan with a missing dependency does not start; were there one, nothing could ever meet it.
  if (upstream === undefined) return 'never';
  if (isOpen(upstream)) return 'open';
  if (condition === 'always' || upstream.state === 'completed') return 'met';
  if (upstream.state !== 'failed') return isLeftOut(upstream) ? 'met' : 'never';
  return condition === 'finished' ? 'met' : ofFailed(index, upstream);
}

/** Whether a workstream was left out on purpose, and not because what it waits for had failed. */
const isLeftOut = ({ state, stateReason }: Task | Workstream): boolean =>
  state === 'skipped' && stateReason !== UPSTREAM_FAILED;

function ofFailed({ view, fixes }: Index, upstream: Task | Workstream): InputStanding {
  if ('phaseId' in upstream) return ofPolicy(upstream.onFailure ?? view.onFailure);
  const repairs = fixes.get(upstream.taskId);
  if (isRepaired(repairs)) return 'met';
  if (repairs?.some(isOpen) === true) return 'open';
  const policy = toFailurePolicy(view, upstream);
  // Between a failure and the birth of its repair another failure may be dealt with: it must not take the repair for one that never comes.
  const awaitsRepair = policy === 'fix_task' && repairs === undefined && mayRepair(view, upstream);
  return policy === 'escalate' || awaitsRepair ? 'open' : ofPolicy(policy);
}

const ofPolicy = (policy: FailurePolicy): InputStanding =>
  policy === 'continue' ? 'degraded' : 'never';

const isRepaired = (repairs: readonly Task[] = []): boolean =>
  repairs.some(({ state }) => state === 'completed');

const isWaiting = ({ state }: { readonly state: string }): boolean =>
  state === 'pending' || state === 'blocked' || state === 'planned';

function groupBy<Item>(
  items: readonly Item[],
  toKey: (item: Item) => string,
): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = toKey(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
