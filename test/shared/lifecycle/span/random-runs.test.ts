import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cancelRun,
  listStranded,
  type RunView,
  restartRun,
  type Task,
  type Workstream,
} from '#shared/lifecycle/index.ts';
import { applySteps, asked } from './run-bench.ts';
import { anyStory, drive } from './run-driver.ts';

const runs = { seed: 3, numRuns: 150 };
const moves = fc.nat({ max: 60 });

const listOpen = (view: RunView): readonly string[] =>
  [view.run, ...view.phases, ...view.workstreams, ...view.tasks, ...view.steps, ...view.checks]
    .filter(({ endedAt }) => endedAt === undefined)
    .map((one) => JSON.stringify(one));

describe('whatever fails and whatever is to be done about it', () => {
  it('every task and every workstream comes to an end', () => {
    const law = fc.property(anyStory, (story) => {
      const { tasks, workstreams, steps, workers } = drive(story);
      const open = [...tasks, ...workstreams, ...steps].filter(
        ({ endedAt }) => endedAt === undefined,
      );
      expect(open).toEqual([]);
      expect(workers.filter(({ heldTaskId }) => heldTaskId !== undefined)).toEqual([]);
    });
    fc.assert(law, runs);
  });

  it('work that waits can never begin only until the failure has been dealt with', () => {
    const law = fc.property(anyStory, moves, (story, count) => {
      expect(listStranded(drive(story, count))).toEqual({ taskIds: [], workstreamIds: [] });
    });
    fc.assert(law, runs);
  });

  it('a workstream with a running task is executing, and one that has ended has no open task', () => {
    const law = fc.property(anyStory, moves, (story, count) => {
      const view = drive(story, count);
      const within = ({ workstreamId }: Workstream) =>
        view.tasks.filter((task) => task.workstreamId === workstreamId);
      const busy = view.workstreams.filter((one) =>
        within(one).some(({ state }) => state === 'running'),
      );
      expect(busy.filter(({ state }) => state !== 'executing')).toEqual([]);
      const over = view.workstreams.filter(
        ({ state, endedAt }) => state === 'validating' || endedAt !== undefined,
      );
      expect(over.flatMap(within).filter(isOpen)).toEqual([]);
    });
    fc.assert(law, runs);
  });
});

describe('cancelRun', () => {
  it('leaves nothing open and no worker busy, whenever it comes', () => {
    const law = fc.property(anyStory, moves, (story, count) => {
      const before = drive(story, count);
      fc.pre(before.run.endedAt === undefined);
      const plan = cancelRun(before, { ...asked(9), reason: 'client left' });
      const after = applySteps(before, plan.steps);
      expect(listOpen(after)).toEqual([]);
      expect(after.workers.filter(({ heldTaskId }) => heldTaskId !== undefined)).toEqual([]);
      expect(after.run).toMatchObject({ state: 'canceled', stateReason: 'client left' });
      const freed = before.tasks.filter(isOpen).map(({ taskId }) => taskId);
      expect(new Set(plan.effects.map((effect) => JSON.stringify(effect))).size).toBe(
        2 * freed.length,
      );
    });
    fc.assert(law, runs);
  });
});

describe('restartRun', () => {
  it('takes every running task without a live lease from its worker and touches no other', () => {
    const law = fc.property(anyStory, moves, fc.nat({ max: 3 }), (story, count, kept) => {
      const before = drive(story, count);
      const running = before.tasks.filter(({ state }) => state === 'running');
      const leased = running.slice(0, kept).map(({ taskId }) => taskId);
      const after = applySteps(before, restartRun(before, leased, asked(9)).steps);
      const lost = running.slice(kept).map(({ taskId }) => taskId);
      const isLost = ({ taskId }: Task) => lost.includes(taskId);
      expect(after.tasks.filter((task) => !isLost(task))).toEqual(
        before.tasks.filter((task) => !isLost(task)),
      );
      const ends = after.tasks.filter(isLost).map((task) => [task.deadLettered, task.leaseToken]);
      expect(ends).toEqual(lost.map(() => [true, 2]));
    });
    fc.assert(law, runs);
  });
});

const isOpen = ({ endedAt }: Task): boolean => endedAt === undefined;
