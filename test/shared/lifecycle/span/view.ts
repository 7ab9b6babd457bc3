import { toInstant } from '#shared/kernel/index.ts';
import * as lifecycle from '#shared/lifecycle/index.ts';

/** The n-th minute of a test. */
export const minute = (n: number): ReturnType<typeof toInstant> => toInstant(n * 60_000);

/** A view of a running run without anything in it but what is given. */
export const toView = (parts: Partial<lifecycle.RunView> = {}): lifecycle.RunView => ({
  run: { ...lifecycle.runDecider.initial, runId: 'R1', runConfigId: 'C1', state: 'running' },
  onFailure: 'skip_dependents',
  phases: [],
  workstreams: [],
  tasks: [],
  steps: [],
  dependencies: [],
  workers: [],
  checks: [],
  patches: [],
  decisions: [],
  ...parts,
});

/** A task in any state. */
export const toTask = (parts: Partial<lifecycle.Task>): lifecycle.Task => ({
  ...lifecycle.taskDecider.initial,
  taskId: 'T1',
  workstreamId: 'S1',
  maxAttempts: 3,
  createdAt: minute(0),
  ...parts,
});

/** A step attempt in any state. */
export const toStep = (parts: Partial<lifecycle.Step>): lifecycle.Step => ({
  ...lifecycle.stepDecider.initial,
  stepAttemptId: 'A1',
  taskId: 'T1',
  ...parts,
});

/** A worker in any state. */
export const toWorker = (parts: Partial<lifecycle.Worker>): lifecycle.Worker => ({
  ...lifecycle.workerDecider.initial,
  workerId: 'W1',
  createdAt: minute(0),
  ...parts,
});

/** A workstream in any state. */
export const toWorkstream = (parts: Partial<lifecycle.Workstream>): lifecycle.Workstream => ({
  ...lifecycle.workstreamDecider.initial,
  workstreamId: 'S1',
  ...parts,
});

/** A patch in any state. */
export const toPatch = (parts: Partial<lifecycle.Patch>): lifecycle.Patch => ({
  ...lifecycle.patchDecider.initial,
  patchId: 'P1',
  createdAt: minute(0),
  ...parts,
});

/** A gate check in any state. */
export const toCheck = (parts: Partial<lifecycle.GateCheck>): lifecycle.GateCheck => ({
  ...lifecycle.gateCheckDecider.initial,
  checkRunId: 'K1',
  gateId: 'G1',
  checkId: 'unit',
  ...parts,
});
