/** A queue from which the first by an order can always be taken. Cost: log n for each move. Source: Williams, heapsort (1964). */
export interface Heap<Item> {
  readonly push: (item: Item) => void;
  readonly pop: () => Item | undefined;
  /** What would be taken next. */
  readonly peek: () => Item | undefined;
  readonly size: () => number;
}

/** An empty heap. The order is negative where the left item comes first. */
export function createHeap<Item>(compare: (left: Item, right: Item) => number): Heap<Item> {
  const items: Item[] = [];
  return {
    push: (item) => {
      items.push(item);
      rise(items, compare);
    },
    pop: () => {
      const first = items[0];
      const last = items.pop();
      if (items.length > 0 && last !== undefined) {
        items[0] = last;
        sink(items, compare);
      }
      return first;
    },
    peek: () => items[0],
    size: () => items.length,
  };
}

function rise<Item>(items: Item[], compare: (left: Item, right: Item) => number): void {
  let place = items.length - 1;
  while (place > 0) {
    const parent = (place - 1) >> 1;
    if (!isBefore(items, [place, parent], compare)) return;
    swap(items, place, parent);
    place = parent;
  }
}

function sink<Item>(items: Item[], compare: (left: Item, right: Item) => number): void {
  let place = 0;
  for (;;) {
    const left = 2 * place + 1;
    const child = isBefore(items, [left + 1, left], compare) ? left + 1 : left;
    if (!isBefore(items, [child, place], compare)) return;
    swap(items, place, child);
    place = child;
  }
}

/** Whether the item at the first place comes before that at the second; what lies beyond the end comes before nothing. */
function isBefore<Item>(
  items: readonly Item[],
  [first, second]: readonly [number, number],
  compare: (left: Item, right: Item) => number,
): boolean {
  const left = items[first];
  const right = items[second];
  return left !== undefined && right !== undefined && compare(left, right) < 0;
}

function swap(items: unknown[], first: number, second: number): void {
  const left = items[first];
  const right = items[second];
  if (left === undefined || right === undefined) return;
  items[first] = right;
  items[second] = left;
}
