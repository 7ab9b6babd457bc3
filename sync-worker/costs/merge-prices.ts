import type { Price } from '#shared/cost/index.ts';
import type { Instant } from '#shared/kernel/index.ts';

/** A use whose price changes. */
export interface PriceChange {
  readonly before: Price;
  readonly after: Price;
}

/** What prices of a later day make of the prices that are known. */
export interface MergedPrices {
  /** All of them: what was known, ended where another price follows, and what is new. */
  readonly entries: readonly Price[];
  readonly added: number;
  readonly changed: readonly PriceChange[];
  readonly same: number;
  /** Uses that hold a price and are given none any more; they keep it. */
  readonly absent: number;
}

/**
 * Prices that hold from a moment on, beside those known before: a use whose price differs ends there and goes on at the new one, so that
 * what was used earlier keeps its price. A price that began at that very moment is put right instead. Requires: no known price begins later.
 */
export function mergePrices(
  known: readonly Price[],
  given: readonly Price[],
  from: Instant,
): MergedPrices {
  const open = new Map(
    known.filter(({ validTo }) => validTo === undefined).map((price) => [useOf(price), price]),
  );
  const added: Price[] = [];
  const changed: PriceChange[] = [];
  let same = 0;
  for (const price of given) {
    const before = open.get(useOf(price));
    open.delete(useOf(price));
    if (before === undefined) added.push(price);
    else if (isSame(before, price)) same += 1;
    else changed.push({ before, after: price });
  }
  const ended = new Set(changed.map(({ before }) => before));
  const kept = known.flatMap((price) => {
    if (!ended.has(price)) return [price];
    return price.validFrom === from ? [] : [{ ...price, validTo: from }];
  });
  const entries = [...kept, ...added, ...changed.map(({ after }) => after)];
  return { entries, added: added.length, changed, same, absent: open.size };
}

/** One use of one resource, which has one price at a time. */
const useOf = ({ resourceName, usageType, unit, aboveTokens = -1 }: Price): string =>
  JSON.stringify([resourceName, usageType, unit, aboveTokens]);

/** Whether two prices come to the same, however many units each is told for. */
const isSame = (one: Price, other: Price): boolean =>
  one.currency === other.currency &&
  one.priceMicros * BigInt(other.perQuantity) === other.priceMicros * BigInt(one.perQuantity);
