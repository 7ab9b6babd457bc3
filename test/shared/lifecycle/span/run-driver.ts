import * as fc from 'fast-check';
import {
  type DependencyCondition,
  FAILURE_POLICIES,
  type FailureDecision,
  type FailurePolicy,
  listFailedCriticals,
  listInputs,
  type RunView,
  type SpanStep,
  spreadFailure,
  type Task,
  toFailurePolicy,
  type Workstream,
} from '#shared/lifecycle/index.ts';
import { applySteps, asked, born, emptyView, go } from './run-bench.ts';

/** A small run and how it will go: which tasks fail, and what a person decides about what is escalated. */
export interface Story {
  readonly onFailure: FailurePolicy;
  readonly maxFixLoops: number;
  /** Task counts by workstream. */
  readonly workstreams: readonly StoryWorkstream[];
  readonly decision: FailureDecision['policy'];
}

interface StoryWorkstream {
  readonly isCritical: boolean;
  readonly onFailure: FailurePolicy | undefined;
  readonly waitsForEarlier: boolean;
  readonly tasks: readonly StoryTask[];
}

interface StoryTask {
  readonly isCritical: boolean;
  readonly isFailing: boolean;
  readonly onFailure: FailurePolicy | undefined;
  /** How far back in the plan lies what it waits for; 0 for nothing. */
  readonly waitsFor: number;
  readonly condition: DependencyCondition;
}

const anyPolicy = fc.constantFrom(...FAILURE_POLICIES);
const maybePolicy = fc.option(anyPolicy, { nil: undefined, freq: 2 });

/** Any story of up to three workstreams and twelve tasks. */
export const anyStory: fc.Arbitrary<Story> = fc.record({
  onFailure: anyPolicy,
  maxFixLoops: fc.nat({ max: 2 }),
  decision: fc.constantFrom('fail_fast', 'continue', 'skip_dependents', 'fix_task'),
  workstreams: fc.array(
    fc.record({
      isCritical: fc.boolean(),
      onFailure: maybePolicy,
      waitsForEarlier: fc.boolean(),
      tasks: fc.array(
        fc.record({
          isCritical: fc.boolean(),
          isFailing: fc.boolean(),
          onFailure: maybePolicy,
          waitsFor: fc.nat({ max: 4 }),
          condition: fc.constantFrom('success', 'finished', 'always'),
        }),
        { maxLength: 4 },
      ),
    }),
    { minLength: 1, maxLength: 3 },
  ),
});

/** The run of a story after some of its moves, at most; each move is carried out by the deciders, and a refused one throws. */
export function drive(story: Story, moves = 1_000): RunView {
  let view = toStart(story);
  const failing = listFailing(story);
  for (let move = 0; move < moves; move += 1) {
    const next = findMove(view, story, failing);
    if (next === undefined) break;
    view = next();
  }
  return view;
}

const isFinal = ({ state }: { readonly state: string }): boolean =>
  ['completed', 'failed', 'canceled', 'skipped'].includes(state);

type Move = () => RunView;

function findMove(view: RunView, story: Story, failing: ReadonlySet<string>): Move | undefined {
  if (view.run.state === 'failed') return undefined;
  const steps = findBeginning(view);
  if (steps !== undefined) return () => applySteps(view, steps);
  const running = view.tasks.find(({ state }) => state === 'running');
  if (running !== undefined) return () => finish(view, running, failing);
  if (view.run.state === 'paused') return () => decideEscalated(view, story);
  const done = view.workstreams.find(
    ({ workstreamId, state }) =>
      state === 'executing' &&
      view.tasks.filter((task) => task.workstreamId === workstreamId).every(isFinal),
  );
  return done === undefined ? undefined : () => close(view, done);
}

