import { assert } from '#shared/kernel/index.ts';

/** The item at a place that a list is known to have: numbers of tasks and nodes are places by construction. A place beyond it is a bug and throws. */
export function itemAt<Item>(items: ArrayLike<Item>, place: number): Item {
  const item = items[place];
  // The text names no place, since making it would cost more than the look.
  assert(item !== undefined, 'expected an item at a place of the plan');
  return item;
}
