import { MINUTE_MS, type Ms } from '#shared/kernel/index.ts';
import type { FailurePolicy } from '#shared/lifecycle/index.ts';
import type { PlanDependency, PlanWorker, PlanWorkstream } from '#shared/planning/index.ts';
import { stream, workers } from '../../shared/planning/plan-samples.ts';
import type { Random } from '../random.ts';
import type { FateField } from './draw-fate.ts';
import type { Draw } from './draw-script.ts';
import type { GateChange } from './plan-script.ts';

/** What all tasks of a script are drawn from. */
export interface Field extends FateField {
  readonly draw: Draw;
  /** The longest estimate, in steps. */
  readonly mostSteps: number;
  /** How far back a task waits: a small reach makes chains and layers, a large one wide graphs. */
  readonly reach: number;
  readonly parallel: number;
  readonly workers: readonly PlanWorker[];
  readonly tools: ReadonlyMap<string, number>;
  /** Units: micros. */
  readonly budgets: ReadonlyMap<string, bigint>;
  readonly gates: readonly GateChange[];
  readonly gateIds: readonly string[];
  readonly phaseIds: readonly string[];
  readonly streamCount: number;
  /** About how long the plan would take were workers its only limit. */
  readonly horizonMs: Ms;
  readonly onFailure: FailurePolicy;
}

const POLICIES: readonly FailurePolicy[] = [
  'skip_dependents',
  'skip_dependents',
  'continue',
  'continue',
  'fix_task',
  'fix_task',
  'escalate',
  'fail_fast',
];

/** What a task of a run or a workstream does about failure. */
export const drawPolicy = (random: Random): FailurePolicy => random.pick(POLICIES);

/** The surroundings of a script of one of the kinds with a graph. */
export function drawField(draw: Draw, random: Random): Field {
  const { kind, size } = draw;
  const isLarge = size > 1000;
  const isFree = kind === 'free';
  const hands = isLarge ? random.between(16, 64) : random.between(2, 16);
  const grain = toGrain(size);
  const horizonMs = (size * grain.stepMs * (grain.mostSteps + 1)) / (2 * hands);
  const phases = isFree ? 1 : random.between(1, 3);
  const gateIds = ['review', 'tests', 'audit', 'legal'].slice(0, random.between(1, 4));
  return {
    draw,
    random,
    ...grain,
    reach: random.between(1, size),
    parallel: isFree ? 64 : random.between(Math.ceil(hands / 2), hands + 2),
    workers: isFree ? workers(hands) : drawWorkers(random, hands),
    tools: isFree ? new Map() : drawTools(random, hands),
    budgets: isFree ? new Map() : drawBudgets(random, size),
    gates: isFree
      ? []
      : gateIds.flatMap((id) => drawGate(random, id, { horizonMs, ...grain })).sort(byTime),
    gateIds,
    phaseIds: Array.from({ length: phases }, (_none, index) => `phase-${index}`),
    streamCount: Math.max(phases, random.between(1, Math.ceil(size / 12))),
    horizonMs,
    onFailure: drawPolicy(random),
    failingShare: kind === 'failing' ? Math.min(0.1, 12 / size) : 0,
    retryShare: isFree ? 0 : 0.05,
    isExact: isFree,
  };
}

/** Large plans are drawn in fewer and longer steps, so that they have not many more moments than tasks by workers. */
export const toGrain = (size: number): Pick<Field, 'stepMs' | 'mostSteps'> =>
  size > 1000 ? { stepMs: 15 * MINUTE_MS, mostSteps: 4 } : { stepMs: 5 * MINUTE_MS, mostSteps: 12 };

const byTime = (one: GateChange, other: GateChange): number => one.atMs - other.atMs;

/** Of every two workers one has an affinity, and each has some of the abilities. */
function drawWorkers(random: Random, count: number): readonly PlanWorker[] {
  return workers(count).map((worker, index) => ({
    ...worker,
    capabilities: ['go', 'sql', 'web', 'pdf'].filter(() => random.chance(0.6)),
    ...(index % 2 === 0 && { affinity: random.pick(['dana', 'eli', 'noor']) }),
  }));
}

function drawTools(random: Random, hands: number): ReadonlyMap<string, number> {
  const names = ['editor', 'linter', 'prover'].slice(0, random.between(1, 3));
  return new Map(
    names.map((name) => [name, Math.max(1, Math.round(hands * (0.2 + 0.6 * random.next())))]),
  );
}

/** Each budget covers between a third of what is wanted of it and all. */
function drawBudgets(random: Random, size: number): ReadonlyMap<string, bigint> {
  const share = (): bigint => BigInt(Math.ceil(size * 500 * (0.2 + random.next())));
  return new Map([
    ['project', share()],
    ['tools', share()],
  ]);
}

/** A gate is met in the end; before that it may fail, or be met and fail again. */
function drawGate(
  random: Random,
  gateId: string,
  { horizonMs, stepMs }: Pick<Field, 'horizonMs' | 'stepMs'>,
): readonly GateChange[] {
  const atMs = (): Ms => stepMs * Math.floor((horizonMs * random.next()) / (2 * stepMs));
  const times = [atMs(), atMs(), atMs()].sort((one, other) => one - other);
  const statuses = random.pick([['met'], ['failed', 'met'], ['met', 'failed', 'met']] as const);
  return statuses.map((status, place) => ({ gateId, status, atMs: times[place] ?? 0 }));
}

/** Which workstream a task belongs to: each has a stretch of the tasks, so that edges run forward among them too. */
export const toStreamNumber = ({ streamCount, draw }: Field, index: number): number =>
  Math.floor((index * streamCount) / draw.size);

/** The id of a workstream. */
export const toStreamId = (number: number): string => `ws-${number}`;

/** Which phase a workstream belongs to; each has a stretch of them. */
export const toPhaseNumber = ({ streamCount, phaseIds }: Field, number: number): number =>
  Math.floor((number * phaseIds.length) / streamCount);

/** The workstreams of a field, some of which wait for an earlier one or for a gate. */
export function drawWorkstreams(field: Field): readonly PlanWorkstream[] {
  const { random, draw, streamCount, phaseIds } = field;
  return Array.from({ length: streamCount }, (_none, number) => {
    const mode = random.pick(['parallel', 'parallel', 'parallel_groups', 'sequential'] as const);
    return stream(toStreamId(number), {
      phaseId: phaseIds[toPhaseNumber(field, number)] ?? '',
      dependsOn: drawStreamWaits(field, number),
      concurrency: { mode, maxParallel: random.between(1, 12) },
      ...(draw.kind === 'failing' && random.chance(0.3) && { onFailure: drawPolicy(random) }),
    });
  });
}

function drawStreamWaits({ random, gateIds }: Field, number: number): readonly PlanDependency[] {
  const waits: PlanDependency[] = [];
  const condition = random.pick(['success', 'success', 'finished', 'always'] as const);
  if (number > 0 && random.chance(0.15)) {
    const fromId = toStreamId(random.between(Math.max(0, number - 6), number - 1));
    waits.push({ kind: 'workstream', fromId, condition });
  }
  if (random.chance(0.05)) waits.push({ kind: 'gate', fromId: random.pick(gateIds), condition });
  return waits;
}
