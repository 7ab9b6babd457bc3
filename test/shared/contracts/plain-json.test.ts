import { describe, expect, it } from 'vitest';
import { toPlainJson } from '#shared/contracts/plain-json.ts';

const read = (value: unknown) => {
  const result = toPlainJson(value);
  return result.ok ? result.value : `${result.refusal.code} ${result.refusal.path}`;
};
const withGetter = Object.defineProperty({}, 'a', { enumerable: true, get: () => 1 });
const loop: unknown[] = [];
loop.push(loop);
const hidden = Object.defineProperty({ a: 1 }, 'b', { value: 2, enumerable: false });
const { proxy: gone, revoke } = Proxy.revocable({}, {});
revoke();

describe('toPlainJson', () => {
  it('copies plain data, in its order, and leaves out what is undefined', () => {
    const value = { b: [1, { c: null }], a: 'x', d: undefined };
    const copy = read(value);
    expect(JSON.stringify(copy)).toBe('{"b":[1,{"c":null}],"a":"x"}');
    value.b.push(2);
    expect(copy).toEqual({ b: [1, { c: null }], a: 'x' });
    expect(read(Object.assign(Object.create(null), { a: true }))).toEqual({ a: true });
    expect(read(hidden)).toEqual({ a: 1, b: 2 });
  });

  it.each([
    ['nothing', undefined, 'VALUE_NOT_JSON $'],
    ['a function', { a: () => 1 }, 'VALUE_NOT_JSON $.a'],
    ['a symbol', [Symbol('a')], 'VALUE_NOT_JSON $[0]'],
    ['a bigint', { a: 1n }, 'VALUE_NOT_JSON $.a'],
    ['a date', { a: new Date(0) }, 'VALUE_NOT_JSON $.a'],
    ['a map', new Map(), 'VALUE_NOT_JSON $'],
    ['a getter', { x: withGetter }, 'VALUE_NOT_JSON $.x'],
    ['a list with a hole', { a: Array(2) }, 'VALUE_NOT_JSON $.a'],
    ['a list with a name', Object.assign([1], { a: 1 }), 'VALUE_NOT_JSON $'],
    ['a list with a missing item', [undefined], 'VALUE_NOT_JSON $[0]'],
    ['a field under a symbol', { [Symbol('a')]: 1 }, 'VALUE_NOT_JSON $'],
    ['a revoked proxy', { a: gone }, 'VALUE_NOT_JSON $.a'],
    ['a list in itself', loop, `NESTED_TOO_DEEP $${'[0]'.repeat(32)}`],
    ['infinity', { a: Number.POSITIVE_INFINITY }, 'NUMBER_UNSAFE $.a'],
    ['no number', { a: Number.NaN }, 'NUMBER_UNSAFE $.a'],
    ['a lone half of a character', { a: 'x\uDC00' }, 'CHARACTER_FORBIDDEN $.a'],
  ])('refuses %s', (_, value, refusal) => {
    expect(read(value)).toBe(refusal);
  });

  it('ends on a small value that unfolds into a large one', () => {
    let value: unknown = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    for (let level = 0; level < 6; level += 1) value = Array(10).fill(value);
    expect(read(value)).toContain('VALUE_NOT_JSON $');
  });

  it('says of each kind what was received', () => {
    const received = (value: unknown) => {
      const result = toPlainJson(value);
      return result.ok ? '' : result.refusal.received;
    };
    expect(received({ a: undefined, b: Array(3) })).toBe('a list of 3');
    expect(received(new Date(0))).toBe('an object');
    expect(received(gone)).toBe('an object');
    expect(received(12n)).toBe('`12`');
    expect(received(undefined)).toBe('nothing');
    expect(received(() => 1)).toBe('a function');
  });
});
