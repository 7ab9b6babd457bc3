import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cell, rowBytes, splitIntoBatches } from '#shared/coda/index.ts';

const anyRow: fc.Arbitrary<readonly Cell[]> = fc.array(
  fc.record({ column: fc.constantFrom('c-1', 'c-2'), value: fc.string({ unit: 'binary' }) }),
  { maxLength: 3 },
);

const measure = (batch: readonly (readonly Cell[])[]): number =>
  Buffer.byteLength(JSON.stringify(batch.map((cells) => ({ cells })))) - 1;

describe('splitIntoBatches', () => {
  const bounds = { maxRows: 4, maxBytes: 400 };
  const fits = (row: readonly Cell[]): boolean => rowBytes(row) < bounds.maxBytes;

  it('keeps the order, and joined gives the rows again', () => {
    const law = fc.property(fc.array(anyRow.filter(fits)), (rows) => {
      expect(splitIntoBatches(rows, bounds).flat()).toEqual(rows);
    });
    fc.assert(law);
  });

  it('goes beyond no bound, and starts a batch only where the one before has no room', () => {
    const law = fc.property(fc.array(anyRow.filter(fits)), (rows) => {
      const batches = splitIntoBatches(rows, bounds);
      for (const [at, batch] of batches.entries()) {
        expect(batch.length).toBeLessThanOrEqual(bounds.maxRows);
        expect(measure(batch)).toBeLessThanOrEqual(bounds.maxBytes);
        const next = batches[at + 1]?.[0];
        const hasRoom =
          next !== undefined &&
          batch.length < bounds.maxRows &&
          measure([...batch, next]) <= bounds.maxBytes;
        expect(hasRoom).toBe(false);
      }
    });
    fc.assert(law);
  });

  it('makes no batch of no rows, and one write of a hundred small ones', () => {
    const row = [{ column: 'c-1', value: 'a' }];
    expect(splitIntoBatches([])).toEqual([]);
    expect(splitIntoBatches(Array.from({ length: 250 }, () => row)).map((b) => b.length)).toEqual([
      100, 100, 50,
    ]);
  });

  it('splits before the service would refuse the size', () => {
    const row = [{ column: 'c-1', value: 'ä'.repeat(40_000) }];
    const batches = splitIntoBatches(Array.from({ length: 20 }, () => row));
    expect(batches.map((batch) => batch.length)).toEqual([18, 2]);
  });

  it('fills a batch to the last byte', () => {
    const row = [{ column: 'c-1', value: 'a' }];
    const maxBytes = 2 * (rowBytes(row) + 1);
    expect(splitIntoBatches([row, row, row], { maxBytes }).map((b) => b.length)).toEqual([2, 1]);
    expect(splitIntoBatches([row], { maxBytes: maxBytes / 2 })).toHaveLength(1);
  });

  it('stops at a row that fits no batch', () => {
    const row = [{ column: 'c-1', value: 'a'.repeat(400) }];
    expect(() => splitIntoBatches([row], bounds)).toThrow('at most `400`');
  });
});
