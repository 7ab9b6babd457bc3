import { assert } from '#shared/kernel/index.ts';
import type { Json } from './json.ts';

/**
 * The one text of a JSON value, so that equal values have equal hashes: fields in the order of their UTF-16 code units,
 * no spaces, numbers and strings as ECMAScript writes them. `-0` becomes `0`, as everywhere in JSON.
 * A lone surrogate is written as its escape, where the RFC would stop: half a character in a note must not stop a ledger.
 * Errors: a number that is not finite and a value that is `undefined` are bugs and throw.
 * Source: RFC 8785, JSON Canonicalization Scheme, section 3.2.
 */
export const canonicalJson = (value: Json): string => write(value);

function write(value: Json | undefined): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') {
    return JSON.stringify(value);
  }
  if (typeof value === 'number') {
    assert(Number.isFinite(value), `expected a finite number, received \`${value}\``);
    return JSON.stringify(value);
  }
  assert(typeof value === 'object', `expected a JSON value, received \`${typeof value}\``);
  if (isList(value)) return `[${value.map(write).join()}]`;
  // The plain sort of texts compares UTF-16 code units, which is the order the RFC asks for.
  const fields = Object.keys(value).sort();
  return `{${fields.map((name) => `${JSON.stringify(name)}:${write(value[name])}`).join()}}`;
}

/** `Array.isArray` does not narrow a readonly list. */
const isList = (value: object): value is readonly Json[] => Array.isArray(value);
