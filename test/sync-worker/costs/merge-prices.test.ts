import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openPriceBook, type Price } from '#shared/cost/index.ts';
import { toInstant } from '#shared/kernel/index.ts';
import { mergePrices } from '#worker/costs/merge-prices.ts';

const DAY_MS = 86_400_000;
const at = (day: number) => toInstant(day * DAY_MS);
const priceOf = (priceMicros: number, facts: Partial<Price> = {}): Price => ({
  priceId: `${facts.resourceName ?? 'large'}:${facts.validFrom ?? at(1)}:${priceMicros}`,
  resourceName: 'large',
  usageType: 'input',
  unit: 'token',
  priceMicros: BigInt(priceMicros),
  perQuantity: 1_000_000,
  currency: 'USD',
  validFrom: at(1),
  ...facts,
});

describe('mergePrices', () => {
  const known = [priceOf(5)];

  it('ends a price where another follows, and keeps what was used before at its price', () => {
    const next = priceOf(7, { validFrom: at(3) });
    expect(mergePrices(known, [next], at(3))).toEqual({
      entries: [{ ...known[0], validTo: at(3) }, next],
      added: 0,
      changed: [{ before: known[0], after: next }],
      same: 0,
      absent: 0,
    });
  });

  it('puts a price right that began at the very same moment', () => {
    const next = priceOf(7);
    expect(mergePrices(known, [next], at(1))).toMatchObject({ entries: [next], absent: 0 });
  });

  it.each([
    ['told for other units', { priceMicros: 5_000n, perQuantity: 1_000_000_000 }, 1],
    ['of another currency', { currency: 'EUR' }, 0],
    ['of another amount for as many units', { priceMicros: 6n }, 0],
    ['of the same amount for other units', { perQuantity: 2_000_000 }, 0],
  ])('compares one %s', (_, facts, same) => {
    const next = priceOf(5, { validFrom: at(3), ...facts });
    expect(mergePrices(known, [next], at(3))).toMatchObject({ same, added: 0 });
  });

  it.each([
    ['model', { resourceName: 'small' }],
    ['use', { usageType: 'output' }],
    ['unit', { unit: 'character' }],
    ['tier', { aboveTokens: 0 }],
  ])('takes another %s for another price, and keeps what has gone', (_, facts) => {
    const next = priceOf(5, { validFrom: at(3), ...facts });
    const { entries, ...counts } = mergePrices(known, [next], at(3));
    expect(entries).toEqual([...known, next]);
    expect(counts).toEqual({ added: 1, changed: [], same: 0, absent: 1 });
  });

  it('prices any use as the newest file of its day did, whatever files came', () => {
    const names = ['large', 'small', 'tiny'];
    const file = fc.uniqueArray(
      fc.tuple(fc.constantFrom(...names), fc.integer({ max: 3, min: 0 })),
      {
        selector: ([name]) => name,
      },
    );
    const files = fc.array(fc.record({ days: fc.integer({ min: 0, max: 2 }), file }));
    const law = fc.property(files, (imports) => {
      let day = 1;
      let book: readonly Price[] = [];
      const told = new Map<string, number>();
      const expected = new Map<string, number>();
      for (const { days, file: costs } of imports) {
        for (let passed = 0; passed < days; passed += 1) {
          for (const [name, cost] of told) expected.set(`${name} ${day}`, cost);
          day += 1;
        }
        const given = costs.map(([resourceName, cost]) =>
          priceOf(cost, { resourceName, validFrom: at(day) }),
        );
        book = mergePrices(book, given, at(day)).entries;
        for (const [name, cost] of costs) told.set(name, cost);
      }
      const opened = openPriceBook({ priceBookVersion: 'v1', entries: book });
      if (!opened.ok) throw new Error(JSON.stringify(opened.refusal));
      for (const name of names) {
        for (let asked = 1; asked < day; asked += 1) {
          const use = { resourceName: name, usageType: 'input', unit: 'token' };
          const quantity = { digits: 1_000_000n, scale: 0 };
          const price = opened.value({ ...use, quantity, occurredAt: at(asked) });
          expect(price?.amountMicros).toBe(toMicros(expected.get(`${name} ${asked}`)));
        }
      }
    });
    fc.assert(law);
  });
});

const toMicros = (cost: number | undefined) => (cost === undefined ? undefined : BigInt(cost));
