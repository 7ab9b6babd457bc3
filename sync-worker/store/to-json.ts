import type { Json } from '#shared/ledger/index.ts';

/** Data as it comes back from JSON: fields that are `undefined` go, everything else stays. */
export function toJson(value: object): Json {
  const json: Json = JSON.parse(JSON.stringify(value));
  return json;
}
