import {
  BACKTEST_MODELS,
  type BacktestMetrics,
  type BacktestModel,
  type BacktestRow,
  toBacktestMetrics,
  walkForward,
} from '#shared/variance/index.ts';

/** How well a model forecasts the next tasks of somebody of whom it has seen so many. */
export interface SmallHistory extends BacktestMetrics {
  readonly model: string;
  readonly seen: number;
}

/** How many tasks of a person were seen. */
const SEEN = [0, 3, 5, 10, 20];
const PEOPLE = 8;
/** So many tasks are forecast after those seen. */
const NEXT = 20;

/** Knows the built-in table and learns nothing. */
const UNTAUGHT: BacktestModel = {
  name: 'built-in table',
  create: () => {
    const [, raw] = BACKTEST_MODELS;
    const learner = raw?.create();
    if (learner === undefined) throw new Error('expected the raw estimate among the models');
    return { ...learner, learn: () => undefined };
  },
};

/**
 * The people with the most tasks, and of each every stretch of 20 tasks in a row: each model is taught the last few
 * of that person known before the stretch, and of nobody else, then forecasts it without learning on.
 */
export function proveSmallHistory(rows: readonly BacktestRow[]): readonly SmallHistory[] {
  const stretches = findBusiest(rows).flatMap(toStretches);
  return SEEN.flatMap((seen) =>
    [...BACKTEST_MODELS.slice(0, 3), UNTAUGHT].map((model) => {
      const forecasts = stretches.flatMap(({ before, next }) => {
        const learner = model.create();
        for (const row of before.slice(before.length - seen)) {
          learner.learn(row.task, row.actualHours);
        }
        return walkForward(
          next.map((row) => ({ ...row, knownDay: Infinity })),
          learner,
        );
      });
      return { model: model.name, seen, ...toBacktestMetrics(forecasts) };
    }),
  );
}

interface Stretch {
  /** Known before the stretch, in the order in which they became known. */
  readonly before: readonly BacktestRow[];
  readonly next: readonly BacktestRow[];
}

function findBusiest(rows: readonly BacktestRow[]): readonly (readonly BacktestRow[])[] {
  const byPerson = new Map<string, BacktestRow[]>();
  for (const row of rows) {
    const person = row.task.person ?? '';
    byPerson.set(person, [...(byPerson.get(person) ?? []), row]);
  }
  return [...byPerson.values()].sort((left, right) => right.length - left.length).slice(0, PEOPLE);
}

function toStretches(own: readonly BacktestRow[]): readonly Stretch[] {
  const least = Math.max(...SEEN);
  return own.flatMap((first, start) => {
    if (start % NEXT !== 0 || start + NEXT > own.length) return [];
    const before = own
      .filter((row) => row.knownDay < first.estimatedDay)
      .sort((left, right) => left.knownDay - right.knownDay);
    return before.length < least ? [] : [{ before, next: own.slice(start, start + NEXT) }];
  });
}
