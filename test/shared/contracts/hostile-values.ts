import type { Fields } from './examples.ts';

/** Where a value stands in a document. */
export type Keys = readonly (string | number)[];

/** The path of every field and item of a document, lists and objects included. */
export function listFieldPaths(document: unknown): readonly Keys[] {
  if (typeof document !== 'object' || document === null) return [];
  return Object.entries(document).flatMap(([key, inner]) => {
    const step = Array.isArray(document) ? Number(key) : key;
    return [[step], ...listFieldPaths(inner).map((keys) => [step, ...keys])];
  });
}

const bomb = (depth: number): unknown => {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = { a: value };
  return value;
};
const loop: Fields = {};
loop['self'] = loop;
const thrower = new Proxy(
  {},
  {
    ownKeys: () => {
      throw new Error('never ask');
    },
  },
);

/** Values that no field of any contract may hold. */
const never: readonly unknown[] = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  2 ** 53,
  1n,
  () => 1,
  Symbol('a'),
  new Date(0),
  new Map([['a', 1]]),
  JSON.parse('{"__proto__":{"polluted":true}}'),
  JSON.parse('{"constructor":{"prototype":{"polluted":true}}}'),
  'a\u0000b',
  '\uD800',
  bomb(100_000),
  loop,
  thrower,
  Object.defineProperty({}, 'a', { enumerable: true, get: () => 1 }),
];

/** Values that JSON can say, of which a field may hold at most some. */
const json: readonly unknown[] = [null, true, -1, 0.5, '', '1e3', [], [null], {}, { a: 1 }];

/** What a stranger may put in a field. */
export const hostile = { never, json, long: 'x'.repeat(100_000) };
