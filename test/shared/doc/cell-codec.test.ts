import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CellValue } from '#shared/coda/index.ts';
import { CODECS, type Codec, type Decoded, escapeText, toText } from '#shared/doc/index.ts';
import { accept, formatDay, HOUR_MS, toInstant } from '#shared/kernel/index.ts';

const text = (words: string): CellValue => ({ kind: 'text', text: words });
const number = (value: number): CellValue => ({ kind: 'number', number: value });
const link = { kind: 'link', rowId: 'i-1', name: 'Acme', tableId: 'grid-1' } as const;
const isRead = (codec: Codec, cell: CellValue): boolean => CODECS[codec].decode(cell).ok;

/** A cell as the doc shows what was written into a column that keeps it as it is. */
function toCell(value: unknown): CellValue {
  if (typeof value === 'number') return number(value);
  return typeof value === 'boolean' ? { kind: 'checkbox', checked: value } : text(String(value));
}

const roundTrip = <Name extends Codec>(codec: Name, values: fc.Arbitrary<Decoded[Name]>) =>
  fc.property(values, (value) => {
    const { encode, decode } = CODECS[codec];
    expect(decode(toCell(encode(value)))).toEqual(accept(value));
  });

const cents = fc.integer({ min: -10_000_000, max: 10_000_000 });

describe('round trips', () => {
  it('keeps hours on the grid of two decimals', () => {
    fc.assert(
      roundTrip(
        'hours',
        cents.map((hundredths) => (hundredths * HOUR_MS) / 100),
      ),
    );
  });

  it('keeps minutes on the grid of two decimals', () => {
    fc.assert(
      roundTrip(
        'minutes',
        cents.map((hundredths) => hundredths * 600),
      ),
    );
  });

  it('keeps fractions on the grid of four decimals', () => {
    fc.assert(
      roundTrip(
        'fraction',
        cents.map((parts) => parts / 10_000),
      ),
    );
  });

  it('keeps days and instants', () => {
    fc.assert(roundTrip('day', fc.integer({ min: -10_000, max: 100_000 }).map(formatDay)));
    fc.assert(roundTrip('instant', fc.integer({ min: 0, max: 4e12 }).map(toInstant)));
  });

  it('keeps ticks and numbers', () => {
    fc.assert(roundTrip('checkbox', fc.boolean()));
    fc.assert(
      roundTrip(
        'number',
        fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
      ),
    );
  });

  it('keeps any text, whatever it starts with', () => {
    const start = fc.constantFrom('', '=', '+', '-', '@', "'", "'=", "''-");
    fc.assert(
      roundTrip(
        'text',
        fc.tuple(start, fc.string({ minLength: 1 })).map(([head, rest]) => `${head}${rest}`),
      ),
    );
  });
});

describe('hours', () => {
  it('rounds once, to two decimals, half away from zero', () => {
    const { encode } = CODECS.hours;
    expect(encode(130 * 60_000)).toBe(2.17);
    expect(encode(1.005 * HOUR_MS)).toBe(1.01);
    expect(encode(-1.005 * HOUR_MS)).toBe(-1.01);
    expect(Object.is(encode(-1), 0)).toBe(true);
  });

  it('reads a number that a column holds as text', () => {
    expect(CODECS.hours.decode(text(' 2.5 '))).toEqual(accept(2.5 * HOUR_MS));
  });

  it.each(['about 3', '3h', '1,5', 'NaN', 'Infinity', '1e400', '0x10'])(
    'finds `%s` unreadable',
    (words) => {
      expect(CODECS.hours.decode(text(words))).toEqual({
        ok: false,
        refusal: { expected: 'a number of hours', received: words },
      });
    },
  );

  it('finds what no one works in a lifetime unreadable', () => {
    expect(isRead('hours', number(1_000_000))).toBe(true);
    expect(isRead('hours', number(1_000_001))).toBe(false);
    expect(isRead('number', number(Number.POSITIVE_INFINITY))).toBe(false);
  });
});

describe('percentages', () => {
  it('reads the number as a fraction and the text as it reads', () => {
    expect(CODECS.fraction.decode(number(0.15))).toEqual(accept(0.15));
    expect(CODECS.fraction.decode(text('15 %'))).toEqual(accept(0.15));
    expect(isRead('fraction', text('%'))).toBe(false);
    expect(isRead('fraction', text('much %'))).toBe(false);
  });
});

describe('days and moments', () => {
  it('takes the day as it stands in the doc, whatever its hour is elsewhere', () => {
    expect(CODECS.day.decode(text('2025-12-14'))).toEqual(accept('2025-12-14'));
    expect(CODECS.day.decode(text('2025-12-14T23:30:00.000-08:00'))).toEqual(accept('2025-12-14'));
    expect(CODECS.day.decode(text('2025-12-15T00:00:00.000-08:00'))).toEqual(accept('2025-12-15'));
  });

  it.each(['2025-02-30', '14/12/2025', '2025-12-14 soon', 'soon'])('finds `%s` no day', (words) => {
    expect(isRead('day', text(words))).toBe(false);
  });

  it('finds a number and a tick neither a day nor a moment', () => {
    for (const cell of [number(20_251_214), { kind: 'checkbox', checked: true } as const]) {
      expect(isRead('day', cell)).toBe(false);
      expect(isRead('instant', cell)).toBe(false);
    }
  });

  it('reads a moment in any zone as the same instant', () => {
    const instant = toInstant(Date.UTC(2025, 11, 15, 7, 30));
    for (const words of [
      '2025-12-15T07:30:00.000Z',
      '2025-12-14T23:30:00-08:00',
      '2025-12-14T23:30-0800',
    ]) {
      expect(CODECS.instant.decode(text(words))).toEqual(accept(instant));
    }
  });

  it.each(['2025-12-15T07:30:00', '2025-12-15', '2025-02-30T07:30:00Z', '2025-12-15T25:00:00Z'])(
    'finds `%s` no moment',
    (words) => {
      expect(isRead('instant', text(words))).toBe(false);
    },
  );
});

