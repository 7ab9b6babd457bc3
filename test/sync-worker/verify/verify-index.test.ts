import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IndexEntry, IndexFault } from '#worker/verify/index.ts';
import { createIndexCheck } from '#worker/verify/verify-index.ts';

interface Scene {
  readonly bodies: readonly string[];
  readonly entries: readonly IndexEntry[];
}

/** A sound ledger and its index, of appends that each have a stream, a count and perhaps a key. */
function toScene(
  appends: readonly (readonly [stream: string, count: number, isKeyed: boolean])[],
): Scene {
  const versions = new Map<string, number>();
  const bodies: string[] = [];
  const entries = appends.map(([stream, count, isKeyed], index): IndexEntry => {
    const firstPosition = bodies.length + 1;
    const firstVersion = (versions.get(stream) ?? 0) + 1;
    const key = isKeyed ? { idempotencyKey: `K${index}` } : {};
    for (let step = 0; step < count; step += 1) {
      bodies.push(JSON.stringify({ stream, version: firstVersion + step, ...key }));
    }
    versions.set(stream, firstVersion + count - 1);
    return { firstPosition, lastPosition: bodies.length, stream, firstVersion, ...key };
  });
  return { bodies, entries };
}

const byPosition = (entries: readonly IndexEntry[]) =>
  entries.toSorted((one, other) => one.firstPosition - other.firstPosition);

async function* give(entries: readonly IndexEntry[]): AsyncGenerator<IndexEntry> {
  yield* entries;
}

/** What a check finds that takes the events in pages of a length, where the store ends at a position by then. */
async function check(
  { bodies, entries }: Scene,
  { pageSize = 3, end = bodies.length }: { pageSize?: number; end?: number } = {},
): Promise<IndexFault | undefined> {
  const index = createIndexCheck({
    entries: give(byPosition(entries)),
    readEnd: async () => end,
  });
  for (let from = 0; from < bodies.length; from += pageSize) {
    await index.add(bodies.slice(from, from + pageSize));
  }
  return index.end();
}

const scenes = fc
  .array(fc.tuple(fc.constantFrom('a', 'b'), fc.integer({ min: 1, max: 4 }), fc.boolean()), {
    minLength: 1,
    maxLength: 12,
  })
  .map(toScene);
const pageSize = fc.integer({ min: 1, max: 5 });

/** Whatever is not the entry that was there, or one entry more or less. */
const FORGERIES: Readonly<
  Record<string, (entry: IndexEntry, by: number) => readonly IndexEntry[]>
> = {
  'is missing': () => [],
  'names another stream': (entry) => [{ ...entry, stream: `${entry.stream}x` }],
  'names another version': (entry, by) => [{ ...entry, firstVersion: entry.firstVersion + by }],
  'names another key': (entry) => [{ ...entry, idempotencyKey: 'other' }],
  'begins elsewhere': (entry, by) => [{ ...entry, firstPosition: entry.firstPosition + by }],
  'begins elsewhere with the versions of that place': (entry, by) => [
    {
      ...entry,
      firstPosition: entry.firstPosition + by,
      firstVersion: entry.firstVersion + by,
    },
  ],
  'ends elsewhere': (entry, by) => [{ ...entry, lastPosition: entry.lastPosition + by }],
  'ends before it begins': (entry) => [{ ...entry, lastPosition: entry.firstPosition - 1 }],
  'is there twice': (entry) => [entry, entry],
  'is there under another name too': (entry) => [entry, { ...entry, stream: `${entry.stream}x` }],
  'has another within it': (entry) => {
    const within = entry.firstPosition + 1;
    if (within > entry.lastPosition) return [];
    return [entry, { ...entry, firstPosition: within, lastPosition: within }];
  },
  'has one before all beside it': (entry) => [
    entry,
    { ...entry, firstPosition: -5, lastPosition: -5 },
  ],
};

