import { DAY_MS, type Day, sortAscending, toDayNumber } from '#shared/kernel/index.ts';
import { playFuture } from './finish-future.ts';
import type { FinishDates, FinishForecast, FinishQuestion } from './finish-model.ts';
import { type FinishOrder, toFinishOrder } from './finish-order.ts';
import { itemAt } from './item-at.ts';
import { createRandom } from './random.ts';
import { toRatioLaw } from './ratio-history.ts';
import { createCalendars, type PersonCapacity, toLastDay } from './work-calendar.ts';
import { drawFuture, isBeyondRatios, toCommonSd } from './work-draw.ts';

/** How many futures are drawn unless somebody asks for another number. */
export const FUTURES = 1_000;

/**
 * The dates on which a set of open leaves will be finished in half, four fifths and nineteen twentieths of the futures drawn.
 * A person takes the first leaf in order that waits for nothing, and does one at a time; one that waits is taken up when it
 * no longer does. The same input and seed give the same dates.
 * Small samples: groups are mixed with the classes around them, see {@link toRatioLaw}.
 * Source: evidence-based scheduling (J. Spolsky, 2007); one common factor a future, since independent draws are too narrow.
 */
export function forecastFinish(question: FinishQuestion): FinishForecast {
  const { people } = question;
  const order = toFinishOrder(question);
  const { unestimatedTaskIds, waitingTaskIds, waitedForOf, assumedTaskIds, cycleTaskIds, ordered } =
    order;
  const { lastAt, lastAtByPart, beyond } = drawFutures(question, order);
  const persons = new Set(ordered.map(({ personId }) => personId));
  return {
    ...toDates(lastAt, question),
    byPart: new Map([...lastAtByPart].map(([part, moments]) => [part, toDates(moments, question)])),
    simulated: ordered.length,
    unestimatedTaskIds,
    waitingTaskIds,
    waitedForOf,
    assumedTaskIds,
    beyondTaskIds: beyond,
    withoutCapacity: [...persons].filter((personId) => !canWork(people, personId)).sort(),
    cycleTaskIds,
    isWithoutScopeGrowth: true,
  };
}

/** The moment of the last leaf in each future, of all leaves and of each part. */
interface Futures {
  readonly lastAt: readonly number[];
  readonly lastAtByPart: ReadonlyMap<string, readonly number[]>;
  readonly beyond: readonly string[];
}

function drawFutures(question: FinishQuestion, order: FinishOrder): Futures {
  const { people, limits, from, seed, draws = FUTURES, history } = question;
  const { ordered } = order;
  const calendars = createCalendars(people, limits, from);
  const random = createRandom(seed);
  const persons = new Set(ordered.map(({ personId }) => personId));
  const { commonSd = toCommonSd(persons.size) } = question;
  const works = ordered.map((leaf) => ({
    ...leaf,
    law: toRatioLaw(history, leaf.group, leaf.estimateMs),
  }));
  const beyond = works.filter(isBeyondRatios).map(({ taskId }) => taskId);
  const lastAt: number[] = [];
  const lastAtByPart = new Map<string, number[]>(ordered.map(({ part = '' }) => [part, []]));
  for (let draw = 0; draw < draws; draw += 1) {
    const endAt = playFuture(order, drawFuture(works, commonSd, random), calendars);
    lastAt.push(endAt.reduce((last, end) => Math.max(last, end), 0));
    for (const [part, end] of toLastByPart(order, endAt)) lastAtByPart.get(part)?.push(end);
  }
  return { lastAt, lastAtByPart, beyond: beyond.sort() };
}

function toLastByPart({ ordered }: FinishOrder, endAt: readonly number[]): Map<string, number> {
  const lastOf = new Map<string, number>();
  for (const [index, { part = '' }] of ordered.entries()) {
    lastOf.set(part, Math.max(lastOf.get(part) ?? 0, itemAt(endAt, index)));
  }
  return lastOf;
}

function toDates(moments: readonly number[], { from, targetDate }: FinishQuestion): FinishDates {
  const sorted = sortAscending(moments);
  const dateAt = (share: number): Day | null => toDate(from, finishAt(sorted, share));
  return {
    p50: dateAt(0.5),
    p80: dateAt(0.8),
    p95: dateAt(0.95),
    onTimeShare:
      targetDate === undefined
        ? null
        : shareUntil(sorted, (toDayNumber(targetDate) - toDayNumber(from) + 1) * DAY_MS),
  };
}

const canWork = (people: readonly PersonCapacity[], personId: string): boolean =>
  people.some((one) => one.personId === personId && one.weekMs.some((ms) => ms > 0));

/** The finish of the first future that covers a share of all: between two of them lie days on which nobody works. */
const finishAt = (sorted: readonly number[], share: number): number =>
  sorted[Math.ceil(share * sorted.length) - 1] ?? 0;

const toDate = (from: Day, moment: number): Day | null =>
  Number.isFinite(moment) ? toLastDay(from, moment) : null;

const shareUntil = (sorted: readonly number[], moment: number): number =>
  sorted.filter((finish) => finish <= moment).length / sorted.length;
