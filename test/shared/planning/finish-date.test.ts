import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, HOUR_MS, weekdayOf } from '#shared/kernel/index.ts';
import {
  type FinishQuestion,
  forecastFinish,
  type OpenLeaf,
  type PersonCapacity,
  scopeGrowth,
  toRatioHistory,
} from '#shared/planning/index.ts';

/** A Monday. */
const FROM = '2026-03-02';
const WEEK = [8, 8, 8, 8, 8, 0, 0].map((hours) => hours * HOUR_MS);
const dana: PersonCapacity = { personId: 'dana', weekMs: WEEK, daysOff: [] };
const alex: PersonCapacity = { ...dana, personId: 'alex' };
const leaf = (taskId: string, hours: number, facts: Partial<OpenLeaf> = {}): OpenLeaf => ({
  taskId,
  personId: 'dana',
  group: 'audit',
  estimateMs: hours * HOUR_MS,
  spentMs: 0,
  dependsOn: [],
  ...facts,
});
/** Tasks that always end as estimated, so that dates can be counted by hand. */
const SURE = toRatioHistory(
  [0.5, 1, 2, 4, 8, 16, 40, 80].flatMap((hours) =>
    Array.from({ length: 2_000 }, () => {
      const ms = hours * HOUR_MS;
      return { group: 'audit', estimateMs: ms, actualMs: ms };
    }),
  ),
);
const ask = (leaves: readonly OpenLeaf[], facts: Partial<FinishQuestion> = {}) =>
  forecastFinish({
    leaves,
    people: [dana, alex],
    limits: [],
    history: SURE,
    usualMs: new Map(),
    from: FROM,
    seed: 7,
    draws: 40,
    commonSd: 0,
    ...facts,
  });