function findBeginning(view: RunView): readonly SpanStep[] | undefined {
  const inputs = listInputs(view);
  const isFree = (id: string) => (inputs.get(id)?.openDependencies ?? []).length === 0;
  const isAt = (id: string) =>
    view.workstreams.some((one) => one.workstreamId === id && one.state === 'executing');
  const planned = view.workstreams.find(
    (one) => one.state === 'planned' && isFree(one.workstreamId),
  );
  if (planned !== undefined) return [go.release(planned.workstreamId)];
  const pending = view.tasks.find(
    (one) => one.state === 'pending' && isAt(one.workstreamId) && isFree(one.taskId),
  );
  if (pending !== undefined) return [go.queue(pending.taskId)];
  if (view.run.state !== 'running') return undefined;
  const ready = view.workstreams.find(({ state }) => state === 'ready');
  if (ready !== undefined) return [go.execute(ready.workstreamId)];
  const id = view.tasks.find(({ state }) => state === 'queued')?.taskId;
  if (id === undefined) return undefined;
  return [...go.staff(`W-${id}`), ...go.take(id, `W-${id}`)];
}

function finish(view: RunView, { taskId: id }: Task, failing: ReadonlySet<string>): RunView {
  if (!failing.has(id)) return applySteps(view, go.complete(id, `W-${id}`));
  return spread(applySteps(view, go.fail(id, `W-${id}`)), id);
}

function spread(view: RunView, taskId: string): RunView {
  const { steps } = spreadFailure(view, { ...asked(4), taskId, fixTaskId: `${taskId}+` });
  return applySteps(view, steps);
}

function decideEscalated(view: RunView, { decision }: Story): RunView {
  const waiting = view.tasks.filter(
    (one) => one.state === 'failed' && toFailurePolicy(view, one) === 'escalate',
  );
  const decisions = waiting.map(({ taskId }) => ({ taskId, policy: decision }));
  const resume = {
    ...asked(5),
    type: 'resume',
    isHardStopped: false,
    isBudgetReservable: true,
  } as const;
  const resumed = applySteps(view, [{ entity: 'run', id: 'R1', command: resume }]);
  const decided = { ...resumed, decisions: [...view.decisions, ...decisions] };
  return waiting.reduce<RunView>(
    (before, { taskId }) => (before.run.state === 'running' ? spread(before, taskId) : before),
    decided,
  );
}

function close(view: RunView, { workstreamId: id }: Workstream): RunView {
  const counts = { completed: 0, failed: 0, canceled: 0 };
  const validate = { ...asked(6), type: 'begin_validation', openTasks: 0, ...counts } as const;
  const failedCriticals = listFailedCriticals(view, id);
  const facts = { unmetChecks: [], failedCriticals, openGates: [], ...counts };
  return applySteps(view, [
    { entity: 'workstream', id, command: validate },
    { entity: 'workstream', id, command: { ...asked(6), type: 'complete', ...facts } },
  ]);
}

const toTaskId = (workstream: number, task: number) => `T${workstream}-${task}`;

function listFailing({ workstreams }: Story): ReadonlySet<string> {
  const ids = workstreams.flatMap(({ tasks }, at) =>
    tasks.flatMap(({ isFailing }, index) => (isFailing ? [toTaskId(at, index)] : [])),
  );
  // A repair of every second failing task fails as well.
  return new Set([...ids, ...ids.filter((_id, index) => index % 2 === 0).map((id) => `${id}+`)]);
}

function toStart(story: Story): RunView {
  const dependencies: { fromId: string; toId: string; condition: DependencyCondition }[] = [];
  const births: SpanStep[] = [
    born.run(story.maxFixLoops),
    born.phase('F1', 1),
    born.phase('F2', 2),
  ];
  const taskIds: string[] = [];
  for (const [at, { tasks, waitsForEarlier, ...rest }] of story.workstreams.entries()) {
    births.push(born.workstream(`S${at}`, given(rest)));
    if (waitsForEarlier && at > 0) {
      dependencies.push({ fromId: `S${at - 1}`, toId: `S${at}`, condition: 'success' });
    }
    for (const [index, { waitsFor, condition, isCritical, onFailure }] of tasks.entries()) {
      const toId = toTaskId(at, index);
      births.push(born.task(toId, given({ workstreamId: `S${at}`, isCritical, onFailure })));
      const fromId = waitsFor === 0 ? undefined : taskIds.at(-waitsFor);
      if (fromId !== undefined) dependencies.push({ fromId, toId, condition });
      taskIds.push(toId);
    }
  }
  const view = { ...emptyView, onFailure: story.onFailure, dependencies };
  return applySteps(view, [...births, go.startRun(), go.activate('F1')]);
}

const given = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
