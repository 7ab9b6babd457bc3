import { describe, expect, it } from 'vitest';
import { DomainError, isDomainError } from '#shared/kernel/index.ts';

describe('DomainError', () => {
  it('is known by its code, and is not retryable unless it says so', () => {
    const error = new DomainError('NETWORK', 'no answer');
    expect(error).toMatchObject({ code: 'NETWORK', message: 'no answer', retryable: false });
    expect(new DomainError('NETWORK', 'no answer', { retryable: true }).retryable).toBe(true);
  });

  it('keeps what caused it', () => {
    const cause = new Error('reset');
    expect(new DomainError('NETWORK', 'no answer', { cause }).cause).toBe(cause);
  });
});

describe('isDomainError', () => {
  it('knows one from another copy of the program by its fields', () => {
    const copy = Object.assign(new Error('x'), { name: 'DomainError', code: 'NETWORK' });
    expect(isDomainError(copy)).toBe(true);
    expect(isDomainError(new DomainError('NETWORK', 'x'))).toBe(true);
  });

  it.each([
    ['another error with a code', Object.assign(new Error('x'), { code: 'ENOENT' })],
    ['a namesake without a code', Object.assign(new Error('x'), { name: 'DomainError' })],
    ['an object that is no error', { name: 'DomainError', code: 'NETWORK' }],
    ['nothing', undefined],
  ])('is not taken in by %s', (_what, value) => {
    expect(isDomainError(value)).toBe(false);
  });
});
