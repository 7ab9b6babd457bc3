import { createHash } from 'node:crypto';
import { sha256 as other } from '@noble/hashes/sha2.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../pack/sha256.ts';

describe('sha256', () => {
  it('is the published digest of "abc"', () => {
    expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it.each([0, 55, 56, 63, 64, 119, 120, 1_000])(
    'is what another implementation computes of %i letters, about the ends of a block',
    (letters) => {
      const text = 'a'.repeat(letters);
      expect(sha256(text)).toBe(Buffer.from(other(Buffer.from(text))).toString('hex'));
    },
  );

  it('is what the worker computes natively, for any text', () => {
    const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.string());
    fc.assert(
      fc.property(anyText, (text) => {
        expect(sha256(text)).toBe(createHash('sha256').update(text, 'utf8').digest('hex'));
      }),
    );
  });
});