describe('forecastFinish, counted by hand', () => {
  it.each<[string, readonly OpenLeaf[], string]>([
    ['a day’s work on its day', [leaf('a', 8)], '2026-03-02'],
    ['an hour more on the next', [leaf('a', 9)], '2026-03-03'],
    ['a week’s work on Friday', [leaf('a', 40)], '2026-03-06'],
    ['an hour more on the Monday after', [leaf('a', 41)], '2026-03-09'],
    ['two leaves of one person one after the other', [leaf('a', 8), leaf('b', 8)], '2026-03-03'],
    [
      'two leaves of two people side by side',
      [leaf('a', 8), leaf('b', 8, { personId: 'alex' })],
      '2026-03-02',
    ],
    [
      'a leaf that waits for another person’s after it',
      [leaf('a', 8), leaf('b', 8, { personId: 'alex', dependsOn: ['a'] })],
      '2026-03-03',
    ],
    ['what was spent no more', [leaf('a', 16, { spentMs: 8 * HOUR_MS })], '2026-03-02'],
    [
      'a leaf that waits for one nobody knows at once',
      [leaf('a', 8, { dependsOn: ['elsewhere'] })],
      '2026-03-02',
    ],
  ])('ends %s', (_rule, leaves, date) => {
    expect(ask(leaves)).toMatchObject({ p50: date, p80: date, p95: date });
  });

  it('fills the wait for another person with the next leaf in order', () => {
    const leaves = [
      leaf('waits', 8, { dependsOn: ['first'] }),
      leaf('fills', 8),
      leaf('first', 8, { personId: 'alex' }),
    ];
    expect(ask(leaves).p50).toBe('2026-03-03');
  });

  it('skips days off', () => {
    const people = [{ ...dana, daysOff: ['2026-03-02', '2026-03-04'] }];
    expect(ask([leaf('a', 16)], { people }).p50).toBe('2026-03-05');
  });

  it('shrinks a sprint to what it may hold, for all people alike', () => {
    const limits = [{ startDate: FROM, endDate: '2026-03-08', capacityMs: 40 * HOUR_MS }];
    expect(ask([leaf('a', 20)], { limits }).p50).toBe('2026-03-06');
    expect(ask([leaf('a', 21)], { limits }).p50).toBe('2026-03-09');
  });

  it('takes what is left of a sprint that has begun for as slow as all of it', () => {
    const limits = [
      { startDate: '2026-02-16', endDate: '2026-02-22', capacityMs: 0 },
      { startDate: FROM, endDate: '2026-03-08', capacityMs: 40 * HOUR_MS },
    ];
    const facts = { limits, from: '2026-03-05' };
    expect(ask([leaf('a', 8)], facts).p50).toBe('2026-03-06');
    expect(ask([leaf('a', 9)], facts).p50).toBe('2026-03-09');
  });

  it('is never where nobody can work, and names who', () => {
    const people = [{ ...dana, weekMs: WEEK.map(() => 0) }];
    const leaves = [leaf('a', 1), leaf('b', 1, { personId: 'sam' })];
    expect(ask(leaves, { people, targetDate: '2030-01-01' })).toMatchObject({
      p50: null,
      p95: null,
      onTimeShare: 0,
      withoutCapacity: ['dana', 'sam'],
    });
  });

  it('lists what it cannot simulate, and what it assumed', () => {
    const { estimateMs: _, ...blank } = leaf('blank', 0);
    const leaves = [
      blank,
      { ...blank, taskId: 'usual', group: 'sales' },
      leaf('one', 1, { dependsOn: ['two'] }),
      leaf('two', 1, { dependsOn: ['one'] }),
      leaf('after', 1, { dependsOn: ['two'] }),
    ];
    expect(ask(leaves, { usualMs: new Map([['sales', 9 * HOUR_MS]]) })).toMatchObject({
      unestimatedTaskIds: ['blank'],
      assumedTaskIds: ['usual'],
      cycleTaskIds: ['one', 'two', 'after'],
      simulated: 1,
    });
  });

  it('gives no date to what waits for a leaf of unknown size, and says which', () => {
    const { estimateMs: _, ...blank } = leaf('blank', 0);
    const leaves = [
      leaf('free', 8),
      { ...blank, dependsOn: ['free'] },
      leaf('next', 8, { dependsOn: ['blank'] }),
      leaf('last', 8, { dependsOn: ['free', 'next'] }),
    ];
    expect(ask(leaves)).toMatchObject({
      p50: '2026-03-02',
      simulated: 1,
      unestimatedTaskIds: ['blank'],
      waitingTaskIds: ['next', 'last'],
      waitedForOf: new Map([
        ['next', ['blank']],
        ['last', ['blank']],
      ]),
      cycleTaskIds: [],
    });
    // With a size of its kind known, all of them are done in turn.
    expect(ask(leaves, { usualMs: new Map([['audit', 8 * HOUR_MS]]) })).toMatchObject({
      p50: '2026-03-05',
      simulated: 4,
      assumedTaskIds: ['blank'],
      unestimatedTaskIds: [],
      waitingTaskIds: [],
    });
  });

  it('tells a circle from a wait for a leaf of unknown size', () => {
    const { estimateMs: _, ...blank } = leaf('blank', 0);
    const leaves = [
      { ...blank, dependsOn: ['one'] },
      leaf('one', 8, { dependsOn: ['two'] }),
      leaf('two', 8, { dependsOn: ['one'] }),
      leaf('after', 8, { dependsOn: ['blank'] }),
    ];
    expect(ask(leaves)).toMatchObject({
      unestimatedTaskIds: ['blank'],
      waitingTaskIds: [],
      cycleTaskIds: ['one', 'two', 'after'],
      simulated: 0,
    });
  });

  it('dates each part by its own last leaf, while all parts share their people', () => {
    const leaves = [
      leaf('a', 8, { part: 'first' }),
      leaf('b', 8, { part: 'second' }),
      leaf('c', 8, { part: 'first' }),
      leaf('soon', 1, { part: 'first', personId: 'alex' }),
      leaf('d', 1, { part: 'idle', personId: 'sam' }),
      leaf('e', 1, { part: 'idle', personId: 'sam', dependsOn: ['d'] }),
    ];
    const { byPart, p50 } = ask(leaves, { targetDate: '2026-03-03' });
    const dates = [...byPart].map(([part, found]) => [part, found.p50, found.onTimeShare]);
    expect(dates).toEqual([
      ['first', '2026-03-04', 0],
      ['second', '2026-03-03', 1],
      ['idle', null, 0],
    ]);
    expect(p50).toBeNull();
  });

  it('flags what is beyond every known ratio, and gives it a quarter more', () => {
    const beyond = leaf('a', 1, { spentMs: 32 * HOUR_MS });
    expect(ask([beyond])).toMatchObject({ p50: '2026-03-02', beyondTaskIds: ['a'] });
    expect(ask([{ ...beyond, spentMs: 36 * HOUR_MS }]).p50).toBe('2026-03-03');
    // A future in which all goes faster leaves this one no ratio; most futures do.
    const near = { ...beyond, spentMs: 4 * HOUR_MS };
    expect(ask([near], { commonSd: 1, draws: 200 }).beyondTaskIds).toEqual([]);
  });

  it('counts a target day whole', () => {
    expect(ask([leaf('a', 8)], { targetDate: FROM }).onTimeShare).toBe(1);
    expect(ask([leaf('a', 9)], { targetDate: FROM }).onTimeShare).toBe(0);
    expect(ask([leaf('a', 8)]).onTimeShare).toBeNull();
  });

  it('is done on the first day where nothing is left', () => {
    expect(ask([])).toMatchObject({ p50: FROM, simulated: 0 });
  });
});

