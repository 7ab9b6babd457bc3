import { accept, type Instant, type Result, refuse } from '#shared/kernel/index.ts';
import { type Dated, findOverlap, holdsAt } from './dated.ts';
import { type Decimal, divideHalfEven, tenTo } from './decimal.ts';
import { isCurrency } from './money.ts';

/** What one unit of one use of a resource costs, while it holds. */
export interface Price extends Dated {
  readonly priceId: string;
  /** A model, a tool or a service, as it is named where it is sold. */
  readonly resourceName: string;
  /** `input`, `cached_input`, `cache_write`, `output`, `minute` and so on. */
  readonly usageType: string;
  readonly unit: string;
  /** Range: 0 and up; 0 is free, which is not unpriced. */
  readonly priceMicros: bigint;
  /** How many units cost that much, such as 1,000,000 tokens. */
  readonly perQuantity: number;
  readonly currency: string;
  /** The price is for requests of more input tokens than this; absent for the price of all others. */
  readonly aboveTokens?: number;
}

/** Dated prices under one version. It is never changed: a new price is a new book. */
export interface PriceBook {
  readonly priceBookVersion: string;
  readonly entries: readonly Price[];
}

/** Why a price book is not used. */
export type PriceBookRefusal =
  | { readonly code: 'PRICE_INVALID'; readonly priceId: string; readonly field: keyof Price }
  | { readonly code: 'PRICES_OVERLAP'; readonly first: string; readonly second: string };

/** One measured use of a resource. */
export interface Usage {
  readonly resourceName: string;
  readonly usageType: string;
  readonly unit: string;
  readonly quantity: Decimal;
  readonly occurredAt: Instant;
  /** Input tokens of the whole request, by which some sellers set its price. @default 0 */
  readonly requestTokens?: number;
}

/** What a use costs, and by which price. */
export interface PricedUsage {
  readonly amountMicros: bigint;
  readonly currency: string;
  readonly priceId: string;
}

/** What a use costs by one book; `undefined` is unpriced: no price of that very resource, use, unit and moment is known. */
export type PriceUsage = (usage: Usage) => PricedUsage | undefined;

/**
 * The prices of a book, ready to be asked. Of several tiers the highest that the request exceeds holds.
 * Refusals: `PRICE_INVALID` names the field; `PRICES_OVERLAP` names two prices of one use that hold at the same moment.
 */
export function openPriceBook(book: PriceBook): Result<PriceUsage, PriceBookRefusal> {
  const refusal = findInvalid(book.entries) ?? findClash(book.entries);
  if (refusal !== undefined) return refuse(refusal);
  const byUse = new Map<string, Price[]>();
  for (const price of book.entries) {
    const known = byUse.get(nameOf(price));
    if (known === undefined) byUse.set(nameOf(price), [price]);
    else known.push(price);
  }
  return accept((usage) => {
    const { occurredAt, requestTokens = 0 } = usage;
    const price = (byUse.get(nameOf(usage)) ?? [])
      .filter((one) => holdsAt(one, occurredAt) && floorOf(one) < requestTokens)
      .reduce(higher, undefined);
    return price === undefined ? undefined : applyPrice(price, usage.quantity);
  });
}

/** What a quantity costs by one price, rounded once, half to even. */
export function applyPrice(price: Price, quantity: Decimal): PricedUsage {
  const { priceMicros, perQuantity, currency, priceId } = price;
  const divisor = BigInt(perQuantity) * tenTo(quantity.scale);
  const amountMicros = divideHalfEven(quantity.digits * priceMicros, divisor);
  return { amountMicros, currency, priceId };
}

function findInvalid(prices: readonly Price[]): PriceBookRefusal | undefined {
  const seen = new Set<string>();
  for (const price of prices) {
    const { priceId } = price;
    const field = seen.has(priceId) ? 'priceId' : invalidField(price);
    if (field !== undefined) return { code: 'PRICE_INVALID', priceId, field };
    seen.add(priceId);
  }
  return undefined;
}

function invalidField(price: Price): keyof Price | undefined {
  const { priceMicros, perQuantity, currency, aboveTokens = 0, validFrom, validTo } = price;
  if (priceMicros < 0n) return 'priceMicros';
  if (!Number.isSafeInteger(perQuantity) || perQuantity < 1) return 'perQuantity';
  if (!isCurrency(currency)) return 'currency';
  if (!Number.isSafeInteger(aboveTokens) || aboveTokens < 0) return 'aboveTokens';
  return validTo !== undefined && validTo <= validFrom ? 'validTo' : undefined;
}

function findClash(prices: readonly Price[]): PriceBookRefusal | undefined {
  const clash = findOverlap(prices, (price) => `${nameOf(price)} ${floorOf(price)}`);
  if (clash === undefined) return undefined;
  return { code: 'PRICES_OVERLAP', first: clash.first.priceId, second: clash.second.priceId };
}

/** One use of one resource; the names are quoted, so that no two of them run together. */
const nameOf = ({
  resourceName,
  usageType,
  unit,
}: Omit<Usage, 'quantity' | 'occurredAt'>): string =>
  JSON.stringify([resourceName, usageType, unit]);

/** A request of no known size takes the price without a tier, which lies below every tier. */
const floorOf = ({ aboveTokens = -1 }: Price): number => aboveTokens;

const higher = (best: Price | undefined, price: Price): Price =>
  best !== undefined && floorOf(best) > floorOf(price) ? best : price;
