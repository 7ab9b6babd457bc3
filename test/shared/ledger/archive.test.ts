import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ArchivedStream,
  type ArchivePage,
  checkArchive,
  parseArchiveRow,
  sealStreams,
  toArchiveKey,
  toArchiveRow,
} from '#shared/ledger/index.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const ended = (name: string, day: string, title = 'Audit Acme'): ArchivedStream => ({
  stream: `run/${name}`,
  version: 4,
  position: 9,
  state: 'succeeded',
  closedAt: `${day}T10:00:00.000Z`,
  title,
});
const seal = (streams: readonly ArchivedStream[], pages: readonly ArchivePage[] = []) =>
  sealStreams(streams, pages, sha256);

describe('sealStreams', () => {
  it('puts each month on its own page, in the order of ending', () => {
    const pages = seal([
      ended('c', '2026-04-01'),
      ended('b', '2026-03-31'),
      ended('a', '2026-03-02'),
    ]);
    expect(
      pages.map((page) => [toArchiveKey(page), page.streams.map(({ stream }) => stream)]),
    ).toEqual([
      ['state/archive/2026-03/0001', ['run/a', 'run/b']],
      ['state/archive/2026-04/0001', ['run/c']],
    ]);
    expect(pages[0]?.previousSeal).toBe('0'.repeat(64));
    expect(pages[1]?.previousSeal).toBe(pages[0]?.seal);
  });

  it('adds only what is not sealed yet, on the next page of its month', () => {
    const first = seal([ended('a', '2026-03-02')]);
    const more = seal([ended('a', '2026-03-02'), ended('z', '2026-03-01')], first);
    expect(more.map(({ month, number, previousSeal }) => [month, number, previousSeal])).toEqual([
      ['2026-03', 2, first[0]?.seal],
    ]);
    expect(seal([ended('a', '2026-03-02')], first)).toEqual([]);
  });

  it('orders those that ended together by name', () => {
    const [page] = seal([ended('b', '2026-03-02'), ended('a', '2026-03-02')]);
    expect(page?.streams.map(({ stream }) => stream)).toEqual(['run/a', 'run/b']);
  });

  it('keeps every page within the room of a row, whatever the titles weigh', () => {
    const law = fc.property(
      fc.array(fc.string({ maxLength: 400, unit: 'grapheme' }), { maxLength: 400 }),
      (titles) => {
        const streams = titles.map((title, index) => ended(`r${index}`, '2026-03-02', title));
        const pages = seal(streams);
        for (const page of pages) {
          expect(Buffer.byteLength(toArchiveRow(page).data)).toBeLessThanOrEqual(60_000);
        }
        expect(pages.flatMap((page) => page.streams)).toHaveLength(streams.length);
        expect(checkArchive(pages, sha256)).toMatchObject({ ok: true });
      },
    );
    fc.assert(law, { numRuns: 20 });
  });

  it('fills a page before it begins the next', () => {
    const streams = Array.from({ length: 600 }, (_, index) => ended(`r${index}`, '2026-03-02'));
    const pages = seal(streams);
    expect(pages.map(({ number }) => number)).toEqual([1, 2]);
    expect(Buffer.byteLength(toArchiveRow(pages[0] ?? fail()).data)).toBeGreaterThan(59_000);
  });

  it('gives a stream that fits no page one of its own', () => {
    const pages = seal([
      ended('a', '2026-03-02'),
      ended('b', '2026-03-03', 'x'.repeat(70_000)),
      ended('c', '2026-03-04'),
    ]);
    expect(pages.map(({ streams }) => streams.length)).toEqual([1, 1, 1]);
  });
});

describe('checkArchive', () => {
  const pages = seal([
    ended('a', '2026-03-02'),
    ended('b', '2026-04-02'),
    ended('c', '2026-05-02'),
  ]);

  it('answers every stream of whole pages', () => {
    const result = checkArchive(pages, sha256);
    expect(result.ok && result.value.map(({ stream }) => stream)).toEqual([
      'run/a',
      'run/b',
      'run/c',
    ]);
  });

  it('names a page that was changed', () => {
    const changed = pages.map((page, index) => (index === 1 ? { ...page, streams: [] } : page));
    expect(checkArchive(changed, sha256)).toEqual({
      ok: false,
      refusal: { code: 'PAGE_CHANGED', where: 'state/archive/2026-04/0001' },
    });
  });

  it('names the page after one that is gone', () => {
    const [first, , third] = pages;
    expect(checkArchive([first ?? fail(), third ?? fail()], sha256)).toEqual({
      ok: false,
      refusal: { code: 'PAGE_MISSING', where: 'state/archive/2026-05/0001' },
    });
  });

  it('names a stream that was sealed twice', () => {
    const [first] = seal([ended('a', '2026-03-02')]);
    const [again] = seal([ended('a', '2026-06-02')]);
    const body = { ...(again ?? fail()), previousSeal: first?.seal ?? '' };
    const { month, number, streams, previousSeal } = body;
    const canonical = `{"month":"${month}","number":${number},"previousSeal":"${previousSeal}","streams":[{"closedAt":"${streams[0]?.closedAt}","position":9,"state":"succeeded","stream":"run/a","title":"Audit Acme","version":4}]}`;
    const twice = [first ?? fail(), { ...body, seal: sha256(canonical) }];
    expect(checkArchive(twice, sha256)).toEqual({
      ok: false,
      refusal: { code: 'STREAM_TWICE', where: 'run/a' },
    });
  });
});

describe('the row of a page', () => {
  const [page] = seal([ended('a', '2026-03-02')]);
  const row = toArchiveRow(page ?? fail());

  it('shows month and count and carries the whole page', () => {
    expect(row).toMatchObject({
      title: 'Archive · 2026-03 · 1 ended',
      kind: 'state',
      state: 'sealed',
      key: 'state/archive/2026-03/0001',
      stream: 'archive/2026-03',
      type: 'archive',
      by: 'worker',
      at: '',
      outcome: '',
      seq: '1',
    });
    expect(parseArchiveRow(row)).toEqual(page);
  });

  it.each([
    ['another kind', { kind: 'settled' }],
    ['another type', { type: 'desk' }],
    ['another key', { key: 'state/archive/2026-03/0002' }],
    ['no JSON', { data: '{' }],
    ['another shape', { data: '{}' }],
    ['a month that is none', { data: row.data.replace('"2026-03"', '"2026"') }],
    ['a count that is none', { data: row.data.replace('"version":4', '"version":-4') }],
    ['a fraction for a count', { data: row.data.replace('"version":4', '"version":4.5') }],
    ['a moment that is none', { data: row.data.replace('2026-03-02T', '2026-02-30T') }],
  ])('is none with %s', (_what, change) => {
    expect(parseArchiveRow({ ...row, ...change })).toBeUndefined();
  });
});

function fail(): never {
  throw new Error('expected a page');
}
