import type { Instant } from '#shared/kernel/index.ts';

/** What holds from one moment until another. */
export interface Dated {
  readonly validFrom: Instant;
  /** Exclusive; absent where no end is known. */
  readonly validTo?: Instant;
}

/** Whether a dated thing holds at a moment. */
export const holdsAt = ({ validFrom, validTo }: Dated, at: Instant): boolean =>
  validFrom <= at && (validTo === undefined || at < validTo);

/** Two things of one name that hold at the same moment, the earlier one first. */
export interface Overlap<Item> {
  readonly first: Item;
  readonly second: Item;
}

/** The first two items of one name that hold at the same moment; `undefined` where each moment has at most one. */
export function findOverlap<Item extends Dated>(
  items: readonly Item[],
  nameOf: (item: Item) => string,
): Overlap<Item> | undefined {
  const open = new Map<string, Item>();
  const byStart = [...items].sort(
    (one, other) =>
      Number(one.validFrom > other.validFrom) - Number(one.validFrom < other.validFrom),
  );
  for (const second of byStart) {
    const name = nameOf(second);
    const first = open.get(name);
    if (first !== undefined && holdsAt(first, second.validFrom)) return { first, second };
    open.set(name, second);
  }
  return undefined;
}
