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

/** Every append writes all its events through here: loops and one growing text, where lists of parts would take twice as long. */
function write(value: Json | undefined): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number') {
    assert(Number.isFinite(value), `expected a finite number, received \`${value}\``);
    return `${value}`;
  }
  if (value === null || typeof value === 'boolean') return `${value}`;
  assert(typeof value === 'object', `expected a JSON value, received \`${typeof value}\``);
  return isList(value) ? writeList(value) : writeFields(value);
}

function writeList(list: readonly Json[]): string {
  let text = '';
  for (const value of list) text += `${text === '' ? '' : ','}${write(value)}`;
  return `[${text}]`;
}

function writeFields(value: Fields): string {
  let text = '{';
  for (const name of namesOf(value)) {
    text += text === '{' ? quote(name) : `,${quote(name)}`;
    text += `:${write(value[name])}`;
  }
  return `${text}}`;
}

type Fields = { readonly [field: string]: Json };

/** The plain order of texts compares UTF-16 code units, which is the order the RFC asks for. */
function namesOf(value: Fields): readonly string[] {
  const names = Object.keys(value);
  if (names.length > FEW) return names.sort();
  // Few names are put in order more quickly by hand, and every event has few.
  names.forEach((name, at) => {
    let place = at;
    for (; place > 0 && nameAt(names, place - 1) > name; place -= 1) {
      names[place] = nameAt(names, place - 1);
    }
    names[place] = name;
  });
  return names;
}

const FEW = 16;

function nameAt(names: readonly string[], at: number): string {
  const name = names[at];
  assert(name !== undefined, `expected a name at ${at} of ${names.length}`);
  return name;
}

/** Neither a quotation mark, a backslash, a control character nor half of a surrogate pair: what JSON writes as it is. */
const PLAIN = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/;

const quote = (text: string): string => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text));

/** `Array.isArray` does not narrow a readonly list. */
const isList = (value: object): value is readonly Json[] => Array.isArray(value);