const UNSURE = toRatioHistory([]);

describe('forecastFinish, by chance', () => {
  const leaves = Array.from({ length: 10 }, (_, index) => leaf(`t${index}`, 8));

  it('gives the same dates for the same seed, and later ones for surer shares', () => {
    const first = ask(leaves, { history: UNSURE, draws: 200 });
    expect(ask(leaves, { history: UNSURE, draws: 200 })).toEqual(first);
    const [p50, p80, p95] = [first.p50 ?? '', first.p80 ?? '', first.p95 ?? ''];
    expect(p50 < p80 && p80 < p95).toBe(true);
  });

  it('spreads wider where a common factor goes through a future', () => {
    const spread = (commonSd: number): string[] => {
      const { p50, p95 } = ask(leaves, { history: UNSURE, draws: 400, commonSd });
      return [p50 ?? '', p95 ?? ''];
    };
    const [narrow, wide] = [spread(0), spread(0.5)];
    expect((wide[1] ?? '') > (narrow[1] ?? '')).toBe(true);
  });

  it('never ends later with another free hand, nor on a day nobody works', () => {
    const law = fc.property(
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 12 }),
      fc.nat(),
      (sizes, seed) => {
        const alone = sizes.map((hours, index) => leaf(`t${index}`, hours));
        const shared = alone.map((one, index) =>
          index % 2 === 0 ? one : { ...one, personId: 'alex' },
        );
        const facts = { history: UNSURE, seed, draws: 20 };
        const [one, two] = [ask(alone, facts).p95 ?? '', ask(shared, facts).p95 ?? ''];
        expect(two <= one).toBe(true);
        expect(weekdayOf(one)).toBeLessThanOrEqual(5);
      },
    );
    fc.assert(law, { numRuns: 40 });
  });
});

describe('scopeGrowth', () => {
  it('counts the last four weeks, the day itself included', () => {
    const on = (addedDate: string, hours: number) => ({ addedDate, estimateMs: hours * HOUR_MS });
    const tasks = [
      on('2026-03-31', 4),
      on(addDays('2026-03-31', -27), 8),
      on(addDays('2026-03-31', -28), 100),
      on('2026-04-01', 100),
      { addedDate: '2026-03-30' },
    ];
    expect(scopeGrowth(tasks, '2026-03-31')).toEqual({
      fromDate: '2026-03-04',
      addedTasks: 3,
      unestimatedTasks: 1,
      addedMs: 12 * HOUR_MS,
      perWeekMs: 3 * HOUR_MS,
    });
  });
});
