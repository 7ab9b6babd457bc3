import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { StoredRow } from '#worker/local-doc/cell.ts';
import { createRowSet, toRowKey } from '#worker/local-doc/row-set.ts';

const anyMove = fc.record({
  isPut: fc.boolean(),
  place: fc.nat(6),
  text: fc.constantFrom('a', 'b', 'c'),
});

const toRow = (place: number, text: string): StoredRow => ({
  rowId: `i-${place}`,
  ordinal: place,
  createdAtMs: 0,
  updatedAtMs: 0,
  changedSeq: 0,
  cells: { key: text },
});

it('a row set answers as a plain list of rows would, whatever is put and removed', () => {
  const law = fc.property(fc.array(anyMove, { maxLength: 40 }), (moves) => {
    const rows = createRowSet();
    let plain: readonly StoredRow[] = [];
    for (const { isPut, place, text } of moves) {
      plain = plain.filter(({ ordinal }) => ordinal !== place);
      if (isPut) {
        rows.put(toRow(place, text));
        plain = [...plain, toRow(place, text)].sort((left, right) => left.ordinal - right.ordinal);
      } else rows.remove(`i-${place}`);
      const found = plain.filter(({ cells }) => cells['key'] === text);
      expect(rows.find(['key'], toRowKey({ key: text }, ['key']))).toEqual(found);
      expect(rows.list()).toEqual(plain);
    }
  });
  fc.assert(law);
});
