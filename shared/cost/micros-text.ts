import { assert } from '#shared/kernel/index.ts';
import type { Json } from '#shared/ledger/index.ts';

/** What a document means inside the core: JSON in which fields named `…Micros` are `bigint`. */
export type WithMicros =
  | Json
  | bigint
  | readonly WithMicros[]
  | { readonly [field: string]: WithMicros };

/**
 * What the core holds, as a document writes it: each `bigint` becomes decimal text, since a JSON number is exact to 2^53 only, and what is
 * absent is left out. Errors: what JSON cannot say is a bug and throws.
 */
export function microsToText(value: unknown): Json {
  if (typeof value === 'bigint') return String(value);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return value;
  assert(typeof value === 'object', `expected a JSON value, received \`${typeof value}\``);
  if (Array.isArray(value)) return value.map(microsToText);
  return Object.fromEntries(
    Object.entries(value).flatMap(([field, one]) =>
      one === undefined ? [] : [[field, microsToText(one)]],
    ),
  );
}

/**
 * What a document means: the text of each field named `…Micros` as `bigint`, and a field that is `null` left out, since in a document
 * that is the same as absent. A text that is no whole number stays as it is.
 */
export function microsFromText(json: Json): WithMicros {
  if (json === null || typeof json !== 'object') return json;
  if (isList(json)) return json.map(microsFromText);
  return Object.fromEntries(
    Object.entries(json).flatMap(([field, one]) =>
      one === null ? [] : [[field, isMicrosText(field, one) ? BigInt(one) : microsFromText(one)]],
    ),
  );
}

const isMicrosText = (field: string, value: Json): value is string =>
  field.endsWith('Micros') && typeof value === 'string' && /^-?\d{1,19}$/.test(value);

/** `Array.isArray` does not narrow a readonly list. */
const isList = (value: object): value is readonly Json[] => Array.isArray(value);
