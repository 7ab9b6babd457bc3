import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countRivals,
  isConflict,
  toPathText,
  toPrefixes,
  toWantedLocks,
  type WantedLock,
} from '#shared/planning/locks.ts';
import { listOverlaps } from '#shared/planning/locks-overlap.ts';

const lock = (path: string, mode: WantedLock['mode'] = 'write'): WantedLock =>
  toWantedLocks([{ path, mode }])[0] ?? { path, mode };

describe('toWantedLocks', () => {
  it('takes the stronger lock of a path once, sorted, and none for reading', () => {
    const wanted = toWantedLocks([
      { path: 'src/b', mode: 'append' },
      { path: 'src/b/', mode: 'write' },
      { path: './src/b', mode: 'append' },
      { path: 'docs', mode: 'read' },
      { path: 'src/a', mode: 'append' },
    ]);
    expect(wanted).toEqual([
      { path: 'src/a/', mode: 'append' },
      { path: 'src/b/', mode: 'write' },
    ]);
    expect(wanted.map(toPathText)).toEqual(['src/a', 'src/b']);
  });

  it.each(['.', '/', './', ''])('reads %j as everything', (path) => {
    expect(lock(path).path).toBe('');
    expect(toPathText(lock(path))).toBe('.');
  });
});

type Wish = readonly [path: string, mode: WantedLock['mode']];

describe('isConflict', () => {
  it.each<[string, Wish, Wish, boolean]>([
    ['append beside append', ['a', 'append'], ['a', 'append'], false],
    ['append beside write', ['a', 'append'], ['a', 'write'], true],
    ['write beside write', ['a', 'write'], ['a', 'write'], true],
    ['a folder and what is in it', ['src', 'write'], ['src/a/b', 'write'], true],
    ['names that begin alike', ['src/a', 'write'], ['src/ab', 'write'], false],
    ['everything and anything', ['.', 'write'], ['src/a', 'append'], true],
    ['neighbours', ['src/a', 'write'], ['src/b', 'write'], false],
  ])('judges %s alike from both sides', (_, one, other, conflict) => {
    const [left, right] = [lock(...one), lock(...other)];
    expect([isConflict(left, right), isConflict(right, left)]).toEqual([conflict, conflict]);
  });
});

const anyLocks = fc.array(
  fc
    .record({
      path: fc.constantFrom('.', 'a', 'a/b', 'a/b/c', 'a/d', 'e', 'e/f'),
      mode: fc.constantFrom('read' as const, 'append' as const, 'write' as const),
    })
    .map((each) => each),
  { maxLength: 3 },
);

describe('countRivals', () => {
  it('counts as a look at every pair would, up to 10', () => {
    const law = fc.property(fc.array(anyLocks, { maxLength: 16 }), (tasks) => {
      const wanted = tasks.map(toWantedLocks);
      const counted = wanted.map((mine, index) => {
        const rivals = wanted.filter(
          (theirs, other) =>
            other !== index && mine.some((one) => theirs.some((two) => isConflict(one, two))),
        );
        return Math.min(10, rivals.length);
      });
      expect(countRivals(wanted)).toEqual(counted);
    });
    fc.assert(law, { seed: 11, numRuns: 300 });
  });

  it.each([
    [10, 9],
    [11, 10],
    [12, 10],
  ])('gives each of %i writers of one file %i rivals', (writers, rivals) => {
    const wanted = Array.from({ length: writers }, () => [lock('a')]);
    expect(new Set(countRivals(wanted))).toEqual(new Set([rivals]));
  });
});

describe('countRivals of one who wants much', () => {
  it('counts that one once, however many places of a folder it wants', () => {
    const many = Array.from({ length: 12 }, (_, place) => lock(`a/${place}`));
    expect(countRivals([many, [lock('a/x')], [lock('a')]])).toEqual([1, 1, 2]);
  });
});

describe('toPrefixes', () => {
  it('lists a path and all that hold it, from the outermost', () => {
    expect(toPrefixes('src/app/')).toEqual(['', 'src/', 'src/app/']);
    expect(toPrefixes('')).toEqual(['']);
  });
});

describe('listOverlaps', () => {
  const pairs = (...locks: readonly (readonly WantedLock[])[]) =>
    listOverlaps([...locks.keys()], locks).map(([first, second, at]) => [first, second, at.path]);

  it('pairs a writer with the writer before it, not with those before that', () => {
    expect(pairs([lock('a')], [lock('a')], [lock('a')])).toEqual([
      [0, 1, 'a/'],
      [1, 2, 'a/'],
    ]);
  });

  it('pairs a writer with all who added since the last writer, and each of them with that writer', () => {
    const add = [lock('a', 'append')];
    expect(pairs([lock('a')], add, add, [lock('a')], add)).toEqual([
      [0, 1, 'a/'],
      [0, 2, 'a/'],
      [0, 3, 'a/'],
      [1, 3, 'a/'],
      [2, 3, 'a/'],
      [3, 4, 'a/'],
    ]);
  });

  it('pairs no one with those who add where nobody has written yet, but the writer after them', () => {
    const add = [lock('a', 'append')];
    expect(pairs(add, add, [lock('a')])).toEqual([
      [0, 2, 'a/'],
      [1, 2, 'a/'],
    ]);
  });

  it('pairs a folder with what lies in it, before and after', () => {
    expect(pairs([lock('a/b')], [lock('a/c')], [lock('a')], [lock('a/b/d')])).toEqual([
      [0, 2, 'a/'],
      [1, 2, 'a/'],
      [2, 3, 'a/b/d/'],
      [0, 3, 'a/b/d/'],
    ]);
  });

  it('takes the order it is given and passes over nodes without locks', () => {
    expect(listOverlaps([2, 7, 0], [[lock('a')], [], [lock('a')]])).toEqual([[2, 0, lock('a')]]);
  });
});
