import * as z from 'zod/mini';

/** One plain value as the API takes it. */
export type WireScalar = string | number | boolean;
/** What may stand in a written cell: a plain value, or a list of them nested at most once. */
export type WireValue = WireScalar | readonly (WireScalar | readonly WireScalar[])[];

const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** Reads a {@link WireValue}; null and objects are none. */
export const wireValueSchema = z.union([scalar, z.array(z.union([scalar, z.array(scalar)]))]);

/** The plain values of a list, flattened; a single value alone. */
export const toScalars = (value: WireValue): readonly WireScalar[] =>
  typeof value === 'object' ? value.flat() : [value];

/** Bytes that a value counts for: UTF-8, and one more for each line break. */
export function countBytes(value: WireValue): number {
  return toScalars(value).reduce<number>((sum, part) => {
    const text = String(part);
    return sum + Buffer.byteLength(text) + text.split('\n').length - 1;
  }, 0);
}
