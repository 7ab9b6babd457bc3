import { describe, expect, it } from 'vitest';
import { type Instant, toInstant } from '#shared/kernel/index.ts';
import { findBeginnings } from '#shared/variance/index.ts';

const at = (hour: number): Instant => toInstant(Date.UTC(2026, 2, 2, hour));
const PARENTS = new Map([
  ['child', 'parent'],
  ['parent', 'root'],
  ['loop', 'pool'],
  ['pool', 'loop'],
]);

describe('findBeginnings', () => {
  it('takes the earliest known start of a task and of all below it, in any order', () => {
    const runs = [
      { taskId: 'parent', startedAt: at(9) },
      { taskId: 'child', startedAt: at(8) },
      { taskId: 'child', startedAt: at(10) },
      { taskId: 'child' },
    ];
    for (const told of [runs, [...runs].reverse()]) {
      expect(findBeginnings(PARENTS, told)).toEqual(
        new Map([
          ['child', at(8)],
          ['parent', at(8)],
          ['root', at(8)],
        ]),
      );
    }
  });

  it('knows of a beginning whose start nobody wrote down', () => {
    const beginnings = findBeginnings(PARENTS, [{ taskId: 'child' }, { startedAt: at(7) }]);
    expect([...beginnings]).toEqual([
      ['child', 'unknown'],
      ['parent', 'unknown'],
      ['root', 'unknown'],
    ]);
  });

  it('ends where tasks are each other’s parents', () => {
    const runs = [{ taskId: 'loop', startedAt: at(9) }, { taskId: 'pool' }];
    expect([...findBeginnings(PARENTS, runs).values()]).toEqual([at(9), at(9)]);
  });
});
