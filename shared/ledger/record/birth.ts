import type {
  BreakerRecord,
  GateCheckRecord,
  PatchLedgerEntry,
  PhaseRecord,
  RunConfig,
  RunRecord,
  StepRecord,
  Task,
  WorkerRecord,
  WorkstreamRecord,
} from '#shared/contracts/index.ts';
import type { Asked } from '#shared/lifecycle/index.ts';
import type { StepOf } from './decide-steps.ts';
import type { Moving } from './document.ts';
import type { JsonObject } from './entry.ts';
import type { EntityType } from './machines.ts';

/** The document of each type, as its contract has it. */
export interface Records {
  readonly run: RunRecord;
  readonly phase: PhaseRecord;
  readonly workstream: WorkstreamRecord;
  readonly task: Task;
  readonly step: StepRecord;
  readonly worker: WorkerRecord;
  readonly patch: PatchLedgerEntry;
  readonly gate_check: GateCheckRecord;
  readonly breaker: BreakerRecord;
}

/** What an entity is born with: its document without what its events change. */
export type Definition<Type extends EntityType> = Omit<Records[Type], Moving<Type>>;

/** The birth of a run under its config. */
export function bearRun(
  definition: Definition<'run'>,
  { phaseIds, maxFixLoops }: Pick<RunConfig, 'phaseIds' | 'maxFixLoops'>,
  asked: Asked,
): StepOf<'run'> {
  const { runId, runConfigId, projectId, retryOf, origin } = definition;
  const { triggerType } = origin;
  const birth = { runId, maxFixLoops, runConfigId, projectId, phaseIds, triggerType };
  const command = { ...asked, type: 'create' as const, ...birth, ...given({ retryOf }) };
  return { entity: 'run', id: runId, command, definition: toJson(definition) };
}

/** The birth of a phase of a run; it is named by both. */
export function bearPhase(
  definition: Definition<'phase'>,
  { maxFixLoops }: Pick<RunConfig, 'maxFixLoops'>,
  asked: Asked,
): StepOf<'phase'> {
  const { runId, phaseId, name, category, order, gateIds } = definition;
  const birth = { phaseId, name, category, order, gateIds, maxFixLoops };
  const command = { ...asked, type: 'create' as const, ...birth };
  return { entity: 'phase', id: `${runId}/${phaseId}`, command, definition: toJson(definition) };
}

/** The birth of a workstream. */
export function bearWorkstream(
  definition: Definition<'workstream'>,
  { maxFixLoops }: Pick<RunConfig, 'maxFixLoops'>,
  asked: Asked,
): StepOf<'workstream'> {
  const { workstreamId, phaseId, name, isCritical, dependsOn, onFailure } = definition;
  const birth = { workstreamId, phaseId, name, isCritical, dependsOn, maxFixLoops };
  const command = { ...asked, type: 'create' as const, ...birth, ...given({ onFailure }) };
  return { entity: 'workstream', id: workstreamId, command, definition: toJson(definition) };
}

/** The birth of a task. */
export function bearTask(definition: Definition<'task'>, asked: Asked): StepOf<'task'> {
  const { taskId, workstreamId, kind, isCritical, dependsOn, execution } = definition;
  const { estimateMs, onFailure, fixes, resetOf } = definition;
  const { maxAttempts, retryStrategy } = execution;
  const birth = { taskId, workstreamId, kind, isCritical, dependsOn, maxAttempts, retryStrategy };
  const more = given({ estimateMs, onFailure, fixes, resetOf });
  const command = { ...asked, type: 'create' as const, ...birth, ...more };
  return { entity: 'task', id: taskId, command, definition: toJson(definition) };
}

/** The birth of one attempt of a task with one tool. An attempt is made only while its run is running. */
export function bearStep(
  definition: Definition<'step'>,
  { isRunRunning }: { readonly isRunRunning: boolean },
  asked: Asked,
): StepOf<'step'> {
  const { stepAttemptId, taskId, decisionId, toolId, attempt, sequence } = definition;
  const birth = { stepAttemptId, taskId, decisionId, toolId, attempt, sequence };
  const command = { ...asked, type: 'create' as const, isRunRunning, ...birth };
  return { entity: 'step', id: stepAttemptId, command, definition: toJson(definition) };
}

/** The birth of a worker. */
export function bearWorker(definition: Definition<'worker'>, asked: Asked): StepOf<'worker'> {
  const { workerId, workerType, adapterType, capabilities, affinity, config } = definition;
  const birth = { workerId, workerType, adapterType, capabilities, config, ...given({ affinity }) };
  const command = { ...asked, type: 'create' as const, ...birth };
  return { entity: 'worker', id: workerId, command, definition: toJson(definition) };
}

/** What the ledger must know of a patch beside its document. */
export interface PatchLimits {
  /** Whether the run may not succeed without its commit. */
  readonly isRequired: boolean;
  /** Attempts to apply it, the first included. Range: integer ≥ 1. */
  readonly maxApplyAttempts: number;
}

/** The birth of a patch. */
export function bearPatch(
  definition: Definition<'patch'>,
  limits: PatchLimits,
  asked: Asked,
): StepOf<'patch'> {
  const { patchId, taskId, workstreamId, format, scope, relations } = definition;
  const more = given({ ...relations, workstreamId });
  const birth = { patchId, taskId, format, files: scope.filesTouched, ...more, ...limits };
  const command = { ...asked, type: 'create' as const, ...birth };
  return { entity: 'patch', id: patchId, command, definition: toJson(definition) };
}

/** The birth of one run of one check of a gate. */
export function bearGateCheck(
  definition: Definition<'gate_check'>,
  asked: Asked,
): StepOf<'gate_check'> {
  const { checkRunId, gateId, checkId, checkType, required, dryRun, attempt } = definition;
  const { supersedes } = definition;
  const birth = { checkRunId, gateId, checkId, checkType, required, dryRun, attempt };
  const command = { ...asked, type: 'create' as const, ...birth, ...given({ supersedes }) };
  return { entity: 'gate_check', id: checkRunId, command, definition: toJson(definition) };
}

/** The birth of a tool's circuit breaker. */
export function bearBreaker(definition: Definition<'breaker'>, asked: Asked): StepOf<'breaker'> {
  const { toolId } = definition;
  const command = { ...asked, type: 'create' as const, toolId };
  return { entity: 'breaker', id: toolId, command, definition: toJson(definition) };
}

/** The fields that are there: a contract may say null, a birth leaves out. */
const given = <Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]?: NonNullable<Fields[Name]> } =>
  JSON.parse(JSON.stringify(fields, (_name, value: unknown) => value ?? undefined));

const toJson = (definition: object): JsonObject => JSON.parse(JSON.stringify(definition));
