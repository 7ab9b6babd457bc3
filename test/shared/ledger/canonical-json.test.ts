import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, type Json } from '#shared/ledger/index.ts';

const anyJson = fc.jsonValue({ stringUnit: 'binary' }) as fc.Arbitrary<Json>;

/** The same text by the shortest way: sorted entries, every part through `JSON.stringify`. */
function toNaive(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(toNaive).join()}]`;
  const fields = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${toNaive(field)}`).join()}}`;
}

describe('canonicalJson', () => {
  it('writes the example of RFC 8785, section 3.2.3, in the order of UTF-16 code units', () => {
    const value = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    expect(Object.values(JSON.parse(canonicalJson(value)))).toHaveLength(7);
    expect(canonicalJson(value).match(/(?<=":")[^"]+/g)).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  it('writes the example of RFC 8785, section 3.2.2, to the byte', () => {
    const value = {
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000f\nA\'B"\\\\"/',
      literals: [null, true, false],
    };
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('writes minus zero as zero and half a character as its escape', () => {
    expect(canonicalJson([-0, '\ud800'])).toBe('[0,"\\ud800"]');
  });

  it('writes every code unit as ECMAScript does, in a text and in a name', () => {
    const units = Array.from({ length: 0x1_00_00 }, (_, code) => String.fromCharCode(code));
    expect(units.filter((unit) => canonicalJson(unit) !== JSON.stringify(unit))).toEqual([]);
    expect(canonicalJson({ '"\ud800\n': '"' })).toBe(String.raw`{"\"\ud800\n":"\""}`);
  });

  it('orders names of digits as texts, which no object does', () => {
    expect(canonicalJson({ '9': 1, '10': [], '-1': {} })).toBe('{"-1":{},"10":[],"9":1}');
  });

  it('writes any value as the shortest way to it does', () => {
    const law = fc.property(anyJson, (value) => {
      expect(canonicalJson(value)).toBe(toNaive(value));
    });
    fc.assert(law);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'stops on %s, which JSON cannot say',
    (value) => {
      expect(() => canonicalJson({ deep: [value] })).toThrow('expected a finite number');
    },
  );

  it.each([undefined, 1n, () => 1])('stops on a value that is not JSON', (value) => {
    expect(() => canonicalJson({ a: value } as unknown as Json)).toThrow('expected a JSON value');
    expect(() => canonicalJson([value] as unknown as Json)).toThrow('expected a JSON value');
  });

  it('reads back as the same value', () => {
    const law = fc.property(anyJson, (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    });
    fc.assert(law);
  });

  it('is the same text whatever the order of the fields', () => {
    const law = fc.property(fc.dictionary(fc.string(), anyJson), (value) => {
      const turned = Object.fromEntries(Object.entries(value).reverse());
      expect(canonicalJson(turned)).toBe(canonicalJson(value));
    });
    fc.assert(law);
  });
});
