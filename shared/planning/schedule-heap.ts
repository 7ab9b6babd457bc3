import { itemAt } from './item-at.ts';

/** A queue from which the first by an order can always be taken. Cost: log n for each move. Source: Williams, heapsort (1964). */
export interface Heap<Item> {
  readonly push: (item: Item) => void;
  readonly pop: () => Item | undefined;
  /** What would be taken next. */
  readonly peek: () => Item | undefined;
  readonly size: () => number;
}

/** An empty heap. The order is negative where the left item comes first. */
export function createHeap<Item>(compare: Compare<Item>): Heap<Item> {
  const items: Item[] = [];
  return {
    push: (item) => rise(items, item, compare),
    pop: () => {
      const first = items[0];
      const last = items.pop();
      if (last === undefined || items.length === 0) return last;
      sink(items, last, compare);
      return first;
    },
    peek: () => items[0],
    size: () => items.length,
  };
}

type Compare<Item> = (left: Item, right: Item) => number;

/** Adds an item at the end and lets those it comes before down, one by one. */
function rise<Item>(items: Item[], item: Item, compare: Compare<Item>): void {
  let place = items.length;
  while (place > 0) {
    const parent = (place - 1) >> 1;
    const above = itemAt(items, parent);
    if (compare(item, above) >= 0) break;
    items[place] = above;
    place = parent;
  }
  items[place] = item;
}

/** Puts an item in the place of the first and lets those that come before it up, one by one. */
function sink<Item>(items: Item[], item: Item, compare: Compare<Item>): void {
  let place = 0;
  for (;;) {
    const child = findFirstChild(items, place, compare);
    const below = items[child];
    if (below === undefined || compare(below, item) >= 0) break;
    items[place] = below;
    place = child;
  }
  items[place] = item;
}

function findFirstChild<Item>(
  items: readonly Item[],
  place: number,
  compare: Compare<Item>,
): number {
  const left = 2 * place + 1;
  const right = left + 1;
  if (right >= items.length) return left;
  return compare(itemAt(items, right), itemAt(items, left)) < 0 ? right : left;
}
