import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_DEPTH } from '#shared/contracts/plain-json.ts';
import { MAX_TEXT_LENGTH, readJsonText } from '#shared/contracts/read-json-text.ts';

const read = (text: string) => {
  const result = readJsonText(text);
  return result.ok ? result.value : `${result.refusal.code} ${result.refusal.path}`;
};
const nest = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

describe('readJsonText', () => {
  it('reads any JSON as the language does', () => {
    const law = fc.property(fc.json({ maxDepth: 5 }), (text) => {
      const value: unknown = JSON.parse(text);
      const isOdd = /"(__proto__|constructor|prototype)"|[\uD800-\uDFFF]|\\u0000|\d{16}|e\+/.test(
        JSON.stringify(value),
      );
      fc.pre(!isOdd);
      expect(readJsonText(text)).toEqual({ ok: true, value });
    });
    fc.assert(law, { seed: 11, numRuns: 300 });
  });

  it('never throws, whatever stands in a text', () => {
    const bits = fc.constantFrom(...'[]{}",:\\u0019eE+-. tfn\uFEFF\u0000\uD83D\uDE00'.split(''));
    const law = fc.property(fc.array(bits, { maxLength: 40 }), (signs) => {
      const text = signs.join('');
      const result = readJsonText(text);
      const isTold = result.ok
        ? JSON.stringify(result.value) === JSON.stringify(JSON.parse(text))
        : result.refusal.path.startsWith('$');
      expect(isTold).toBe(true);
    });
    fc.assert(law, { seed: 12, numRuns: 2_000 });
  });

  it.each([
    ['{"a":1}x', 'TEXT_UNREADABLE $'],
    ['\uFEFF{}', 'TEXT_UNREADABLE $'],
    ['', 'TEXT_UNREADABLE $'],
    ['{"a":NaN}', 'TEXT_UNREADABLE $'],
    ['{"a":-Infinity}', 'TEXT_UNREADABLE $'],
    ["{'a':1}", 'TEXT_UNREADABLE $'],
    ['[1,]', 'TEXT_UNREADABLE $'],
    ['{} {}', 'TEXT_UNREADABLE $'],
    [',', 'TEXT_UNREADABLE $'],
    [']"a"', 'TEXT_UNREADABLE $'],
    ['{"\\x":1}', 'TEXT_UNREADABLE $'],
    ['{"a":1,"b":{"c":2,"c":3}}', 'KEY_REPEATED $.b.c'],
    ['[{"a":1},{"a":1,"\\u0061":2}]', 'KEY_REPEATED $[1].a'],
    ['{"a b":1,"a b":1}', 'KEY_REPEATED $["a b"]'],
    ['{"__proto__":{"polluted":1}}', 'KEY_FORBIDDEN $.__proto__'],
    ['{"a":[0,{"constructor":1}]}', 'KEY_FORBIDDEN $.a[1].constructor'],
    ['{"\\u0070rototype":1}', 'KEY_FORBIDDEN $.prototype'],
    ['{"a":9007199254740992}', 'NUMBER_UNSAFE $.a'],
    ['{"a":-9007199254740993}', 'NUMBER_UNSAFE $.a'],
    ['[1e999]', 'NUMBER_UNSAFE $[0]'],
    ['{"a":"\\ud83d"}', 'CHARACTER_FORBIDDEN $.a'],
    ['{"a":"\\ude00x"}', 'CHARACTER_FORBIDDEN $.a'],
    ['{"a":"x\\u0000"}', 'CHARACTER_FORBIDDEN $.a'],
    ['{"\\ud83d":1}', 'CHARACTER_FORBIDDEN $["\\ud83d"]'],
  ])('refuses %s', (text, refusal) => {
    expect(read(text)).toBe(refusal);
  });

  it.each([
    ['{"a":9007199254740991}', { a: 9_007_199_254_740_991 }],
    ['{"a":-9007199254740991,"b":[true,null]}', { a: -9_007_199_254_740_991, b: [true, null] }],
    ['{"a":1.5,"b":"\\ud83d\\ude00"}', { a: 1.5, b: '😀' }],
    ['{"a":{"a":{"a":"a,\\"{["}},"b":[],"c":{}}', { a: { a: { a: 'a,"{[' } }, b: [], c: {} }],
    ['[{"a":1},{"a":2}]', [{ a: 1 }, { a: 2 }]],
    ['"{\\"a\\":1}"', '{"a":1}'],
    [' 0 ', 0],
  ])('reads %s', (text, value) => {
    expect(read(text)).toEqual(value);
  });

  it('goes as deep as any document needs and no deeper', () => {
    expect(readJsonText(nest(MAX_DEPTH)).ok).toBe(true);
    expect(read(nest(MAX_DEPTH + 1))).toBe(`NESTED_TOO_DEEP $${'[0]'.repeat(MAX_DEPTH)}`);
    expect(read('['.repeat(1_000_000))).toContain('NESTED_TOO_DEEP');
    expect(read('{"a":'.repeat(100_000))).toContain('NESTED_TOO_DEEP $.a.a');
  });

  it('is no longer than a text may be', () => {
    expect(read(' '.repeat(MAX_TEXT_LENGTH - 1).concat('1'))).toBe(1);
    expect(read(' '.repeat(MAX_TEXT_LENGTH).concat('1'))).toBe('TEXT_TOO_LONG $');
    expect(read('a'.repeat(10_000_000))).toBe('TEXT_TOO_LONG $');
  });

  it('says what it expected and shows the start of what it received', () => {
    const result = readJsonText(`x${'y'.repeat(80)}`);
    expect(result).toEqual({
      ok: false,
      refusal: {
        code: 'TEXT_UNREADABLE',
        path: '$',
        expected: 'one JSON value and nothing else',
        received: `\`x${'y'.repeat(59)}…\``,
      },
    });
    expect(readJsonText('{"a":1,"a":2}')).toEqual({
      ok: false,
      refusal: {
        code: 'KEY_REPEATED',
        path: '$.a',
        expected: 'each field once',
        received: '`a`',
      },
    });
    expect(readJsonText('[1e999]')).toMatchObject({
      refusal: { expected: 'a number within ±(2^53 − 1), or text', received: '`Infinity`' },
    });
  });
});
