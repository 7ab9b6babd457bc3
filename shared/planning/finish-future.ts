import { assert, type Ms } from '#shared/kernel/index.ts';
import type { FinishOrder, SizedLeaf } from './finish-order.ts';
import { itemAt } from './item-at.ts';
import { createHeap, type Heap } from './schedule-heap.ts';
import type { WorkCalendar } from './work-calendar.ts';

/** The moment of what never ends. */
const NEVER = Number.POSITIVE_INFINITY;

/** Leaves that wait for nothing any more. What can begin at once is apart from what cannot, so that neither is searched for. */
interface Desk {
  readonly personId: string;
  /** Indices of leaves that can begin by the time the person is free; the first in order comes first. */
  readonly ready: Heap<number>;
  /** Those that cannot; the one that can begin soonest comes first. */
  readonly later: Heap<number>;
  freeAt: number;
  /** When the next of them begins. */
  startAt: number;
}

/**
 * When each leaf ends in one future, as {@link WorkCalendar} counts moments; infinite where it never does. A person takes
 * the first leaf in order that waits for nothing, and does one at a time; one that waits is taken up when it no longer does.
 * Shape: `workMs` and the answer in the order of the leaves. Units: whole ms.
 * Cost: for each leaf the logarithm of their number and a look at each person.
 */
export function playFuture(
  order: Pick<FinishOrder, 'ordered' | 'waitsFor' | 'holdsUp'>,
  workMs: readonly Ms[],
  calendars: ReadonlyMap<string, WorkCalendar>,
): readonly number[] {
  const waiting = [...order.waitsFor];
  const readyAt = order.ordered.map(() => 0);
  const endAt = order.ordered.map(() => NEVER);
  const { desks, deskOf } = toDesks(order.ordered, readyAt);
  const letBegin = (index: number): void => {
    const desk = itemAt(deskOf, index);
    desk.later.push(index);
    lookAhead(desk, readyAt);
  };
  for (const [index, count] of waiting.entries()) if (count === 0) letBegin(index);
  for (let desk = findNext(desks); desk !== undefined; desk = findNext(desks)) {
    const { startAt, personId } = desk;
    const index = takeFirst(desk);
    const calendar = calendars.get(personId);
    desk.freeAt = calendar === undefined ? NEVER : calendar.finish(startAt, itemAt(workMs, index));
    endAt[index] = desk.freeAt;
    for (const held of itemAt(order.holdsUp, index)) {
      const left = itemAt(waiting, held) - 1;
      waiting[held] = left;
      readyAt[held] = Math.max(itemAt(readyAt, held), desk.freeAt);
      if (left === 0) letBegin(held);
    }
    lookAhead(desk, readyAt);
  }
  return endAt;
}

/** Each person's desk, and the desk of each leaf. */
function toDesks(
  ordered: readonly SizedLeaf[],
  readyAt: readonly number[],
): { readonly desks: readonly Desk[]; readonly deskOf: readonly Desk[] } {
  // Two that never can begin are as late as each other, which a difference of infinities does not say.
  const byMoment = (one: number, other: number): number => {
    const [first, second] = [itemAt(readyAt, one), itemAt(readyAt, other)];
    return first === second ? one - other : first - second;
  };
  const desks = new Map<string, Desk>();
  const deskOf = ordered.map(({ personId }) => {
    const known = desks.get(personId);
    if (known !== undefined) return known;
    const heaps = { ready: createHeap(byOrder), later: createHeap(byMoment) };
    const desk = { personId, ...heaps, freeAt: 0, startAt: NEVER };
    desks.set(personId, desk);
    return desk;
  });
  return { desks: [...desks.values()], deskOf };
}

/** The desk whose next leaf begins first; what never begins needs no desk. */
function findNext(desks: readonly Desk[]): Desk | undefined {
  let next: Desk | undefined;
  let nextAt = NEVER;
  for (const desk of desks) {
    if (desk.startAt >= nextAt) continue;
    next = desk;
    nextAt = desk.startAt;
  }
  return next;
}

/** Notes when a desk's next leaf begins, and what can begin by then. */
function lookAhead(desk: Desk, readyAt: readonly number[]): void {
  const { ready, later, freeAt } = desk;
  let first = later.peek();
  for (; first !== undefined && itemAt(readyAt, first) <= freeAt; first = later.peek()) {
    later.pop();
    ready.push(first);
  }
  const laterAt = first === undefined ? NEVER : itemAt(readyAt, first);
  desk.startAt = ready.size() > 0 ? freeAt : laterAt;
}

function takeFirst({ ready, later }: Desk): number {
  const index = ready.pop() ?? later.pop();
  assert(index !== undefined, 'a desk was chosen that has nothing to do');
  return index;
}

const byOrder = (one: number, other: number): number => one - other;
