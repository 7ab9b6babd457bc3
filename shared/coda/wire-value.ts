import { assert } from '#shared/kernel/index.ts';
import type { CellValue } from './cell-value.ts';

/** What may be written into a cell: the API takes neither null nor objects, so nothing it gave back rich. */
export type WireValue = string | number | boolean | readonly WireValue[];

/** One cell of a write. */
export interface Cell {
  /** A column id; names work too, but break when somebody renames the column. */
  readonly column: string;
  readonly value: WireValue;
}

/**
 * What to write so that the cell reads back as this value: a relation by its row id, a person by e-mail, blank as "".
 * Errors: a number that JSON cannot carry, or a link without a row id, is a bug and throws.
 */
export function toWireValue(value: CellValue): WireValue {
  switch (value.kind) {
    case 'blank':
      return '';
    case 'text':
      return value.text;
    case 'number':
      return toWireNumber(value.number);
    case 'checkbox':
      return value.checked;
    case 'money':
      return toWireNumber(Number(value.amount));
    case 'link':
      assert(value.rowId !== '', `the link \`${value.name}\` has no row id`);
      return value.rowId;
    case 'person':
      return value.email === '' ? value.name : value.email;
    case 'url':
      return value.url;
    case 'list':
      return value.items.map(toWireValue);
  }
}

// JSON would turn NaN and the infinities into null, and the API refuses the whole request for one null.
function toWireNumber(number: number): number {
  assert(Number.isFinite(number), `\`${number}\` cannot be written into a cell`);
  return number;
}
