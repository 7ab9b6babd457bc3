import { toInstant } from '#shared/kernel/index.ts';
import type { JsonObject } from '#shared/ledger/index.ts';
import type { Asked } from '#shared/lifecycle/index.ts';
import type { Plan, PlanTask, RouteTool } from '#shared/planning/index.ts';
import * as scene from '../shared/ledger/record/work-scene.ts';

const { idOf } = scene;
const START_MS = 1_772_442_000_000;

/** What a tool makes of an attempt. */
export interface Outcome {
  readonly exitCode: number;
  readonly durationMs: number;
  readonly isRetryable?: boolean;
}

/** What a foreman is given: names, from which all ids come, and a table of outcomes. */
export interface Order {
  readonly run: string;
  readonly workstreams: readonly string[];
  readonly tasks: readonly OrderedTask[];
  readonly workers: readonly string[];
  readonly tools?: readonly RouteTool[];
  readonly maxParallel?: number;
  readonly outcomeOf?: (task: string, attempt: number) => Outcome;
}

/** One task by its name. */
export interface OrderedTask {
  readonly name: string;
  readonly workstream: string;
  readonly after?: readonly string[];
  readonly estimateMs?: number;
  readonly isCritical?: boolean;
  /** The failed task it repairs. */
  readonly fixes?: string;
}

/** A stamp, so many minutes into the morning. */
export const at = (minute: number, by = 'system'): Asked => ({
  at: toInstant(START_MS + minute * 60_000),
  by,
});

/** JSON of a document: what is `undefined` is left out. */
export const toJson = (document: object): JsonObject => JSON.parse(JSON.stringify(document));

/** The config of an order's run. */
export const toConfig = ({ run, maxParallel = 4 }: Order) =>
  scene.runConfig({ runConfigId: idOf(`${run} config`), maxParallel });

/** The plan of an order, as the scheduler reads it. */
export function toPlan(order: Order): Plan {
  return {
    runId: idOf(order.run),
    phaseIds: ['build'],
    workstreams: order.workstreams.map((name) => ({
      workstreamId: idOf(name),
      phaseId: 'build',
      dependsOn: [],
      concurrency: { mode: 'parallel', maxParallel: 64 },
    })),
    tasks: order.tasks.map(toPlanTask),
    maxParallel: order.maxParallel ?? 4,
    onFailure: 'skip_dependents',
  };
}

const toPlanTask = (task: OrderedTask): PlanTask => ({
  taskId: idOf(task.name),
  workstreamId: idOf(task.workstream),
  kind: 'implement',
  createdAt: toInstant(START_MS),
  priority: 'normal',
  estimateMs: task.estimateMs ?? 60_000,
  dependsOn: (task.after ?? []).map((from) => ({
    fromId: idOf(from),
    kind: 'task',
    condition: 'success',
  })),
  locks: [],
  requiredCapabilities: ['web'],
  budgetDemands: [],
  parallelOk: true,
  ...(task.fixes === undefined ? {} : { fixes: idOf(task.fixes) }),
});