describe('createIndexCheck', () => {
  it('finds nothing in a true index, whatever its pages', async () => {
    const law = fc.asyncProperty(scenes, pageSize, async (scene, size) => {
      expect(await check(scene, { pageSize: size })).toBeUndefined();
    });
    await fc.assert(law);
  });

  it('finds nothing where one append was split, or neighbours of one stream were joined', async () => {
    const scene = toScene([['a', 4, false]]);
    const [whole] = scene.entries;
    const halves = [1, 3].map((first) => ({
      ...whole,
      firstPosition: first,
      firstVersion: first,
      lastPosition: first + 1,
      stream: 'a',
    }));
    expect(await check({ ...scene, entries: halves })).toBeUndefined();
    const joined = toScene([
      ['a', 2, false],
      ['a', 2, false],
    ]);
    expect(await check({ ...joined, entries: scene.entries })).toBeUndefined();
  });

  it.each(Object.entries(FORGERIES))('finds that an entry %s', async (_what, forge) => {
    const by = fc.constantFrom(-2, -1, 1, 2);
    const law = fc.asyncProperty(scenes, fc.nat(), by, pageSize, async (scene, nth, step, size) => {
      const at = nth % scene.entries.length;
      const entries = scene.entries.flatMap((entry, index) =>
        index === at ? forge(entry, step) : [entry],
      );
      expect(await check({ ...scene, entries }, { pageSize: size })).toMatchObject({
        code: 'INDEX_WRONG',
      });
    });
    await fc.assert(law);
  });

  it('names the first place, what the event says there and what the index says', async () => {
    const scene = toScene([
      ['a', 2, false],
      ['b', 1, true],
      ['a', 1, false],
    ]);
    const [first, second, third] = scene.entries;
    if (first === undefined || second === undefined || third === undefined)
      throw new Error('short');
    const other = { ...second, stream: 'c' };
    expect(await check({ ...scene, entries: [first, other, { ...third, stream: 'c' }] })).toEqual({
      code: 'INDEX_WRONG',
      position: 3,
      expected: '["b",1,"K1"]',
      received: '["c",1,"K1"]',
    });
    expect(await check({ ...scene, entries: [first, third] })).toMatchObject({
      position: 3,
      received: '["a",3,null] from 4 to 4',
    });
    expect(await check({ ...scene, entries: [first, second] })).toMatchObject({
      position: 4,
      expected: '["a",3,null]',
      received: 'no entry',
    });
    const longer = { ...third, lastPosition: 5 };
    expect(await check({ ...scene, entries: [first, second, longer] })).toMatchObject({
      position: 5,
      expected: 'no entry',
      received: '["a",3,null] from 4 to 5',
    });
  });

  it('takes what was appended since for no fault, but an entry after the end for one', async () => {
    const { bodies, entries } = toScene(Array.from({ length: 9 }, () => ['a', 2, true]));
    const read = { entries, bodies: bodies.slice(0, 4) };
    expect(await check(read, { end: 18 })).toBeUndefined();
    expect(await check(read, { end: 17 })).toMatchObject({ position: 17, expected: 'no entry' });
    expect(await check(read, { end: 4 })).toMatchObject({ position: 5, expected: 'no entry' });
  });

  it('asks no entry of an event that came after the check began, unless it is the wrong one', async () => {
    const { bodies, entries } = toScene(Array.from({ length: 3 }, () => ['a', 2, true]));
    const until = (count: number) => ({ bodies, entries: entries.slice(0, count) });
    expect(await check(until(2), { end: 4 })).toBeUndefined();
    expect(await check(until(2), { end: 5 })).toMatchObject({ position: 5, received: 'no entry' });
    const wrong = entries.map((entry) => ({ ...entry, stream: 'b' })).slice(2);
    const forged = { bodies, entries: [...entries.slice(0, 2), ...wrong] };
    expect(await check(forged, { end: 4 })).toMatchObject({ position: 5 });
  });

  it('lets go of the index, begun or not', async () => {
    const { bodies, entries } = toScene([['a', 4, false]]);
    for (const taken of [0, 2]) {
      let isFreed = taken === 0;
      async function* giveAndFree() {
        try {
          yield* entries;
        } finally {
          isFreed = true;
        }
      }
      const index = createIndexCheck({ entries: giveAndFree(), readEnd: async () => 4 });
      await index.add(bodies.slice(0, taken));
      await index.close();
      expect(isFreed).toBe(true);
    }
  });
});
