import * as lifecycle from '#shared/lifecycle/index.ts';
import type { Life } from './life.ts';

/** The life of a run. */
export const RUN_LIFE: Life<lifecycle.RunState, lifecycle.RunTrigger> = {
  states: lifecycle.RUN_STATES,
  triggers: lifecycle.RUN_TRIGGERS,
  table: lifecycle.RUN_TRANSITIONS,
  running: ['running'],
  alsoClosed: ['failed'],
};

/** The life of a task. */
export const TASK_LIFE: Life<lifecycle.TaskState, lifecycle.TaskTrigger> = {
  states: lifecycle.TASK_STATES,
  triggers: lifecycle.TASK_TRIGGERS,
  table: lifecycle.TASK_TRANSITIONS,
  running: ['running'],
};

/** The life of a workstream. */
export const WORKSTREAM_LIFE: Life<lifecycle.WorkstreamState, lifecycle.WorkstreamTrigger> = {
  states: lifecycle.WORKSTREAM_STATES,
  triggers: lifecycle.WORKSTREAM_TRIGGERS,
  table: lifecycle.WORKSTREAM_TRANSITIONS,
  running: ['executing'],
};

/** The life of a phase. */
export const PHASE_LIFE: Life<lifecycle.PhaseState, lifecycle.PhaseTrigger> = {
  states: lifecycle.PHASE_STATES,
  triggers: lifecycle.PHASE_TRIGGERS,
  table: lifecycle.PHASE_TRANSITIONS,
  running: ['active'],
};

/** The life of a step attempt. */
export const STEP_LIFE: Life<lifecycle.StepState, lifecycle.StepTrigger> = {
  states: lifecycle.STEP_STATES,
  triggers: lifecycle.STEP_TRIGGERS,
  table: lifecycle.STEP_TRANSITIONS,
  running: ['running'],
};

/** The life of a worker. */
export const WORKER_LIFE: Life<lifecycle.WorkerState, lifecycle.WorkerTrigger> = {
  states: lifecycle.WORKER_STATES,
  triggers: lifecycle.WORKER_TRIGGERS,
  table: lifecycle.WORKER_TRANSITIONS,
  running: [],
};

/** The life of a patch. */
export const PATCH_LIFE: Life<lifecycle.PatchState, lifecycle.PatchTrigger> = {
  states: lifecycle.PATCH_STATES,
  triggers: lifecycle.PATCH_TRIGGERS,
  table: lifecycle.PATCH_TRANSITIONS,
  running: [],
  alsoClosed: ['committed', 'quarantined'],
};

/** The life of a gate check. */
export const GATE_CHECK_LIFE: Life<lifecycle.GateCheckState, lifecycle.GateCheckTrigger> = {
  states: lifecycle.GATE_CHECK_STATES,
  triggers: lifecycle.GATE_CHECK_TRIGGERS,
  table: lifecycle.GATE_CHECK_TRANSITIONS,
  running: ['running'],
};

/** The life of a circuit breaker. */
export const BREAKER_LIFE: Life<lifecycle.BreakerState, lifecycle.BreakerTrigger> = {
  states: lifecycle.BREAKER_STATES,
  triggers: lifecycle.BREAKER_TRIGGERS,
  table: lifecycle.BREAKER_TRANSITIONS,
  running: [],
};
