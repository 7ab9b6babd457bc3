import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineIndex } from '#worker/import/line-index.ts';

describe('LineIndex', () => {
  it('answers like a map of ids, whatever they are and however they grow', () => {
    const id = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.integer({ min: 0, max: 50 }).map((number) => `T-${number}`),
    );
    const law = fc.property(fc.array(id, { maxLength: 200 }), (ids) => {
      const index = new LineIndex();
      const model = new Map<string, number>();
      for (const [line, each] of ids.entries()) {
        const known = model.get(each);
        expect(index.findOrAdd(each, line)).toBe(known);
        if (known === undefined) model.set(each, line);
      }
    });
    fc.assert(law);
  });

  it('finds each of many ids again, and none that it was not given', () => {
    const index = new LineIndex();
    const ids = Array.from({ length: 20_000 }, (_, at) => `${at * 7}-é`);
    for (const [line, id] of ids.entries()) expect(index.findOrAdd(id, line)).toBeUndefined();
    expect(ids.every((id, line) => index.findOrAdd(id, 0) === line)).toBe(true);
    expect(index.findOrAdd('7-e', 1)).toBeUndefined();
  });
});
