import { describe, expect, it } from 'vitest';
import {
  type PatchState,
  patchDecider,
  type RunView,
  runDecider,
  taskDecider,
  toSuccessFacts,
  type WorkstreamState,
  workstreamDecider,
} from '#shared/lifecycle/index.ts';
import { asked, emptyView } from './run-bench.ts';

const workstream = (state: WorkstreamState, isCritical: boolean) => ({
  ...workstreamDecider.initial,
  state,
  isCritical,
});
const patch = (state: PatchState, isRequired: boolean) => ({
  ...patchDecider.initial,
  state,
  isRequired,
});
const factsOf = (view: Partial<RunView>) => toSuccessFacts({ ...emptyView, ...view }, [], false);

describe('toSuccessFacts', () => {
  it('has nothing open where there is nothing', () => {
    expect(factsOf({})).toEqual({
      openGates: [],
      openWorkstreams: 0,
      openPatches: 0,
      hasAcceptance: false,
      waivedGates: [],
      failedWorkstreams: 0,
      tasksCompleted: 0,
    });
  });

  it.each(['FAILED', 'ERROR', 'INCONCLUSIVE', 'NOT_RUN', 'STALE'])(
    'takes a gate that is %s for open, beside passed and waived ones',
    (status) => {
      const gates = [
        { gateId: 'G1', status: 'PASSED' },
        { gateId: 'G2', status },
        { gateId: 'G3', status: 'WAIVED' },
      ];
      expect(toSuccessFacts(emptyView, gates, false)).toMatchObject({
        openGates: ['G2'],
        waivedGates: ['G3'],
        hasAcceptance: true,
      });
    },
  );

  it('has acceptance by checks alone', () => {
    expect(toSuccessFacts(emptyView, [], true).hasAcceptance).toBe(true);
  });

  // biome-ignore format: a table is read by its columns
  it.each<[WorkstreamState, number, number]>([
    // state       critical  other
    ['planned',    1,        1],
    ['ready',      1,        1],
    ['blocked',    1,        1],
    ['executing',  1,        1],
    ['validating', 1,        1],
    ['completed',  0,        0],
    ['skipped',    0,        0],
    ['failed',     1,        0],
    ['canceled',   1,        1],
  ])('counts a workstream that is %s as open %i when critical and %i when not', (state, critical, other) => {
    expect(factsOf({ workstreams: [workstream(state, true)] }).openWorkstreams).toBe(critical);
    expect(factsOf({ workstreams: [workstream(state, false)] }).openWorkstreams).toBe(other);
    const { failedWorkstreams } = factsOf({ workstreams: [workstream(state, false)] });
    expect(failedWorkstreams).toBe(state === 'failed' ? 1 : 0);
  });

  // biome-ignore format: a table is read by its columns
  it.each<[PatchState, number, number]>([
    // state         required  other
    ['created',      1,        1],
    ['validated',    1,        1],
    ['queued',       1,        1],
    ['applied',      1,        1],
    ['apply_failed', 1,        1],
    ['verified',     1,        1],
    ['committed',    0,        0],
    ['rolled_back',  1,        0],
    ['quarantined',  1,        0],
    ['dropped',      1,        0],
  ])('counts a patch that is %s as open %i when required and %i when not', (state, required, other) => {
    expect(factsOf({ patches: [patch(state, true)] }).openPatches).toBe(required);
    expect(factsOf({ patches: [patch(state, false)] }).openPatches).toBe(other);
  });

  it('counts completed tasks, and lets a run succeed degraded', () => {
    const tasks = [
      { ...taskDecider.initial, state: 'completed' },
      { ...taskDecider.initial, state: 'failed' },
      { ...taskDecider.initial, state: 'canceled' },
    ] as const;
    const workstreams = [workstream('failed', false), workstream('completed', true)];
    const facts = factsOf({ tasks, workstreams });
    expect(facts).toMatchObject({ tasksCompleted: 1, failedWorkstreams: 1, openWorkstreams: 0 });
    const run = { ...runDecider.initial, state: 'running' } as const;
    const succeed = { ...asked(1), type: 'succeed', ...facts } as const;
    expect(runDecider.decide(succeed, run).ok).toBe(true);
  });
});
