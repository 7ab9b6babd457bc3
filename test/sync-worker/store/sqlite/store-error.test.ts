import { describe, expect, it } from 'vitest';
import { isBusy, toStoreError } from '#worker/store/sqlite/store-error.ts';

const sqliteError = (errcode: number) => Object.assign(new Error('from SQLite'), { errcode });

describe('toStoreError', () => {
  // Result codes as SQLite documents them; the last four are extended codes of the same failures.
  it.each([
    [5, 'STORE_IN_USE', true],
    [8, 'STORE_READ_ONLY', false],
    [10, 'DISK_FAILED', false],
    [11, 'STORE_CORRUPT', false],
    [13, 'DISK_FULL', false],
    [14, 'STORE_UNREADABLE', false],
    [26, 'STORE_CORRUPT', false],
    [517, 'STORE_IN_USE', true],
    [778, 'DISK_FAILED', false],
    [267, 'STORE_CORRUPT', false],
    [1544, 'STORE_READ_ONLY', false],
  ])(
    'turns result code %i into %s, naming the file and the next step',
    (errcode, code, retryable) => {
      const cause = sqliteError(errcode);
      const failure = toStoreError(cause, 'ledger.sqlite');
      expect(failure).toMatchObject({ name: 'DomainError', code, retryable, cause });
      expect(failure).toHaveProperty('message', expect.stringMatching(/^`ledger\.sqlite` .+; .+/));
    },
  );

  it('takes a stored text that is no JSON for damage, but no other general failure', () => {
    const damaged = Object.assign(new Error('malformed JSON'), { errcode: 1 });
    const wrong = Object.assign(new Error('no such table: event'), { errcode: 1 });
    expect(toStoreError(damaged, 'ledger.sqlite')).toMatchObject({ code: 'STORE_CORRUPT' });
    expect(toStoreError(wrong, 'ledger.sqlite')).toBe(wrong);
  });

  it('takes a stored number that is too great for damage, but no other mistake about a range', () => {
    const tooGreat = Object.assign(new RangeError('too large'), { code: 'ERR_OUT_OF_RANGE' });
    const wrong = new RangeError('Invalid array length');
    expect(toStoreError(tooGreat, 'ledger.sqlite')).toMatchObject({ code: 'STORE_CORRUPT' });
    expect(toStoreError(wrong, 'ledger.sqlite')).toBe(wrong);
  });

  it('leaves a bug as it is', () => {
    const constraint = sqliteError(19);
    const bug = new Error('Bug: nothing of SQLite');
    expect(toStoreError(constraint, 'ledger.sqlite')).toBe(constraint);
    expect(toStoreError(bug, 'ledger.sqlite')).toBe(bug);
  });
});

describe('isBusy', () => {
  it('knows a lock from any other failure', () => {
    expect(isBusy(sqliteError(5))).toBe(true);
    expect(isBusy(sqliteError(517))).toBe(true);
    expect(isBusy(sqliteError(13))).toBe(false);
    expect(isBusy(new Error('no code'))).toBe(false);
  });
});
