import { type Ms, toEpochMs } from '#shared/kernel/index.ts';
import type { PlanDependency, PlanTask, PlanWorkstream } from '#shared/planning/index.ts';
import { START_MS } from '../../shared/planning/plan-samples.ts';
import type { Script } from './plan-script.ts';
import type { Span } from './plan-world.ts';
import type { Play } from './play-script.ts';
import { isFit } from './referee-breaches.ts';

/** All tries of one task. */
interface Stint {
  readonly task: PlanTask;
  readonly firstMs: Ms;
  readonly runMs: Ms;
  /** From its start to its end, waits between tries left out. */
  readonly heldMs: Ms;
}

/**
 * No schedule of what was carried out in a play is shorter: the longest chain of waits, with the moments before which a task may
 * not start and at which a gate was first passed; and the work of all that must share something, by how many can share it:
 * workers, those with an ability or affinity, run, workstream, tool, conflict group, and the writers of one place. Rates,
 * budgets and pauses are left out.
 */
export function boundMakespan({ script, spans }: Play): Ms {
  const stints = toStints(spans);
  return Math.max(boundByChains(script, stints), boundByShares(script, stints));
}

/** The bound of the contract alone: the critical path, and all work by as many as may work at once. */
export function boundSimply({ script, spans }: Play): Ms {
  const stints = toStints(spans);
  const workMs = stints.reduce((sum, { runMs }) => sum + runMs, 0);
  const parallel = Math.min(script.workers.length, script.plan.maxParallel);
  return Math.max(boundByChains(script, stints), workMs / parallel);
}

/** The stints in the order in which they began, so that each comes after all it waited for. */
function toStints(spans: readonly Span[]): readonly Stint[] {
  const stints = new Map<string, Stint>();
  for (const { task, startMs, runEndMs, endMs } of spans) {
    const { taskId } = task;
    const known = stints.get(taskId) ?? { task, firstMs: startMs, runMs: 0, heldMs: 0 };
    stints.set(taskId, {
      ...known,
      firstMs: Math.min(known.firstMs, startMs),
      runMs: known.runMs + runEndMs - startMs,
      heldMs: known.heldMs + endMs - startMs,
    });
  }
  return [...stints.values()].sort((one, other) => one.firstMs - other.firstMs);
}

function boundByChains(script: Script, stints: readonly Stint[]): Ms {
  const ends = new Map<string, Ms>();
  const streams = new Map(script.plan.workstreams.map((each) => [each.workstreamId, each]));
  const { phaseIds } = script.plan;
  const raise = (key: string, ms: Ms): Map<string, Ms> =>
    ends.set(key, Math.max(ends.get(key) ?? 0, ms));
  let longestMs = 0;
  for (const { task, heldMs } of stints) {
    const { workstreamId, notBefore, fixes } = task;
    const stream = streams.get(workstreamId);
    const phaseBefore = phaseIds[phaseIds.indexOf(stream?.phaseId ?? '') - 1];
    const earliest = [
      notBefore === undefined ? 0 : toEpochMs(notBefore) - START_MS,
      ends.get(`task ${fixes}`) ?? 0,
      ends.get(`phase ${phaseBefore}`) ?? 0,
      ...[...task.dependsOn, ...(stream?.dependsOn ?? [])].map((wait) =>
        wait.kind === 'gate' ? passedMs(script, wait) : (ends.get(toKey(wait)) ?? 0),
      ),
    ];
    const endMs = Math.max(...earliest) + heldMs;
    raise(`task ${task.taskId}`, endMs);
    raise(`workstream ${workstreamId}`, endMs);
    raise(`phase ${stream?.phaseId}`, endMs);
    longestMs = Math.max(longestMs, endMs);
  }
  return longestMs;
}

const toKey = ({ kind, fromId }: PlanDependency): string =>
  kind === 'workstream' || kind === 'phase' ? `${kind} ${fromId}` : `task ${fromId}`;

/** When a gate first let through those who wait for it. */
function passedMs({ gates }: Script, { fromId, condition }: PlanDependency): Ms {
  const first = gates.find(
    ({ gateId, status }) =>
      gateId === fromId && (status === 'met' || (status === 'failed' && condition !== 'success')),
  );
  return first?.atMs ?? 0;
}

function boundByShares({ plan, workers, tools }: Script, stints: readonly Stint[]): Ms {
  const streams = new Map(plan.workstreams.map((each) => [each.workstreamId, each.concurrency]));
  const loads = new Map<string, { ms: Ms; width: number }>();
  const load = (key: string, ms: Ms, width: number): void => {
    loads.set(key, { ms: (loads.get(key)?.ms ?? 0) + ms, width });
  };
  const fitCounts = new Map<string, number>();
  const countFit = (key: string, task: PlanTask): number => {
    const fit = fitCounts.get(key) ?? workers.filter((worker) => isFit(worker, task)).length;
    fitCounts.set(key, fit);
    return fit;
  };
  for (const { task, runMs, heldMs } of stints) {
    const { workstreamId, toolId = '', conflictGroup, affinity, requiredCapabilities } = task;
    load('run', runMs, Math.min(plan.maxParallel, workers.length));
    const concurrency = streams.get(workstreamId);
    if (concurrency !== undefined) {
      load(`stream ${workstreamId}`, runMs * toShare(task, concurrency), concurrency.maxParallel);
    }
    if (tools.has(toolId)) load(`tool ${toolId}`, runMs, tools.get(toolId) ?? 1);
    if (conflictGroup !== undefined) load(`group ${conflictGroup}`, heldMs, 1);
    const need = `need ${affinity} ${[...requiredCapabilities].sort().join(' ')}`;
    load(need, runMs, countFit(need, task));
    const written = task.locks.filter(({ mode: how }) => how === 'write').map(({ path }) => path);
    for (const path of new Set(written.map(toPlainPath))) load(`path ${path}`, heldMs, 1);
  }
  return Math.max(0, ...[...loads.values()].map(({ ms, width }) => ms / width));
}

/** How many places a task takes: one that must be alone takes all. */
const toShare = (
  { parallelOk }: PlanTask,
  { mode, maxParallel }: PlanWorkstream['concurrency'],
): number =>
  mode === 'sequential' || (mode === 'parallel_groups' && !parallelOk) ? maxParallel : 1;

const toPlainPath = (path: string): string =>
  path
    .split('/')
    .filter((name) => name !== '' && name !== '.')
    .join('/');
