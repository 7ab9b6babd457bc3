import * as fc from 'fast-check';
import type { Lineage, Session, Task } from '#shared/variance/index.ts';

/** One task of a random forest, its children inside it. */
export interface Tree {
  readonly baselineMs?: number;
  readonly isFinished: boolean;
  readonly runs: readonly Omit<Session, 'runId' | 'taskId'>[];
  readonly children: readonly Tree[];
}

const lineage: fc.Arbitrary<Lineage> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom('W1', 'W2').map((id) => ({ kind: 'resolved', id }) as const),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom({ kind: 'unresolved' } as const, { kind: 'conflict' } as const),
  },
);

const toRuns = (group: fc.Arbitrary<Lineage>) =>
  fc.array(
    fc.record({
      groups: group.map((workflow) => ({ workflow })),
      netMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 50_000_000 })),
      standing: fc.oneof(
        { weight: 12, arbitrary: fc.constant('counted' as const) },
        { weight: 1, arbitrary: fc.constantFrom('open', 'suspect', 'invalid') },
      ),
    }),
    { maxLength: 30, size: 'small' },
  );

/** Runs of one task: mostly all of one group, sometimes of several. */
const runs = fc.oneof(
  { weight: 4, arbitrary: lineage.chain((group) => toRuns(fc.constant(group))) },
  { weight: 1, arbitrary: toRuns(lineage) },
);

const node = (children: fc.Arbitrary<readonly Tree[]>): fc.Arbitrary<Tree> =>
  fc.record(
    {
      baselineMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 100_000_000 })),
      isFinished: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, fc.boolean()),
      runs,
      children,
    },
    { requiredKeys: ['isFinished', 'runs', 'children'] },
  );

const NO_CHILDREN: fc.Arbitrary<readonly Tree[]> = fc.constant([]);
const { forest } = fc.letrec<{ forest: readonly Tree[] }>((tie) => ({
  forest: fc.array(
    fc.oneof({ maxDepth: 4, depthIdentifier: 'tasks' }, node(NO_CHILDREN), node(tie('forest'))),
    { maxLength: 4, depthIdentifier: 'tasks' },
  ),
}));

/** Random forests of tasks, up to five deep, with up to 30 runs each. */
export const anyForest = forest;

/** The same forest as flat rows, ids by path. */
export function flatten(
  trees: readonly Tree[],
  above?: string,
): { tasks: Task[]; sessions: Session[] } {
  const tasks: Task[] = [];
  const sessions: Session[] = [];
  for (const [index, { baselineMs, isFinished, runs: own, children }] of trees.entries()) {
    const taskId = above === undefined ? `T${index}` : `${above}.${index}`;
    const parent = above === undefined ? {} : { parentId: above };
    const baseline = baselineMs === undefined ? {} : { baselineMs };
    tasks.push({ taskId, name: taskId, isFinished, ...parent, ...baseline });
    sessions.push(...own.map((run, nth) => ({ ...run, runId: `${taskId}#${nth}`, taskId })));
    const below = flatten(children, taskId);
    tasks.push(...below.tasks);
    sessions.push(...below.sessions);
  }
  return { tasks, sessions };
}
