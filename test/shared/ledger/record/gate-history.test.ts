import { describe, expect, it } from 'vitest';
import { toInstant } from '#shared/kernel/index.ts';
import { describeGateChanges, type Envelope, listGateChanges } from '#shared/ledger/index.ts';

const told = (type: string, payload: Envelope['payload'], minute = 1): Envelope => ({
  stream: 'gate/G1',
  version: 1,
  position: 1,
  type,
  at: toInstant(minute * 60_000),
  actor: 'system',
  payload,
  previousHash: '',
  hash: '',
});
const change = (from: string, to: string) =>
  told('gate_status_changed', { from, to, checkIds: ['lint'] });
const granted = (approver: string, expiresAt: string) =>
  told('waiver_granted', { waiverId: 'W', approver, expiresAt });

describe('listGateChanges', () => {
  it('tells each change with its checks, and a waived one with the newest waiver', () => {
    const changes = listGateChanges([
      change('NOT_RUN', 'FAILED'),
      granted('Lee', '2026-12-01T00:00:00.000Z'),
      granted('Dana', '2026-12-14T00:00:00.000Z'),
      change('FAILED', 'WAIVED'),
      change('WAIVED', 'PASSED'),
    ]);
    expect(changes[1]).toEqual({
      at: toInstant(60_000),
      from: 'FAILED',
      to: 'WAIVED',
      checkIds: ['lint'],
      waiver: { approver: 'Dana', expiresAt: '2026-12-14T00:00:00.000Z' },
    });
    expect(describeGateChanges(changes)).toBe(
      'NOT_RUN → FAILED → WAIVED (Dana, until 2026-12-14) → PASSED',
    );
  });

  it('passes over what is no change of a status', () => {
    expect(listGateChanges([told('gate_status_changed', null), change('X', 'PASSED')])).toEqual([]);
    expect(describeGateChanges([])).toBe('');
  });

  it('names no checks where an event names none', () => {
    const [only] = listGateChanges([
      told('gate_status_changed', { from: 'NOT_RUN', to: 'WAIVED' }),
    ]);
    expect(only).toMatchObject({ checkIds: [], to: 'WAIVED' });
    expect(only?.waiver).toBeUndefined();
  });

  it('leaves blank what an event holds in another form', () => {
    const [only] = listGateChanges([
      told('gate_status_changed', { from: 'NOT_RUN', to: 'FAILED', checkIds: [7] }),
    ]);
    expect(only?.checkIds).toEqual(['']);
  });
});
