import type { CostEntry } from './cost-entry.ts';
import { parseDecimal } from './decimal.ts';
import type { PriceUsage } from './price-book.ts';

/** A cost line that is measured and not yet priced. */
export type MeasuredEntry = Omit<
  CostEntry,
  'amountMicros' | 'currency' | 'priceId' | 'priceBookVersion'
>;

/** Prices under the version they are recorded with. */
export interface VersionedPrices {
  readonly priceBookVersion: string;
  readonly priceOf: PriceUsage;
}

/**
 * The cost line with the amount its quantity costs, or unpriced where no price is known or the quantity is no number.
 * `requestTokens` are the input tokens of the whole request, by which some sellers set the price. @default 0
 */
export function priceEntry(
  entry: MeasuredEntry,
  { priceBookVersion, priceOf }: VersionedPrices,
  requestTokens = 0,
): CostEntry {
  const quantity = parseDecimal(entry.quantity);
  if (!quantity.ok) return entry;
  const { resourceName, usageType, unit, occurredAt } = entry;
  const use = { resourceName, usageType, unit, quantity: quantity.value, occurredAt };
  const priced = priceOf({ ...use, requestTokens });
  return priced === undefined ? entry : { ...entry, ...priced, priceBookVersion };
}
