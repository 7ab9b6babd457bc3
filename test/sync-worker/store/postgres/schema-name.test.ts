import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoteName, toSchemaName } from '#worker/store/postgres/schema-name.ts';

describe('toSchemaName', () => {
  it('shows the id of a doc as it is, capitals told apart', () => {
    expect(toSchemaName('AbC-d_9')).toBe('founder_hq_AbC-d_9');
    expect(toSchemaName('abc-d_9')).not.toBe(toSchemaName('AbC-d_9'));
  });

  it('takes 36 characters as they are and a hash of 37', () => {
    expect(toSchemaName('a'.repeat(36))).toBe(`founder_hq_${'a'.repeat(36)}`);
    expect(toSchemaName('a'.repeat(37))).toMatch(/^founder_hq_[0-9a-f]{40}$/);
  });

  it('gives any id a name of its own that PostgreSQL neither cuts nor reads as more than a name', () => {
    const law = fc.property(fc.string(), fc.string(), (one, other) => {
      expect(toSchemaName(one)).toMatch(/^founder_hq_[A-Za-z0-9_-]{1,40}$/);
      expect(toSchemaName(one) === toSchemaName(other)).toBe(one === other);
    });
    fc.assert(law);
  });
});

describe('quoteName', () => {
  it('doubles a quote', () => {
    expect(quoteName('a"b')).toBe('"a""b"');
  });
});
