import { type Decider, type Instant, toInstant } from '#shared/kernel/index.ts';
import * as lifecycle from '#shared/lifecycle/index.ts';
import { MEANS_DRAWS } from './lifecycle-draws-of-means.ts';
import { WORK_DRAWS } from './lifecycle-draws-of-work.ts';
import type { Draw } from './lifecycle-facts.ts';
import {
  hasWayOut,
  isIn,
  judgeModel,
  type Model,
  type ModelMachine,
  UNBORN,
} from './lifecycle-model.ts';
import * as means from './lifecycle-rows-of-means.ts';
import * as work from './lifecycle-rows-of-work.ts';
import { createRandom, type Random } from './random.ts';

/** Where machine and model do not say the same. */
export interface Disagreement {
  readonly machine: string;
  readonly step: number;
  readonly command: unknown;
  readonly expected: unknown;
  readonly received: unknown;
}

/** What a walk has come across. */
export interface WalkReport {
  readonly steps: number;
  readonly accepted: number;
  /** Pairs of state and trigger it has tried, by machine. */
  readonly pairs: ReadonlySet<string>;
  /** Codes it was refused with. */
  readonly codes: ReadonlySet<string>;
  readonly disagreement?: Disagreement;
}

/** A machine under test; what it has in common with the others. */
interface State {
  readonly state: string;
  readonly version: number;
  readonly lastAt?: Instant;
  readonly createdAt?: Instant;
  readonly queuedAt?: Instant;
  readonly startedAt?: Instant;
  readonly endedAt?: Instant;
  readonly closedAt?: Instant;
}

/** The decider of each machine; a test may plant a faulty one. */
export const DECIDERS = {
  run: lifecycle.runDecider,
  task: lifecycle.taskDecider,
  workstream: lifecycle.workstreamDecider,
  phase: lifecycle.phaseDecider,
  step: lifecycle.stepDecider,
  worker: lifecycle.workerDecider,
  patch: lifecycle.patchDecider,
  gateCheck: lifecycle.gateCheckDecider,
  breaker: lifecycle.breakerDecider,
} as const;

type Stride = (random: Random) => Omit<Disagreement, 'machine' | 'step'> | Trace;
interface Trace {
  readonly pair: string;
  readonly code: string | undefined;
}

/** Commands after which an entity is left behind for a new one, on average; with no way out, sooner. */
const LIFE_STEPS = 40;
const AFTERLIFE_STEPS = 3;
/** How often any draw will do, legal or not, and how often one that ends a life. */
const ILLEGAL_CHANCE = 0.3;
const END_CHANCE = 0.15;
/** Draws in search of a legal command. */
const MOST_DRAWS = 12;

/** Walks all nine machines at random beside the model, up to the first disagreement. */
export function walkLifecycles(seed: number, steps: number, deciders = DECIDERS): WalkReport {
  const random = createRandom(seed);
  const strides = toStrides(deciders);
  const pairs = new Set<string>();
  const codes = new Set<string>();
  let accepted = 0;
  for (let step = 1; step <= steps; step += 1) {
    const { machine, stride } = random.pick(strides);
    const trace = stride(random);
    if ('command' in trace) {
      const disagreement = { machine, step, ...trace };
      return { steps: step, accepted, pairs, codes, disagreement };
    }
    pairs.add(`${machine} ${trace.pair}`);
    if (trace.code === undefined) accepted += 1;
    else codes.add(trace.code);
  }
  return { steps, accepted, pairs, codes };
}

function toStrides(deciders: typeof DECIDERS) {
  return [
    { machine: 'run', stride: toStride(deciders.run, WORK_DRAWS.run, work.run) },
    { machine: 'task', stride: toStride(deciders.task, WORK_DRAWS.task, work.task) },
    {
      machine: 'workstream',
      stride: toStride(deciders.workstream, WORK_DRAWS.workstream, work.workstream),
    },
    { machine: 'phase', stride: toStride(deciders.phase, WORK_DRAWS.phase, work.phase) },
    { machine: 'step', stride: toStride(deciders.step, WORK_DRAWS.step, work.step) },
    { machine: 'worker', stride: toStride(deciders.worker, MEANS_DRAWS.worker, means.worker) },
    { machine: 'patch', stride: toStride(deciders.patch, MEANS_DRAWS.patch, means.patch) },
    {
      machine: 'gateCheck',
      stride: toStride(deciders.gateCheck, MEANS_DRAWS.gateCheck, means.gateCheck),
    },
    {
      machine: 'breaker',
      stride: toStride(deciders.breaker, MEANS_DRAWS.breaker, means.breaker),
    },
  ] as const;
}

function toStride<
  Command extends { readonly type: string; readonly at: string; readonly by: string },
  Entity extends State,
  Event,
>(
  decider: Decider<Command, Entity, Event, { readonly code: string }>,
  draw: Draw<Command>,
  machine: ModelMachine,
): Stride {
  let entity = decider.initial;
  let model = UNBORN;
  return (random) => {
    if (random.chance(hasWayOut(machine, model.state) ? 1 / LIFE_STEPS : 1 / AFTERLIFE_STEPS)) {
      [entity, model] = [decider.initial, UNBORN];
    }
    const pair = `${model.state} `;
    const command = drawLegal(random, model, { draw, machine });
    const judged = judgeModel(machine, model, { ...command });
    const result = decider.decide(command, entity);
    const expected = judged.refused ?? show(judged.model);
    if (result.ok) entity = result.value.reduce(decider.evolve, entity);
    const received = result.ok ? read(entity) : result.refusal.code;
    if (JSON.stringify(expected) !== JSON.stringify(received))
      return { command, expected, received };
    if (judged.refused === undefined) model = judged.model;
    return { pair: `${pair}${command.type}`, code: judged.refused };
  };
}

/** Most draws are repeated until the table has them and they end nothing, so that lives get far. */
function drawLegal<Command extends { readonly type: string }>(
  random: Random,
  model: Model,
  { draw, machine }: { readonly draw: Draw<Command>; readonly machine: ModelMachine },
): Command {
  const { state } = model;
  const isWanted = ({ type }: Command) => {
    const row = machine.rows.find(({ on, from }) => on === type && isIn(state, from));
    return row !== undefined && (!isIn(row.to, machine.closed) || random.chance(END_CHANCE));
  };
  let command = draw(random, model);
  if (!hasWayOut(machine, state) || random.chance(ILLEGAL_CHANCE)) return command;
  for (let draws = 1; draws < MOST_DRAWS && !isWanted(command); draws += 1) {
    command = draw(random, model);
  }
  return command;
}

/** What can be seen of a machine and of its model alike: the state, how often it moved, and its stamps. */
function read(entity: State): readonly unknown[] {
  const { state, version, lastAt, createdAt, queuedAt, startedAt, endedAt, closedAt } = entity;
  return [state, version, lastAt, createdAt, queuedAt, startedAt, endedAt ?? closedAt];
}

function show({ state, version, lastMs, ...model }: Model): readonly unknown[] {
  const stamps = [lastMs, model.createdMs, model.queuedMs, model.startedMs, model.endedMs];
  return [state, version, ...stamps.map((ms) => (ms === undefined ? undefined : toInstant(ms)))];
}
