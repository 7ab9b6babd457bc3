import * as z from 'zod';
import { AT, COUNT, CURRENCY, ID, MICROS, ORDINAL, words } from '../fields/field-kinds.ts';
import { METADATA } from '../fields/head.ts';
import { areDistinct, must } from '../fields/rule.ts';

const PRICE = z.strictObject({
  priceId: ID,
  resourceName: words(200),
  usageType: words(64),
  unit: words(64),
  priceMicros: MICROS,
  perQuantity: ORDINAL.max(1_000_000_000_000_000),
  /** The price of requests with more input tokens than this; absent is the base price. */
  aboveTokens: COUNT.nullish(),
  currency: CURRENCY,
  validFrom: AT,
  /** Exclusive. */
  validTo: AT.nullish(),
});

/** Dated prices. At no moment do two of them hold for the same use. */
export const priceBookSchema = z
  .strictObject({
    schema: z.literal('price_book.v1'),
    priceBookVersion: ID,
    entries: z.array(PRICE),
    metadata: METADATA,
  })
  .superRefine(
    must(
      {
        path: ['entries'],
        says: 'each price id once',
        holds: ({ entries }) => areDistinct(entries.map(({ priceId }) => priceId)),
      },
      {
        path: ['entries'],
        says: 'prices that end after they begin',
        holds: ({ entries }) =>
          entries.every(({ validFrom, validTo }) => endOf(validTo) > validFrom),
      },
      {
        path: ['entries'],
        says: 'no two prices for the same use at the same time',
        holds: ({ entries }) => !doOverlap(entries),
      },
    ),
  );

/** A document of {@link priceBookSchema}. */
export type PriceBookRecord = z.infer<typeof priceBookSchema>;
type Price = PriceBookRecord['entries'][number];

/** Text that stands after every instant. */
const FOR_EVER = '~';
const endOf = (validTo: Price['validTo']): string => validTo ?? FOR_EVER;

function doOverlap(entries: readonly Price[]): boolean {
  const ends = new Map<string, string>();
  const byStart = [...entries].sort((one, other) => (one.validFrom < other.validFrom ? -1 : 1));
  return byStart.some((price) => {
    const { resourceName, usageType, unit, aboveTokens, currency, validFrom, validTo } = price;
    const use = JSON.stringify([resourceName, usageType, unit, aboveTokens ?? null, currency]);
    const isTaken = (ends.get(use) ?? '') > validFrom;
    ends.set(use, endOf(validTo));
    return isTaken;
  });
}
