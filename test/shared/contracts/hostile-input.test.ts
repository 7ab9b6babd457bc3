import * as fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { CONTRACT_NAMES, parseAnyContract, parseContract } from '#shared/contracts/index.ts';
import { readValid, setAt } from './examples.ts';
import { hostile, listFieldPaths } from './hostile-values.ts';

const untouched = JSON.stringify(Object.getOwnPropertyNames(Object.prototype));

afterEach(() => {
  expect(JSON.stringify(Object.getOwnPropertyNames(Object.prototype))).toBe(untouched);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

describe.each(CONTRACT_NAMES)('a hostile %s', (name) => {
  const examples = readValid(name);
  const places = examples.flatMap((_, at) =>
    listFieldPaths(examples[at]).map((keys) => ({ at, keys })),
  );
  const fresh = (at: number) => readValid(name)[at] ?? {};

  /** What a reader makes of each place with each value, where it is not what is wanted. */
  const listOdd = (
    values: readonly unknown[],
    isWanted: (path: string, isRead: boolean) => boolean,
  ) =>
    places.flatMap(({ at, keys }) => {
      const document = fresh(at);
      return values.flatMap((value) => {
        const read = parseContract(setAt(document, keys, value), name);
        const path = read.ok ? '' : read.refusal.path;
        return isWanted(path, read.ok) ? [] : [{ keys, value, path }];
      });
    });

  it('is refused by its path, whatever stands in whichever field', () => {
    expect(listOdd(hostile.never, (path, isRead) => !isRead && path.startsWith('$'))).toEqual([]);
  });

  it('is judged and never thrown at, whatever JSON stands in whichever field', () => {
    expect(listOdd(hostile.json, (path, isRead) => isRead || path.startsWith('$'))).toEqual([]);
  });

  it('holds no text without end, but in what its maker adds', () => {
    const odd = listOdd([hostile.long], (path, isRead) => !isRead && path.startsWith('$'));
    expect(odd.filter(({ keys: [first] }) => first !== 'payload')).toEqual([]);
  });

  it('is refused without any of its required fields', () => {
    for (const key of Object.keys(fresh(0))) {
      const { [key]: taken, ...rest } = fresh(0);
      const read = parseContract(rest, name);
      const asNull = parseContract({ ...fresh(0), [key]: null }, name);
      // A field that may be null may also be absent, and the other way round.
      expect([key, read.ok]).toEqual([key, asNull.ok]);
      if (!read.ok) expect(read.refusal.path.startsWith('$.')).toBe(true);
    }
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
