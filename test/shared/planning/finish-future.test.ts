import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { playFuture } from '#shared/planning/finish-future.ts';
import type { WorkCalendar } from '#shared/planning/work-calendar.ts';

/** Whose a leaf is, how long it takes, and which leaves before it hold it up. */
interface Given {
  readonly person: number;
  readonly workMs: number;
  readonly upstream: readonly number[];
}

const toOrder = (given: readonly Given[]) => ({
  ordered: given.map(({ person }, index) => ({
    taskId: `t${index}`,
    personId: `p${person}`,
    group: '',
    estimateMs: 1,
    spentMs: 0,
    dependsOn: [],
  })),
  waitsFor: given.map(({ upstream }) => upstream.length),
  holdsUp: given.map((_, index) =>
    given.flatMap(({ upstream }, held) => (upstream.includes(index) ? [held] : [])),
  ),
});

/** Works at the pace of its person, until a moment beyond which it never works again. */
const paced = (pace: number, lastAt: number): WorkCalendar => ({
  finish: (moment, workMs) =>
    moment + workMs * pace > lastAt ? Number.POSITIVE_INFINITY : moment + workMs * pace,
});
/** The third person stops one day, and of the fourth nothing is known. */
const CALENDARS = new Map([
  ['p0', paced(1, 1_000_000)],
  ['p1', paced(2, 1_000_000)],
  ['p2', paced(1, 12)],
]);

/** The rule word for word: whoever can begin first takes the first leaf in order by then, else the one that waits least. */
function playNaively(given: readonly Given[]): readonly number[] {
  const endAt = given.map(() => Number.POSITIVE_INFINITY);
  const done = new Set<number>();
  const freeAt = new Map<number, number>();
  for (;;) {
    const next = given
      .flatMap(({ person, upstream }, index) => {
        if (done.has(index) || !upstream.every((before) => done.has(before))) return [];
        const readyAt = Math.max(0, ...upstream.map((before) => endAt[before] ?? 0));
        return [{ index, person, startAt: Math.max(freeAt.get(person) ?? 0, readyAt) }];
      })
      .filter(({ startAt }) => Number.isFinite(startAt))
      .sort((one, other) => one.startAt - other.startAt || one.index - other.index)[0];
    if (next === undefined) return endAt;
    const end = CALENDARS.get(`p${next.person}`)?.finish(
      next.startAt,
      given[next.index]?.workMs ?? 0,
    );
    endAt[next.index] = end ?? Number.POSITIVE_INFINITY;
    freeAt.set(next.person, endAt[next.index] ?? 0);
    done.add(next.index);
  }
}

describe('playFuture', () => {
  it('plays as the rule says, whoever waits for whom', () => {
    const anyPlan = fc
      .array(fc.record({ person: fc.nat(3), workMs: fc.integer({ min: 1, max: 5 }) }), {
        maxLength: 14,
      })
      .chain((leaves) =>
        fc.tuple(
          ...leaves.map((leaf, index) =>
            fc
              .subarray(leaves.map((_, before) => before).slice(index + 1))
              .map((upstream): Given => ({ ...leaf, upstream })),
          ),
        ),
      );
    const law = fc.property(anyPlan, (given) => {
      const workMs = given.map((one) => one.workMs);
      expect(playFuture(toOrder(given), workMs, CALENDARS)).toEqual(playNaively(given));
    });
    fc.assert(law, { numRuns: 500 });
  });

  it('looks for no leaf among those that wait: 100,000 in a row are soon done', () => {
    const count = 100_000;
    const order = {
      ordered: Array.from({ length: count }, (_, index) => ({
        taskId: `t${index}`,
        personId: 'p0',
        group: '',
        estimateMs: 1,
        spentMs: 0,
        dependsOn: [],
      })),
      waitsFor: Array.from({ length: count }, (_, index) => (index === count - 1 ? 0 : 1)),
      holdsUp: Array.from({ length: count }, (_, index) => (index === 0 ? [] : [index - 1])),
    };
    const endAt = playFuture(
      order,
      order.ordered.map(() => 1),
      CALENDARS,
    );
    expect([endAt[0], endAt[count - 1]]).toEqual([count, 1]);
  });
});
