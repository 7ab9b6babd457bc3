import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CellValue, parseCellValue, toWireValue } from '#shared/coda/index.ts';

const FENCE = '```';

describe('parseCellValue', () => {
  it.each([[''], [null], [undefined], [[]], [FENCE + FENCE]])('takes %j for blank', (value) => {
    expect(parseCellValue(value, 'rich')).toEqual({ kind: 'blank' });
  });

  it('takes off the fences of rich text when both are there', () => {
    expect(parseCellValue('```a `b` c```', 'rich')).toEqual({ kind: 'text', text: 'a `b` c' });
    expect(parseCellValue('```a', 'rich')).toEqual({ kind: 'text', text: '```a' });
    expect(parseCellValue('a```', 'rich')).toEqual({ kind: 'text', text: 'a```' });
    expect(parseCellValue('a long text```', 'rich')).toMatchObject({ text: 'a long text```' });
    expect(parseCellValue('```a long text', 'rich')).toMatchObject({ text: '```a long text' });
    expect(parseCellValue('````', 'rich')).toEqual({ kind: 'text', text: '````' });
  });

  it('leaves simple text as it was typed, fences and formula signs too', () => {
    for (const text of ['```a```', '=1+1', '+49', '-', '@dana', ' ']) {
      expect(parseCellValue(text, 'simple')).toEqual({ kind: 'text', text });
    }
  });

  it('keeps numbers and checkboxes, zero and false too', () => {
    expect(parseCellValue(0, 'rich')).toEqual({ kind: 'number', number: 0 });
    expect(parseCellValue(false, 'simple')).toEqual({ kind: 'checkbox', checked: false });
  });

  it('reads a relation, and passes over fields it does not know', () => {
    const value = {
      '@context': 'http://schema.org/',
      '@type': 'StructuredValue',
      additionalType: 'row',
      name: 'Audit',
      rowId: 'i-1',
      tableId: 'grid-1',
      url: 'https://coda.io/d/_d1#_rui-1',
      mood: 'new',
    };
    expect(parseCellValue([value, '```plain```'], 'rich')).toEqual({
      kind: 'list',
      items: [
        { kind: 'link', rowId: 'i-1', name: 'Audit', tableId: 'grid-1' },
        { kind: 'text', text: 'plain' },
      ],
    });
  });

  it.each([
    ['12.50', '12.50'],
    [12.5, '12.5'],
    [0.0000001, '0.0000001'],
    [-1.25e-8, '-0.0000000125'],
    [1e21, '1000000000000000000000'],
    [1.5e22, '15000000000000000000000'],
  ])('reads the money %j as plain decimal text', (amount, text) => {
    const value = { '@type': 'MonetaryAmount', currency: 'EUR', amount };
    expect(parseCellValue(value, 'rich')).toEqual({ kind: 'money', amount: text, currency: 'EUR' });
  });

  it('reads people, links and images', () => {
    const dana = { '@type': 'Person', name: 'Dana', email: 'dana@example.com' };
    expect(parseCellValue(dana, 'rich')).toEqual({
      kind: 'person',
      name: 'Dana',
      email: 'dana@example.com',
    });
    expect(parseCellValue({ '@type': 'Person', name: 'Dana' }, 'rich')).toMatchObject({
      email: '',
    });
    for (const type of ['WebPage', 'ImageObject']) {
      const value = { '@type': type, url: 'https://example.com' };
      expect(parseCellValue(value, 'rich')).toEqual({ kind: 'url', url: 'https://example.com' });
    }
  });

  it('keeps what it does not understand as JSON text', () => {
    const odd = { '@type': 'MonetaryAmount', currency: 'EUR', amount: 'twelve' };
    expect(parseCellValue(odd, 'rich')).toEqual({ kind: 'text', text: JSON.stringify(odd) });
    expect(parseCellValue({ a: 1 }, 'rich')).toEqual({ kind: 'text', text: '{"a":1}' });
  });

  it('reads whatever JSON holds', () => {
    const law = fc.property(fc.jsonValue(), fc.constantFrom('simple', 'rich'), (value, format) => {
      expect(parseCellValue(value, format as 'rich')).toHaveProperty('kind');
    });
    fc.assert(law);
  });
});

describe('toWireValue', () => {
  it('names rows by id and people by e-mail, and clears with an empty text', () => {
    expect(toWireValue({ kind: 'link', rowId: 'i-1', name: 'Audit', tableId: 'g' })).toBe('i-1');
    expect(toWireValue({ kind: 'person', name: 'Dana', email: 'dana@example.com' })).toBe(
      'dana@example.com',
    );
    expect(toWireValue({ kind: 'person', name: 'Dana', email: '' })).toBe('Dana');
    expect(toWireValue({ kind: 'blank' })).toBe('');
    expect(toWireValue({ kind: 'url', url: 'https://example.com' })).toBe('https://example.com');
    expect(toWireValue({ kind: 'money', amount: '12.50', currency: 'EUR' })).toBe(12.5);
  });

  it('stops at what JSON or the API cannot carry', () => {
    expect(() => toWireValue({ kind: 'number', number: Number.NaN })).toThrow('NaN');
    expect(() => toWireValue({ kind: 'money', amount: 'x', currency: 'EUR' })).toThrow('NaN');
    const link = { kind: 'link', rowId: '', name: 'Audit', tableId: 'g' } as const;
    expect(() => toWireValue(link)).toThrow('Audit');
  });

  const plain = fc.oneof(
    fc.constant({ kind: 'blank' } as const),
    fc.record({ kind: fc.constant('text' as const), text: fc.string({ minLength: 1 }) }),
    fc.record({
      kind: fc.constant('number' as const),
      number: fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => !Object.is(n, -0)),
    }),
    fc.record({ kind: fc.constant('checkbox' as const), checked: fc.boolean() }),
  );
  const anyPlain: fc.Arbitrary<CellValue> = fc.oneof(
    plain,
    fc.record({ kind: fc.constant('list' as const), items: fc.array(plain, { minLength: 1 }) }),
  );

  it('reads back as the same value after a trip through JSON', () => {
    const law = fc.property(anyPlain, (value) => {
      const received: unknown = JSON.parse(JSON.stringify(toWireValue(value)));
      expect(parseCellValue(received, 'simple')).toEqual(value);
    });
    fc.assert(law);
  });

  it('reads a number of money back to the digit', () => {
    const law = fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (amount) => {
      const money = parseCellValue({ '@type': 'MonetaryAmount', currency: 'EUR', amount }, 'rich');
      expect(money).toMatchObject({ amount: expect.stringMatching(/^-?\d+(\.\d+)?$/) });
      expect(toWireValue(money)).toBe(amount === 0 ? 0 : amount);
    });
    fc.assert(law);
  });
});