describe('relations', () => {
  it('reads one row, in a list or not, and writes its id', () => {
    const acme = { rowId: 'i-1', name: 'Acme' };
    expect(CODECS.link.decode(link)).toEqual(accept(acme));
    expect(CODECS.link.decode({ kind: 'list', items: [link] })).toEqual(accept(acme));
    expect(CODECS.link.encode(acme)).toBe('i-1');
  });

  it('finds a text that matched no row, and several rows, unreadable', () => {
    expect(isRead('link', text('Acme, probably'))).toBe(false);
    expect(isRead('link', { kind: 'list', items: [link, link] })).toBe(false);
  });
});

describe('relations to many rows', () => {
  const linkTo = (rowId: string): CellValue => ({
    kind: 'link',
    rowId,
    name: rowId,
    tableId: 'grid',
  });

  it('read all rows of the cell in its order, and write their ids', () => {
    const { decode, encode } = CODECS.links;
    const two = [
      { rowId: 'i-2', name: 'i-2' },
      { rowId: 'i-1', name: 'i-1' },
    ];
    expect(decode({ kind: 'list', items: [linkTo('i-2'), linkTo('i-1')] })).toEqual(accept(two));
    expect(decode(linkTo('i-2'))).toEqual(accept(two.slice(0, 1)));
    expect(encode(two)).toEqual(['i-2', 'i-1']);
    const blank: CellValue = { kind: 'text', text: '' };
    expect(decode({ kind: 'list', items: [] })).toEqual(accept(undefined));
    expect(decode(blank)).toEqual(accept(undefined));
  });

  it('are unreadable where one of them matched no row', () => {
    const cell: CellValue = {
      kind: 'list',
      items: [linkTo('i-1'), { kind: 'text', text: 'Call' }],
    };
    expect(CODECS.links.decode(cell)).toMatchObject({
      refusal: { expected: 'links to rows', received: 'i-1, Call' },
    });
  });
});

describe('other cells', () => {
  it('reads a blank cell as nothing, whatever its form', () => {
    const blanks: readonly CellValue[] = [{ kind: 'blank' }, text(''), { kind: 'list', items: [] }];
    const codecs = Object.keys(CODECS).filter((name) => name !== 'checkbox') as Codec[];
    for (const codec of codecs) {
      for (const blank of blanks) expect(CODECS[codec].decode(blank)).toEqual(accept(undefined));
    }
    expect(CODECS.checkbox.decode({ kind: 'blank' })).toEqual(accept(undefined));
  });

  it('reads people by e-mail, else by name', () => {
    const dana = { kind: 'person', name: 'Dana', email: 'dana@example.com' } as const;
    expect(CODECS.person.decode(dana)).toEqual(accept('dana@example.com'));
    expect(CODECS.person.decode({ ...dana, email: '' })).toEqual(accept('Dana'));
    expect(CODECS.person.decode(text('Dana'))).toEqual(accept('Dana'));
    expect(isRead('person', number(7))).toBe(false);
  });

  it('reads money with its currency and writes the amount', () => {
    const amount = { amount: '12.34', currency: 'EUR' };
    expect(CODECS.money.decode({ kind: 'money', ...amount })).toEqual(accept(amount));
    expect(CODECS.money.encode(amount)).toBe('12.34');
    expect(CODECS.money.decode(number(12.5))).toEqual(accept({ amount: '12.5', currency: '' }));
    expect(CODECS.money.decode(text(' 0.1 '))).toEqual(accept({ amount: '0.1', currency: '' }));
    expect(isRead('money', text('ask Dana'))).toBe(false);
  });

  it('reads ticks that were typed, and finds other words unreadable', () => {
    expect(CODECS.checkbox.decode(text('TRUE'))).toEqual(accept(true));
    expect(isRead('checkbox', text('yes'))).toBe(false);
  });

  it('shows any cell as words', () => {
    const cells: readonly CellValue[] = [
      link,
      number(1.5),
      { kind: 'checkbox', checked: true },
      { kind: 'money', amount: '3', currency: 'USD' },
      { kind: 'url', url: 'https://example.com' },
      { kind: 'blank' },
    ];
    expect(toText({ kind: 'list', items: cells })).toBe(
      'Acme, 1.5, true, 3 USD, https://example.com, ',
    );
  });

  it('cuts what it quotes of a long cell', () => {
    const result = CODECS.number.decode(text('x'.repeat(200)));
    expect(result.ok ? '' : result.refusal.received).toBe(`${'x'.repeat(60)}…`);
  });

  it('puts an apostrophe before what a sheet takes for a formula, and before nothing else', () => {
    expect(['=1+1', '-5', '@dana', '+', "'=x", 'a=b', "it's"].map(escapeText)).toEqual([
      "'=1+1",
      "'-5",
      "'@dana",
      "'+",
      "''=x",
      'a=b',
      "it's",
    ]);
  });
});
