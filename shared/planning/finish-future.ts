import type { Ms } from '#shared/kernel/index.ts';
import type { FinishOrder, SizedLeaf } from './finish-order.ts';
import { itemAt } from './item-at.ts';
import type { WorkCalendar } from './work-calendar.ts';

/** The moment of what never ends. */
const NEVER = Number.POSITIVE_INFINITY;

interface Desk {
  readonly personId: string;
  /** Indices of leaves not begun, in order. */
  readonly queue: number[];
  freeAt: number;
}

/**
 * When each leaf ends in one future, as {@link WorkCalendar} counts moments; infinite where it never does. A person takes
 * the first leaf in order that waits for nothing, and does one at a time; one that waits is taken up when it no longer does.
 * Shape: `workMs` and the answer in the order of the leaves. Units: whole ms.
 */
export function playFuture(
  order: FinishOrder,
  workMs: readonly Ms[],
  calendars: ReadonlyMap<string, WorkCalendar>,
): readonly number[] {
  const waiting = [...order.waitsFor];
  const readyAt = order.ordered.map(() => 0);
  const endAt = order.ordered.map(() => NEVER);
  const desks = toDesks(order.ordered);
  for (let next = findNext(desks, waiting, readyAt); next !== undefined; ) {
    const { desk, startAt } = next;
    const index = itemAt(desk.queue, next.place);
    desk.queue.splice(next.place, 1);
    const calendar = calendars.get(desk.personId);
    desk.freeAt = calendar === undefined ? NEVER : calendar.finish(startAt, itemAt(workMs, index));
    endAt[index] = desk.freeAt;
    for (const held of itemAt(order.holdsUp, index)) {
      waiting[held] = itemAt(waiting, held) - 1;
      readyAt[held] = Math.max(itemAt(readyAt, held), desk.freeAt);
    }
    next = findNext(desks, waiting, readyAt);
  }
  return endAt;
}

function toDesks(ordered: readonly SizedLeaf[]): readonly Desk[] {
  const desks = new Map<string, Desk>();
  for (const [index, { personId }] of ordered.entries()) {
    const desk = desks.get(personId) ?? { personId, queue: [], freeAt: 0 };
    desk.queue.push(index);
    desks.set(personId, desk);
  }
  return [...desks.values()];
}

interface Next {
  readonly desk: Desk;
  readonly place: number;
  readonly startAt: number;
}

/** The desk and leaf that can begin first. */
function findNext(
  desks: readonly Desk[],
  waiting: readonly number[],
  readyAt: readonly number[],
): Next | undefined {
  let next: Next | undefined;
  for (const desk of desks) {
    const found = findAtDesk(desk, waiting, readyAt);
    if (found !== undefined && (next === undefined || found.startAt < next.startAt)) next = found;
  }
  return next;
}

/** The first leaf in order that waits for nothing by the time the person is free, else the one that waits least. */
function findAtDesk(
  desk: Desk,
  waiting: readonly number[],
  readyAt: readonly number[],
): Next | undefined {
  let earliest: Next | undefined;
  for (const [place, index] of desk.queue.entries()) {
    if (waiting[index] !== 0) continue;
    const startAt = Math.max(desk.freeAt, itemAt(readyAt, index));
    if (startAt === desk.freeAt) return { desk, place, startAt };
    if (earliest === undefined || startAt < earliest.startAt) earliest = { desk, place, startAt };
  }
  return earliest;
}
