import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8Bytes } from '#shared/kernel/index.ts';

describe('utf8Bytes', () => {
  it.each([
    ['\u007f', 1],
    ['\u0080', 2],
    ['\u07ff', 2],
    ['\u0800', 3],
    ['\uffff', 3],
    ['\u{10000}', 4],
    ['a\n', 2],
  ])('of %j is %i', (text, bytes) => {
    expect(utf8Bytes(text)).toBe(bytes);
  });

  it('counts what an encoder writes, lone surrogates too', () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(fc.integer({ min: 0xd700, max: 0xe000 }).map((unit) => String.fromCharCode(unit)))
        .map((units) => units.join('')),
    );
    const law = fc.property(anyText, (text) => {
      expect(utf8Bytes(text)).toBe(Buffer.byteLength(text, 'utf8'));
    });
    fc.assert(law);
  });
});
