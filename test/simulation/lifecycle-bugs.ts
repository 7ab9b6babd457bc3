import type { Decider } from '#shared/kernel/index.ts';
import { DECIDERS } from './lifecycle-walk.ts';

type Deciders = typeof DECIDERS;

/** The machines with one of them made faulty. */
export interface PlantedBug {
  readonly name: string;
  readonly deciders: Deciders;
}

/** A decider that asks another for everything but what it is made to get wrong. */
const spoil = <Command, State, Event, Refusal>(
  decider: Decider<Command, State, Event, Refusal>,
  fault: Partial<Decider<Command, State, Event, Refusal>>,
): Decider<Command, State, Event, Refusal> => ({ ...decider, ...fault });

const { run, task, workstream, phase, step, worker, patch, gateCheck, breaker } = DECIDERS;

/** One fault for each machine, of the kinds that slip in: a guard forgotten, a stamp rewritten, a count that is off by one. */
export const PLANTED_BUGS: readonly PlantedBug[] = [
  {
    name: 'a run starts without a budget',
    deciders: {
      ...DECIDERS,
      run: spoil(run, {
        decide: (command, state) =>
          run.decide(
            command.type === 'start' ? { ...command, isBudgetReservable: true } : command,
            state,
          ),
      }),
    },
  },
  {
    name: 'a task is tried once more than it may be',
    deciders: {
      ...DECIDERS,
      task: spoil(task, {
        decide: (command, state) =>
          task.decide(command, { ...state, maxAttempts: state.maxAttempts + 1 }),
      }),
    },
  },
  {
    name: 'a workstream forgets its rounds of repair',
    deciders: {
      ...DECIDERS,
      workstream: spoil(workstream, {
        evolve: (state, event) => ({ ...workstream.evolve(state, event), fixLoops: 0 }),
      }),
    },
  },
  {
    name: 'a phase is completed past its gates',
    deciders: {
      ...DECIDERS,
      phase: spoil(phase, {
        decide: (command, state) =>
          phase.decide(command, command.type === 'complete' ? { ...state, gateIds: [] } : state),
      }),
    },
  },
  {
    name: 'a step attempt takes the time it was routed for its start',
    deciders: {
      ...DECIDERS,
      step: spoil(step, {
        evolve: (state, event) => {
          const after = step.evolve(state, event);
          const { createdAt } = after;
          return event.type === 'step_started' && createdAt !== undefined
            ? { ...after, startedAt: createdAt }
            : after;
        },
      }),
    },
  },
  {
    name: 'a worker is lost one millisecond early',
    deciders: {
      ...DECIDERS,
      worker: spoil(worker, {
        decide: (command, state) => {
          const { config } = state;
          const lostAfterMs = config.lostAfterMs - 1;
          return worker.decide(command, { ...state, config: { ...config, lostAfterMs } });
        },
      }),
    },
  },
  {
    name: 'a patch is committed on a tree that was not verified',
    deciders: {
      ...DECIDERS,
      patch: spoil(patch, {
        decide: (command, state) => {
          if (command.type !== 'commit') return patch.decide(command, state);
          const { treeHash } = command;
          return patch.decide(command, { ...state, apply: { ...state.apply, treeHash } });
        },
      }),
    },
  },
  {
    name: 'a gate check may be over without an end',
    deciders: {
      ...DECIDERS,
      gateCheck: spoil(gateCheck, {
        evolve: (state, event) => {
          const { endedAt: _endedAt, ...after } = gateCheck.evolve(state, event);
          return after;
        },
      }),
    },
  },
  {
    name: 'a breaker does not cool down longer after a failed probe',
    deciders: {
      ...DECIDERS,
      breaker: spoil(breaker, {
        evolve: (state, event) => {
          const after = breaker.evolve(state, event);
          return event.type === 'breaker_reopened'
            ? { ...after, cooldownMs: state.cooldownMs }
            : after;
        },
      }),
    },
  },
];
