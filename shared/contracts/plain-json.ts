import { accept, type Result, refuse } from '#shared/kernel/index.ts';
import { describe, type JsonRefusal, type JsonRefusalCode, toJsonPath } from './refusal.ts';

/** How deep a document may be nested. The deepest contract needs six. */
export const MAX_DEPTH = 32;
/** Values a document may hold in all. A list that holds itself ends here or at the depth. */
const MAX_VALUES = 200_000;

/** Keys that mean something to the language, so that a document that names them is an attack or an accident. */
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** NUL, which stores and terminals cut at, and halves of a character, which no encoding can carry. */
const FORBIDDEN_CHARACTER =
  // oxlint-disable-next-line no-control-regex -- NUL is what it looks for
  /\u0000|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/** A place still to be copied. */
interface Work {
  readonly source: unknown;
  readonly path: Path | undefined;
  readonly depth: number;
  readonly put: (copy: unknown) => void;
}

/** A path kept as a chain, since most are never shown. */
interface Path {
  readonly key: string | number;
  readonly above: Path | undefined;
}

/**
 * A copy of a value made of nothing but what JSON can say, in objects of its own. Fields that are `undefined` are left out.
 * Nothing is executed: a value with a getter, a proxy that throws and an instance of a class are refused. It never throws.
 * Refusals: all codes of {@link JsonRefusalCode} but those of a text.
 */
export function toPlainJson(value: unknown): Result<unknown, JsonRefusal> {
  let whole: unknown;
  const work: Work[] = [
    {
      source: value,
      path: undefined,
      depth: 0,
      put: (copy) => {
        whole = copy;
      },
    },
  ];
  for (let count = 0; ; count += 1) {
    const next = work.pop();
    if (next === undefined) return accept(whole);
    const refusal =
      count < MAX_VALUES ? copyOne(next, work) : fault('VALUE_NOT_JSON', next, TOO_MANY);
    if (refusal !== undefined) return refuse(refusal);
  }
}

const TOO_MANY = `at most ${MAX_VALUES} values`;

function copyOne(place: Work, work: Work[]): JsonRefusal | undefined {
  const { source, put } = place;
  if (typeof source === 'object' && source !== null) return copyContainer(place, source, work);
  const refusal = judgeLeaf(place);
  if (refusal === undefined) put(source);
  return refusal;
}

function judgeLeaf(place: Work): JsonRefusal | undefined {
  const { source } = place;
  if (source === null || typeof source === 'boolean') return undefined;
  if (typeof source === 'string') {
    return FORBIDDEN_CHARACTER.test(source)
      ? fault('CHARACTER_FORBIDDEN', place, 'whole characters, and no NUL')
      : undefined;
  }
  if (typeof source !== 'number') return fault('VALUE_NOT_JSON', place, 'a value JSON can say');
  const isSafe =
    Number.isFinite(source) && (!Number.isInteger(source) || Number.isSafeInteger(source));
  return isSafe ? undefined : fault('NUMBER_UNSAFE', place, 'a number within ±(2^53 − 1), or text');
}

function copyContainer(place: Work, source: object, work: Work[]): JsonRefusal | undefined {
  const { depth, put } = place;
  if (depth >= MAX_DEPTH) return fault('NESTED_TOO_DEEP', place, `at most ${MAX_DEPTH} levels`);
  const entries = listEntries(source);
  if (entries === undefined) return fault('VALUE_NOT_JSON', place, 'a plain object or list');
  const copy: Record<string, unknown> | unknown[] = Array.isArray(source) ? [] : {};
  put(copy);
  // The last pushed is copied first: pushed backwards, fields and items keep their order.
  for (const [key, inner] of entries.reverse()) {
    const path: Path = { key, above: place.path };
    const inside: Work = {
      source: inner,
      path,
      depth: depth + 1,
      put: (value) => set(copy, key, value),
    };
    if (typeof key === 'string' && FORBIDDEN_KEYS.has(key)) {
      return fault('KEY_FORBIDDEN', inside, 'another field name');
    }
    if (typeof key === 'string' && FORBIDDEN_CHARACTER.test(key)) {
      return fault('CHARACTER_FORBIDDEN', inside, 'a field name of whole characters');
    }
    work.push(inside);
  }
  return undefined;
}

function set(
  copy: Record<string, unknown> | unknown[],
  key: string | number,
  value: unknown,
): void {
  if (Array.isArray(copy)) copy.push(value);
  else copy[key] = value;
}

type Entry = [key: string | number, value: unknown];

/** The own data of a plain object or list; nothing if it is anything else. A proxy may throw at each question. */
function listEntries(source: object): Entry[] | undefined {
  try {
    return Array.isArray(source) ? listItems(source) : listFields(source);
  } catch {
    return undefined;
  }
}

function listItems(source: readonly unknown[]): Entry[] | undefined {
  // A list with holes or with fields of its own has another number of keys; `length` is always one of them.
  if (source.length > MAX_VALUES || Reflect.ownKeys(source).length !== source.length + 1) {
    return undefined;
  }
  return readData(
    source,
    source.map((_, place) => place),
  );
}

function listFields(source: object): Entry[] | undefined {
  const prototype: unknown = Object.getPrototypeOf(source);
  const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null;
  const keys = Reflect.ownKeys(source).filter((key) => typeof key === 'string');
  if (!isPlain || keys.length !== Reflect.ownKeys(source).length) return undefined;
  return readData(source, keys)?.filter(([, value]) => value !== undefined);
}

function readData(source: object, keys: readonly (string | number)[]): Entry[] | undefined {
  const entries: Entry[] = [];
  for (const key of keys) {
    const property = Object.getOwnPropertyDescriptor(source, key);
    if (property === undefined || !('value' in property)) return undefined;
    entries.push([key, property.value]);
  }
  return entries;
}

function fault(code: JsonRefusalCode, { source, path }: Work, expected: string): JsonRefusal {
  return { code, path: toJsonPath(listKeys(path)), expected, received: describe(source) };
}

function listKeys(path: Path | undefined): readonly (string | number)[] {
  const keys: (string | number)[] = [];
  for (let at = path; at !== undefined; at = at.above) keys.unshift(at.key);
  return keys;
}
