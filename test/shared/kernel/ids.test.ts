import { describe, expect, it } from 'vitest';
import { toCrockfordId, toUlid } from '#shared/kernel/index.ts';

const LAST_MS = 2 ** 48 - 1;
const [NONE, ALL] = ['0'.repeat(64), 'f'.repeat(64)];

describe('toCrockfordId', () => {
  it('writes the first 128 bits, three in the first character and five in each other', () => {
    expect(toCrockfordId(NONE)).toBe('0'.repeat(26));
    expect(toCrockfordId(ALL)).toBe(`7${'Z'.repeat(25)}`);
    expect(toCrockfordId(`${'0'.repeat(31)}1${'f'.repeat(32)}`)).toBe(`${'0'.repeat(25)}1`);
    expect(toCrockfordId(`${'0'.repeat(30)}2a${'0'.repeat(32)}`)).toBe(`${'0'.repeat(24)}1A`);
  });

  it.each(['', 'f'.repeat(63), 'f'.repeat(65), 'F'.repeat(64), 'g'.repeat(64)])(
    'stops on `%s`, which is no hash',
    (text) => {
      expect(() => toCrockfordId(text)).toThrow(
        `Bug: expected 64 hex digits, received \`${text}\``,
      );
    },
  );
});

describe('toUlid', () => {
  it('writes 48 bits of time before the first 80 bits of the hash', () => {
    expect(toUlid(0, NONE)).toBe('0'.repeat(26));
    expect(toUlid(0, ALL)).toBe(`${'0'.repeat(10)}${'Z'.repeat(16)}`);
    expect(toUlid(1, `${'0'.repeat(19)}1${'f'.repeat(44)}`)).toBe(
      `${'0'.repeat(9)}1${'0'.repeat(15)}1`,
    );
    // The example of the ULID specification: 1469918176385 ms is `01ARYZ6S41`.
    expect(toUlid(1_469_918_176_385, NONE)).toBe(`01ARYZ6S41${'0'.repeat(16)}`);
  });

  it('keeps within the moments a ULID can say', () => {
    expect(toUlid(-1, NONE)).toBe('0'.repeat(26));
    expect(toUlid(LAST_MS, NONE)).toBe(`7${'Z'.repeat(9)}${'0'.repeat(16)}`);
    expect(toUlid(LAST_MS + 1, NONE)).toBe(toUlid(LAST_MS, NONE));
  });
});
