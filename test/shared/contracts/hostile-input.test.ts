import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONTRACT_NAMES, parseAnyContract, parseContract } from '#shared/contracts/index.ts';
import { readValid, setAt } from './examples.ts';
import { hostile, listFieldPaths } from './hostile-values.ts';

const fieldsOfAll = () => Object.getOwnPropertyNames(Object.prototype).join();
const untouched = fieldsOfAll();

describe.each(CONTRACT_NAMES)('a hostile %s', (name) => {
  const fresh = (at: number) => readValid(name)[at] ?? {};
  const places = readValid(name).flatMap((example, at) =>
    listFieldPaths(example).map((keys) => ({ at, keys })),
  );
  /** Places whose value was not refused there. */
  const listTaken = (valueFor: (place: number) => unknown) =>
    places.filter(({ at, keys }, place) => {
      const read = parseContract(setAt(fresh(at), keys, valueFor(place)), name);
      return read.ok || !read.refusal.path.startsWith('$');
    });

  it('is refused by its path, whatever stands in whichever field', () => {
    const { never } = hostile;
    // Each place meets four of the values, and each value many of the places.
    for (const turn of [0, 5, 10, 15]) {
      expect(listTaken((place) => never[(place + turn) % never.length])).toEqual([]);
    }
    expect(fieldsOfAll()).toBe(untouched);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('holds no text without end, but in what its maker adds', () => {
    const taken = listTaken(() => hostile.long);
    expect(taken.filter(({ keys: [first] }) => first !== 'payload')).toEqual([]);
  });

  it('misses a field if, and only if, it may not be null', () => {
    const document = fresh(0);
    const isRead = (value: unknown) => (key: string) =>
      parseContract({ ...document, [key]: value }, name).ok;
    const keys = Object.keys(document);
    expect(keys.filter(isRead(undefined))).toEqual(keys.filter(isRead(null)));
  });

  it('is refused with a field nobody knows', () => {
    const read = parseContract({ ...fresh(0), colour: 'red' }, name);
    expect(read).toMatchObject({ refusal: { code: 'CONTRACT_INVALID', path: '$.colour' } });
  });
});

describe('any value at all', () => {
  it('is answered and never thrown at', () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withSparseArray: true,
      withTypedArray: true,
    });
    const law = fc.property(anything, (value) => {
      expect(parseAnyContract(value).ok).toBe(false);
      expect(parseAnyContract({ schema: 'task.v1', metadata: value }).ok).toBe(false);
    });
    fc.assert(law, { seed: 21, numRuns: 500 });
  });

  it('may stand in metadata up to 16 KiB of JSON', () => {
    const [task = {}] = readValid('task');
    const sized = (bytes: number) => ({ ...task, metadata: { a: 'é'.repeat((bytes - 8) / 2) } });
    expect(parseContract(sized(16_384), 'task').ok).toBe(true);
    expect(parseContract(sized(16_386), 'task')).toMatchObject({
      refusal: { path: '$.metadata', expected: 'at most 16384 bytes of JSON' },
    });
  });
});
