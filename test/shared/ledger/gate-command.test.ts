import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { toInstant } from '#shared/kernel/index.ts';
import {
  createCommand,
  GATE_COMMAND_DATA,
  type LedgerRow,
  readCommandRow,
  toCommandRow,
} from '#shared/ledger/index.ts';
import { projectClock, runDecider } from '#shared/lifecycle/index.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const command = createCommand(
  {
    type: 'WaiveGate',
    by: 'dana@example.com',
    atMs: Date.UTC(2026, 2, 2, 9),
    data: {
      run: 'R1',
      gate: 'client approval',
      reason: 'away',
      expires: '2026-03-09T09:00:00.000Z',
    },
  },
  sha256,
);
const row = {
  ...toCommandRow(command, 'Waive'),
  rowId: 'i-1',
  outcome: '',
  seq: '',
};

const read = (cells: Partial<LedgerRow> = {}) =>
  readCommandRow({ ...row, ...cells }, GATE_COMMAND_DATA, sha256);

describe('readCommandRow of commands on gates', () => {
  it('reads back what a press inserted, its end an instant', () => {
    expect(row.stream).toBe('run/R1');
    expect(read()).toEqual({ ok: true, value: command });
  });

  it('reads the texts of a press without the blanks around them', () => {
    const data = { ...command.data, gate: ' client approval', reason: 'away\n' };
    const blank = createCommand({ ...command, data }, sha256);
    expect(read(toCommandRow(blank, 'Waive'))).toEqual({ ok: true, value: command });
  });

  it.each([
    [
      'without an account',
      { by: '' },
      '`at` must be an instant from 2000 to 2099 and `by` an account',
    ],
    [
      'without a moment',
      { at: 'today' },
      '`at` must be an instant from 2000 to 2099 and `by` an account',
    ],
    ['whose data is no object', { data: '7' }, '``: '],
  ])('refuses a row %s as malformed', (_what, facts, detail) => {
    const refusal = { code: 'MALFORMED', detail: expect.stringContaining(detail) };
    expect(read(facts)).toEqual({ ok: false, refusal });
  });
});

describe('projectClock in validation', () => {
  it('stands where the last event left it', () => {
    const hour = (hours: number) => toInstant(Date.UTC(2026, 2, 2, 9 + hours));
    const run = {
      ...runDecider.initial,
      state: 'validating',
      startedAt: hour(0),
      lastAt: hour(2),
      pausedMs: 0,
    } as const;
    expect(projectClock(run, hour(9)).activeMs).toBe(2 * 3_600_000);
  });
});
