import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GroupVariance, type Session, varianceByGroup } from '#shared/variance/index.ts';
import { anyForest, flatten, type Tree } from './forest.ts';

const net = (session: Pick<Session, 'standing' | 'netMs'>) =>
  session.standing === 'counted' ? session.netMs : 0;
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
const rollUp = (trees: readonly Tree[]) => {
  const { tasks, sessions } = flatten(trees);
  return varianceByGroup(tasks, sessions);
};
const W1 = { kind: 'resolved', id: 'W1' } as const;
/** The same forest with every run in one workflow, so that sums can be taken by recursion alone. */
const inOneWorkflow = (trees: readonly Tree[]): readonly Tree[] =>
  trees.map((tree) => ({
    ...tree,
    runs: tree.runs.map((run) => ({ ...run, groups: { workflow: W1 } })),
    children: inOneWorkflow(tree.children),
  }));

const withoutRuns = (groups: readonly GroupVariance[]) =>
  groups.map(({ nRuns: _n, nAllRuns: _a, looks: _l, ...rest }) => rest);

describe('the roll-up of any forest', () => {
  it('lands every counted millisecond in exactly one group', () => {
    const law = fc.property(anyForest, (trees) => {
      const counted = sum(flatten(trees).sessions.map(net));
      expect(sum(rollUp(trees).map((group) => group.allNetMs))).toBe(counted);
    });
    fc.assert(law);
  });

  it('gives the same figures to the last bit whatever the order of the rows', () => {
    const shuffled = anyForest.chain((trees) => {
      const { tasks, sessions } = flatten(trees);
      const whole = { minLength: tasks.length, maxLength: tasks.length };
      const all = { minLength: sessions.length, maxLength: sessions.length };
      return fc.tuple(
        fc.constant(varianceByGroup(tasks, sessions)),
        fc.shuffledSubarray(tasks, whole),
        fc.shuffledSubarray(sessions, all),
      );
    });
    const law = fc.property(shuffled, ([expected, tasks, sessions]) => {
      expect(varianceByGroup(tasks, sessions)).toEqual(expected);
    });
    fc.assert(law);
  });

  it('never reads the estimate of a parent that has one below', () => {
    const hasEstimate = (tree: Tree): boolean =>
      (tree.baselineMs ?? 0) > 0 || tree.children.some(hasEstimate);
    const restate = (trees: readonly Tree[], baselineMs: number): readonly Tree[] =>
      trees.map((tree) => ({
        ...tree,
        ...(tree.children.some(hasEstimate) ? { baselineMs } : {}),
        children: restate(tree.children, baselineMs),
      }));
    const law = fc.property(anyForest, fc.nat(), (trees, baselineMs) => {
      expect(rollUp(restate(trees, baselineMs))).toEqual(rollUp(trees));
    });
    fc.assert(law);
  });

  it('changes no figure but the number of runs, and what it looks like, when a run is split', () => {
    const law = fc.property(
      anyForest,
      fc.double({ min: 0, max: 1, noNaN: true }),
      (trees, share) => {
        const { tasks, sessions } = flatten(trees);
        const halves = sessions.flatMap((session) => {
          const firstMs = Math.floor(session.netMs * share);
          const second = { ...session, runId: `${session.runId}b`, netMs: session.netMs - firstMs };
          return [{ ...session, netMs: firstMs }, second];
        });
        const [whole, split] = [varianceByGroup(tasks, sessions), varianceByGroup(tasks, halves)];
        expect(withoutRuns(split)).toEqual(withoutRuns(whole));
        expect(split.map((group) => group.nRuns)).toEqual(whole.map((group) => 2 * group.nRuns));
      },
    );
    fc.assert(law);
  });

  it('gives every total the sign of Σ actual − Σ estimate, and has one wherever there is a sample', () => {
    const law = fc.property(anyForest, (trees) => {
      for (const { total, actualMs, estimateMs, nTasks } of rollUp(trees)) {
        expect(total === null).toBe(nTasks === 0);
        expect(Math.sign(total ?? 0)).toBe(Math.sign(nTasks === 0 ? 0 : actualMs - estimateMs));
      }
    });
    fc.assert(law);
  });

  it('agrees with a recursion over the nested tree', () => {
    const law = fc.property(anyForest.map(inOneWorkflow), (trees) => {
      const [group] = rollUp(trees).filter((candidate) => candidate.bucket === 'resolved');
      const expected = sum(trees.map((tree) => recurse(tree).estimateMs));
      const actual = sum(trees.map((tree) => recurse(tree).actualMs));
      expect([group?.estimateMs ?? 0, group?.actualMs ?? 0]).toEqual([expected, actual]);
    });
    fc.assert(law);
  });
});

const baselineOf = (tree: Tree) => tree.baselineMs ?? 0;
const allOf = (tree: Tree): readonly Tree[] => [tree, ...tree.children.flatMap(allOf)];

/** Σ estimate and Σ actual of a nested tree whose runs are all of one workflow, straight from the definition. */
function recurse(tree: Tree): { estimateMs: number; actualMs: number } {
  const all = allOf(tree);
  const hasEstimateBelow = all.some((part) => part !== tree && baselineOf(part) > 0);
  if (!hasEstimateBelow && baselineOf(tree) > 0) {
    const actualMs = sureMs(all);
    return { estimateMs: actualMs > 0 ? baselineOf(tree) : 0, actualMs };
  }
  const below = tree.children.map(recurse);
  const estimateMs = sum(below.map((part) => part.estimateMs));
  const ownMs = estimateMs > 0 ? sureMs([tree]) : 0;
  return { estimateMs, actualMs: sum(below.map((part) => part.actualMs)) + ownMs };
}

/** The effort on tasks that are all finished and of which no run is suspect, else 0. */
function sureMs(parts: readonly Tree[]): number {
  const runs = parts.flatMap((part) => part.runs);
  const isSure = parts.every((part) => part.isFinished);
  return isSure && runs.every((run) => run.standing !== 'suspect') ? sum(runs.map(net)) : 0;
}
