import { type Instant, MINUTE_MS, toInstant } from '#shared/kernel/index.ts';
import type {
  Capacities,
  Plan,
  PlanDependency,
  PlanTask,
  PlanWorker,
  PlanWorkstream,
  RunStanding,
  Situation,
  TaskStanding,
} from '#shared/planning/index.ts';

export const START_MS = Date.UTC(2026, 2, 2, 9);
export const START: Instant = toInstant(START_MS);
export const later = (minutes: number): Instant => toInstant(START_MS + minutes * MINUTE_MS);

/** A task of one hour without any wish. */
export const task = (taskId: string, wishes: Partial<PlanTask> = {}): PlanTask => ({
  taskId,
  workstreamId: 'stream',
  kind: 'code',
  createdAt: START,
  priority: 'normal',
  estimateMs: 60 * MINUTE_MS,
  dependsOn: [],
  locks: [],
  requiredCapabilities: [],
  budgetDemands: [],
  parallelOk: true,
  ...wishes,
});

export const after = (...ids: readonly string[]): readonly PlanDependency[] =>
  ids.map((fromId) => ({ fromId, kind: 'task', condition: 'success' }));

export const write = (...paths: readonly string[]): PlanTask['locks'] =>
  paths.map((path) => ({ path, mode: 'write' }));

export const stream = (
  workstreamId: string,
  wishes: Partial<PlanWorkstream> = {},
): PlanWorkstream => ({
  workstreamId,
  phaseId: 'build',
  dependsOn: [],
  concurrency: { mode: 'parallel', maxParallel: 64 },
  ...wishes,
});

export const planOf = (tasks: readonly PlanTask[], wishes: Partial<Plan> = {}): Plan => ({
  runId: 'run',
  phaseIds: ['build'],
  workstreams: [stream('stream')],
  tasks,
  maxParallel: 64,
  onFailure: 'skip_dependents',
  ...wishes,
});

export const workers = (count: number): readonly PlanWorker[] =>
  Array.from({ length: count }, (_, index) => ({ workerId: `worker-${index}`, capabilities: [] }));

export const capacitiesOf = (wishes: Partial<Capacities> = {}): Capacities => ({
  workers: workers(8),
  tools: new Map(),
  budgets: new Map(),
  ...wishes,
});

export const standing = (
  tasks: Readonly<Record<string, TaskStanding>> = {},
  wishes: Partial<RunStanding> = {},
): RunStanding => ({
  run: 'running',
  tasks: new Map(Object.entries(tasks)),
  workstreams: new Map(),
  phases: new Map(),
  gates: new Map(),
  ...wishes,
});

export const situationOf = (wishes: Partial<Situation> = {}): Situation => ({
  now: START,
  standing: standing(),
  capacities: capacitiesOf(),
  ...wishes,
});
