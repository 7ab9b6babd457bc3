import { MINUTE_MS, type Ms, toInstant } from '#shared/kernel/index.ts';
import type { Plan, PlanTask, PlanWorker } from '#shared/planning/index.ts';
import { planOf, START_MS, task, workers } from '../../shared/planning/plan-samples.ts';
import { createRandom, type Random } from '../random.ts';
import { drawFate } from './draw-fate.ts';
import { drawField, drawWorkstreams, type Field, toGrain } from './draw-field.ts';
import { drawDependencies, drawWishes } from './draw-wishes.ts';
import { type Fate, type PlanKind, type Script, toRepairId } from './plan-script.ts';

/** Which script to draw. */
export interface Draw {
  readonly seed: number;
  readonly kind: PlanKind;
  /** How many tasks. */
  readonly size: number;
}

/** The script of a seed, a kind and a size. */
export function drawScript(draw: Draw): Script {
  const random = createRandom(draw.seed);
  return draw.kind === 'crowded' ? drawCrowd(draw, random) : drawGraph(draw, random);
}

const toId = (index: number): string => `t${String(index).padStart(5, '0')}`;

const drawEstimate = (random: Random, { stepMs, mostSteps }: ReturnType<typeof toGrain>): Ms =>
  stepMs * random.between(1, mostSteps);

function drawGraph(draw: Draw, random: Random): Script {
  const field = drawField(draw, random);
  const isFree = draw.kind === 'free';
  const tasks = Array.from({ length: draw.size }, (_none, index): PlanTask => {
    const upstream = drawDependencies(field, index, toId);
    const estimateMs = drawEstimate(random, field);
    const priority = random.pick(['low', 'normal', 'normal', 'high', 'critical'] as const);
    if (isFree) return task(toId(index), { estimateMs, dependsOn: upstream, priority });
    const wishes = drawWishes(field, index);
    const { estimateMs: _hour, ...rest } = task(toId(index), wishes);
    return {
      ...rest,
      priority,
      dependsOn: [...upstream, ...wishes.dependsOn],
      ...(random.chance(0.95) && { estimateMs }),
    };
  });
  const plan = isFree
    ? planOf(tasks, { maxParallel: field.parallel })
    : planOf(tasks, {
        maxParallel: field.parallel,
        phaseIds: field.phaseIds,
        workstreams: drawWorkstreams(field),
        onFailure: field.onFailure,
      });
  return { ...draw, ...toRest(field), plan, fates: drawFates(field, plan) };
}

function toRest({ workers: hands, tools, budgets, gates }: Field) {
  return { workers: hands, tools, budgets, gates, maxFixLoops: 3 };
}

function drawFates(field: Field, { tasks }: Plan): ReadonlyMap<string, Fate> {
  const fates = new Map<string, Fate>();
  for (const { taskId, estimateMs = 30 * MINUTE_MS } of tasks) {
    const fate = drawFate(field, estimateMs);
    fates.set(taskId, fate);
    if (fate.tries.some(({ ending }) => ending === 'failed')) {
      fates.set(toRepairId(taskId), drawFate(field, estimateMs));
    }
  }
  return fates;
}

/**
 * A stream of wanted tasks, each of which writes one file and can start as it comes, so many that some are always at work; and
 * unwanted ones that write the whole folder, or want the tool for which the stream queues.
 */
function drawCrowd(draw: Draw, random: Random): Script {
  const hands = draw.size > 1000 ? 64 : random.between(4, 8);
  const grain = toGrain(draw.size);
  const { stepMs, mostSteps } = grain;
  const everyMs = ((mostSteps + 1) * stepMs) / (2 * 0.7 * hands);
  const isWide = (index: number): boolean => index % 50 === 7;
  const tasks = Array.from({ length: draw.size }, (_none, index) => {
    const atMs = stepMs * Math.floor((index * everyMs) / stepMs);
    const arrives = toInstant(START_MS + atMs);
    const wishes = isWide(index)
      ? drawWideWish(random)
      : {
          priority: random.pick(['high', 'critical'] as const),
          locks: [{ path: `src/f${random.between(0, 4 * hands)}`, mode: 'write' } as const],
          deadlineAt: toInstant(START_MS + atMs + 30 * MINUTE_MS),
          ...(random.chance(0.5) && { toolId: 'forge' }),
        };
    return task(toId(index), {
      ...wishes,
      notBefore: arrives,
      estimateMs: drawEstimate(random, grain),
    });
  });
  const fates = tasks.map(({ taskId, estimateMs = stepMs }): [string, Fate] => [
    taskId,
    drawFate({ random, stepMs, failingShare: 0, retryShare: 0, isExact: true }, estimateMs),
  ]);
  const crew: readonly PlanWorker[] = workers(hands);
  return {
    ...draw,
    plan: planOf(tasks, { maxParallel: hands }),
    workers: crew,
    tools: new Map([['forge', Math.ceil(hands / 2)]]),
    budgets: new Map(),
    gates: [],
    fates: new Map(fates),
    maxFixLoops: 0,
  };
}

function drawWideWish(random: Random): Partial<PlanTask> {
  const path = random.pick(['src', '.', 'src/']);
  const isForge = random.chance(0.4);
  return { priority: 'low', locks: [{ path, mode: 'write' }], ...(isForge && { toolId: 'forge' }) };
}
