import type { Decider } from '#shared/kernel/index.ts';
import {
  type Breaker,
  type BreakerCommand,
  type BreakerEvent,
  type BreakerRefusal,
  breakerDecider,
  type GateCheck,
  type GateCheckCommand,
  type GateCheckEvent,
  type GateCheckRefusal,
  gateCheckDecider,
  type Patch,
  type PatchCommand,
  type PatchEvent,
  type PatchRefusal,
  type Phase,
  type PhaseCommand,
  type PhaseEvent,
  type PhaseRefusal,
  patchDecider,
  phaseDecider,
  type Run,
  type RunCommand,
  type RunEvent,
  type RunRefusal,
  runDecider,
  type Step,
  type StepCommand,
  type StepEvent,
  type StepRefusal,
  stepDecider,
  type Task,
  type TaskCommand,
  type TaskEvent,
  type TaskRefusal,
  taskDecider,
  type Worker,
  type WorkerCommand,
  type WorkerEvent,
  type WorkerRefusal,
  type Workstream,
  type WorkstreamCommand,
  type WorkstreamEvent,
  type WorkstreamRefusal,
  workerDecider,
  workstreamDecider,
} from '#shared/lifecycle/index.ts';

/** What each machine is asked, keeps, tells and refuses with, by the type of entity it moves. */
export interface Machines {
  readonly run: Machine<RunCommand, Run, RunEvent, RunRefusal>;
  readonly phase: Machine<PhaseCommand, Phase, PhaseEvent, PhaseRefusal>;
  readonly workstream: Machine<WorkstreamCommand, Workstream, WorkstreamEvent, WorkstreamRefusal>;
  readonly task: Machine<TaskCommand, Task, TaskEvent, TaskRefusal>;
  readonly step: Machine<StepCommand, Step, StepEvent, StepRefusal>;
  readonly worker: Machine<WorkerCommand, Worker, WorkerEvent, WorkerRefusal>;
  readonly patch: Machine<PatchCommand, Patch, PatchEvent, PatchRefusal>;
  readonly gate_check: Machine<GateCheckCommand, GateCheck, GateCheckEvent, GateCheckRefusal>;
  readonly breaker: Machine<BreakerCommand, Breaker, BreakerEvent, BreakerRefusal>;
}

/** The four types of one machine. */
export interface Machine<Command, State, Event, Refusal> {
  readonly command: Command;
  readonly state: State;
  readonly event: Event;
  readonly refusal: Refusal;
}

/** An entity with a lifecycle of its own. */
export type EntityType = keyof Machines;
/** What may be asked of an entity. */
export type CommandOf<Type extends EntityType> = Machines[Type]['command'];
/** An entity as its events have left it. */
export type StateOf<Type extends EntityType> = Machines[Type]['state'];
/** What has happened to an entity. */
export type EventOf<Type extends EntityType> = Machines[Type]['event'];
/** Why an entity says no. */
export type RefusalOf<Type extends EntityType> = Machines[Type]['refusal'];

/** The decider of each machine. */
export const DECIDERS: {
  readonly [Type in EntityType]: Decider<
    CommandOf<Type>,
    StateOf<Type>,
    EventOf<Type>,
    RefusalOf<Type>
  >;
} = {
  run: runDecider,
  phase: phaseDecider,
  workstream: workstreamDecider,
  task: taskDecider,
  step: stepDecider,
  worker: workerDecider,
  patch: patchDecider,
  gate_check: gateCheckDecider,
  breaker: breakerDecider,
};
