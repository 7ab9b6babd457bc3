import type { Json } from '#shared/ledger/index.ts';

/** What the core keeps of money: JSON in which fields named `…Micros` are `bigint`. */
export type WithMicros =
  | Json
  | bigint
  | undefined
  | readonly WithMicros[]
  | { readonly [field: string]: WithMicros };

/** The same as a document writes it: each `bigint` becomes decimal text, since a JSON number is exact to 2^53 only, and what is absent is left out. */
export function microsToText(value: Exclude<WithMicros, undefined>): Json {
  if (typeof value === 'bigint') return String(value);
  if (value === null || typeof value !== 'object') return value;
  if (isList(value)) return value.flatMap((one) => (one === undefined ? [] : [microsToText(one)]));
  return Object.fromEntries(
    Object.entries(value).flatMap(([field, one]) =>
      one === undefined ? [] : [[field, microsToText(one)]],
    ),
  );
}

/** What a document means: the text of each field named `…Micros` as `bigint`. A text that is no whole number stays as it is. */
export function microsFromText(json: Json): WithMicros {
  if (json === null || typeof json !== 'object') return json;
  if (isList(json)) return json.map(microsFromText);
  return Object.fromEntries(
    Object.entries(json).map(([field, one]) => [
      field,
      isMicrosText(field, one) ? BigInt(one) : microsFromText(one),
    ]),
  );
}

const isMicrosText = (field: string, value: Json): value is string =>
  field.endsWith('Micros') && typeof value === 'string' && /^-?\d{1,19}$/.test(value);

/** `Array.isArray` does not narrow a readonly list. */
function isList<Item>(value: readonly Item[] | object): value is readonly Item[] {
  return Array.isArray(value);
}
