import type { CellValue, WireValue } from '#shared/coda/index.ts';
import { HOUR_MS, MINUTE_MS, type Result } from '#shared/kernel/index.ts';
import { type CellFault, type Codec, DECODERS, type Decoded } from './cell-decoder.ts';

/** Reads a cell into a value of the core, and writes it back. A blank cell is read as `undefined`. */
export interface CellCodec<Value> {
  /** What the cell says, in any form the API gives it. Refusals: a {@link CellFault}, never a guess. */
  readonly decode: (cell: CellValue) => Result<Value | undefined, CellFault>;
  /** What to send so that the cell comes to hold the value. */
  readonly encode: (value: Value) => WireValue;
}

const FORMULA_START = /^'*[=+\-@]/;

/** One codec for each form a column's cells take. Numbers are rounded once, on the way out. */
export const CODECS: { readonly [Name in Codec]: CellCodec<Decoded[Name]> } = {
  text: { decode: DECODERS.text, encode: escapeText },
  hours: { decode: DECODERS.hours, encode: (ms) => roundTo(ms / HOUR_MS, 2) },
  minutes: { decode: DECODERS.minutes, encode: (ms) => roundTo(ms / MINUTE_MS, 2) },
  number: { decode: DECODERS.number, encode: (value) => value },
  fraction: { decode: DECODERS.fraction, encode: (value) => roundTo(value, 4) },
  money: { decode: DECODERS.money, encode: (value) => value.amount },
  day: { decode: DECODERS.day, encode: (value) => value },
  instant: { decode: DECODERS.instant, encode: (value) => value },
  link: { decode: DECODERS.link, encode: (value) => value.rowId },
  links: { decode: DECODERS.links, encode: (value) => value.map(({ rowId }) => rowId) },
  checkbox: { decode: DECODERS.checkbox, encode: (value) => value },
  person: { decode: DECODERS.person, encode: (value) => value },
};

/** A text that no spreadsheet or doc takes for a formula: one apostrophe stands before a leading `=`, `+`, `-` or `@`. */
export function escapeText(value: string): string {
  return FORMULA_START.test(value) ? `'${value}` : value;
}

/** Half away from zero, on the shortest decimal text of the number, so that 1.005 is rounded as it reads. */
function roundTo(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  const scaled = Number((Math.abs(value) * scale).toPrecision(15));
  const rounded = (Math.sign(value) * Math.round(scaled)) / scale;
  return rounded === 0 ? 0 : rounded;
}
