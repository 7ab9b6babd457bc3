import { describe, expect, it } from 'vitest';
import { DomainError } from '#shared/kernel/index.ts';
import { explainFailure } from '../../pack/failures.ts';

const API_CODES = [
  'UNAUTHORIZED',
  'FORBIDDEN',
  'NOT_FOUND',
  'BAD_REQUEST',
  'RATE_LIMITED',
  'TIMED_OUT',
  'SERVER_ERROR',
  'UNREADABLE',
  'NETWORK',
];

describe('explainFailure', () => {
  it.each(API_CODES)('says of %s what to do next', (code) => {
    const explain = () => explainFailure(new DomainError(code, 'a detail'));
    expect(explain).toThrow(expect.objectContaining({ isUserVisible: true }));
    expect(explain).toThrow(/(Connect|Use|Check|Try|Look)/);
  });

  it('passes a bug on as it is, so that it is not taken for a failure of Coda', () => {
    const bug = new Error('Bug: it cannot be');
    expect(() => explainFailure(bug)).toThrow(bug);
    const stranger = new DomainError('LEASE_LOST', 'nothing a Pack knows');
    expect(() => explainFailure(stranger)).toThrow(stranger);
  });
});
