import { startOfDay, toInstant } from '#shared/kernel/index.ts';
import type { CostLeaf } from './cost-leaf.ts';
import type { Convert } from './exchange-rate.ts';
import type { UnpricedCount } from './roll-up.ts';

/** Leaves with their amounts in one currency, and the rates nobody gave. */
export interface ConvertedLeaves {
  readonly leaves: readonly CostLeaf[];
  /** Such as `USD to EUR on 2026-03-05`, in the order of the names; how many leaves each would convert. */
  readonly missing: readonly UnpricedCount[];
}

/**
 * Leaves in one currency, each at the rate of the day it counts on. Where there is no such rate the amount is not known in that currency:
 * the leaf stays, without one, and the rate is named.
 */
export function convertLeaves(
  leaves: readonly CostLeaf[],
  conversion: LeafConversion,
): ConvertedLeaves {
  const missing = new Map<string, number>();
  const converted = leaves.map((leaf): CostLeaf => {
    const { currency: from } = leaf;
    if (from === undefined || from === conversion.to) return leaf;
    const one = convertLeaf({ ...leaf, currency: from }, conversion);
    if (one !== undefined) return one;
    const name = nameRate(leaf, from, conversion.to);
    missing.set(name, (missing.get(name) ?? 0) + 1);
    const { currency: _, costMicros: __, billableMicros, ...unpriced } = leaf;
    return billableMicros === undefined ? unpriced : { ...unpriced, isUnbilled: true };
  });
  const names = [...missing].sort(([one], [other]) => (one < other ? -1 : 1));
  return { leaves: converted, missing: names.map(([name, count]) => ({ name, count })) };
}

/** What leaves are converted to and by; days are those of the zone. */
export interface LeafConversion {
  readonly to: string;
  readonly convert: Convert;
  readonly timeZone: string;
}

/** `undefined` where nobody gave a rate for its day. */
function convertLeaf(
  leaf: CostLeaf & { readonly currency: string },
  { to, convert, timeZone }: LeafConversion,
): CostLeaf | undefined {
  const { currency, dimensions, costMicros = 0n, billableMicros = 0n } = leaf;
  const { day } = dimensions;
  if (day === undefined) return undefined;
  const at = toInstant(startOfDay(day, timeZone));
  const cost = convert({ micros: costMicros, currency }, to, at);
  const billable = convert({ micros: billableMicros, currency }, to, at);
  if (!cost.ok || !billable.ok) return undefined;
  return {
    ...leaf,
    currency: to,
    ...(leaf.costMicros === undefined ? {} : { costMicros: cost.value.micros }),
    ...(leaf.billableMicros === undefined ? {} : { billableMicros: billable.value.micros }),
  };
}

const nameRate = ({ dimensions: { day } }: CostLeaf, from: string, to: string): string =>
  `${from} to ${to} ${day === undefined ? 'of no known day' : `on ${day}`}`;
