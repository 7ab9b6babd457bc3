import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CODECS,
  type ExecutionRunRow,
  type LedgerRun,
  toDocEffort,
  toLedgerEffort,
} from '#shared/doc/index.ts';
import { accept, DAY_MS, HOUR_MS, MINUTE_MS, toInstant } from '#shared/kernel/index.ts';

const NINE = Date.UTC(2025, 11, 9, 9);
const at = (ms: number) => toInstant(NINE + ms);
const row = (facts: Partial<ExecutionRunRow>): ExecutionRunRow => ({
  rowId: 'i',
  name: 'r',
  ...facts,
});
const invalid = { standing: 'invalid', netMs: 0 };
const open = { standing: 'open', netMs: 0 };

const effortUntil = (ms: number) => toDocEffort(row({ startedAt: at(0), endedAt: at(ms) }));

describe('toDocEffort', () => {
  it('takes interruptions out: 09:00 to 11:30 with 20 minutes are 130', () => {
    const times = { startedAt: at(0), endedAt: at(150 * MINUTE_MS) };
    expect(toDocEffort(row({ ...times, interruptMs: 20 * MINUTE_MS }))).toEqual({
      standing: 'counted',
      netMs: 130 * MINUTE_MS,
    });
    expect(toDocEffort(row(times)).netMs).toBe(150 * MINUTE_MS);
  });

  it('believes a stored net before the clock, and without any', () => {
    const counted = { standing: 'counted', netMs: 2 * HOUR_MS };
    expect(toDocEffort(row({ netMs: 2 * HOUR_MS }))).toEqual(counted);
    const long = { startedAt: at(0), endedAt: at(3 * DAY_MS), netMs: 2 * HOUR_MS };
    expect(toDocEffort(row(long))).toEqual(counted);
    expect(toDocEffort(row({ netMs: 0 }))).toEqual({ standing: 'counted', netMs: 0 });
  });

  it('suspects a forgotten timer beyond 24 hours, not at 24 hours', () => {
    expect(effortUntil(DAY_MS)).toEqual({ standing: 'counted', netMs: DAY_MS });
    expect(effortUntil(DAY_MS + 1)).toEqual({ standing: 'suspect', netMs: DAY_MS + 1 });
  });

  it('is open without an end, or without a start', () => {
    expect(toDocEffort(row({ startedAt: at(0) }))).toEqual(open);
    expect(toDocEffort(row({ endedAt: at(0) }))).toEqual(open);
    expect(toDocEffort(row({}))).toEqual(open);
  });

  it('is invalid where time runs backwards', () => {
    expect(toDocEffort(row({ netMs: -1 }))).toEqual(invalid);
    expect(toDocEffort(row({ startedAt: at(1), endedAt: at(0) }))).toEqual(invalid);
    const times = { startedAt: at(0), endedAt: at(HOUR_MS) };
    expect(toDocEffort(row({ ...times, interruptMs: HOUR_MS + 1 }))).toEqual(invalid);
    expect(toDocEffort(row({ ...times, interruptMs: -1 }))).toEqual(invalid);
  });

  it('is invalid where what it rests on cannot be read, and only then', () => {
    const times = { startedAt: at(0), endedAt: at(HOUR_MS) };
    expect(toDocEffort(row({ ...times, unreadable: ['actual_hours'] }))).toEqual(invalid);
    expect(toDocEffort(row({ ...times, unreadable: ['interrupt_minutes'] }))).toEqual(invalid);
    expect(toDocEffort(row({ startedAt: at(0), unreadable: ['ended_at'] }))).toEqual(invalid);
    expect(toDocEffort(row({ endedAt: at(0), unreadable: ['started_at'] }))).toEqual(invalid);
    expect(toDocEffort(row({ netMs: 5, unreadable: ['ended_at'] })).standing).toBe('counted');
    expect(toDocEffort(row({ netMs: 5, unreadable: ['task'] })).standing).toBe('counted');
  });
});

const run = (facts: Partial<LedgerRun>): LedgerRun => ({
  runId: 'r',
  netMs: HOUR_MS,
  isOpen: false,
  ...facts,
});

describe('toLedgerEffort', () => {
  it('takes the net the ledger kept', () => {
    expect(toLedgerEffort(run({}))).toEqual({ standing: 'counted', netMs: HOUR_MS });
    expect(toLedgerEffort(run({ isOpen: true }))).toEqual(open);
    expect(toLedgerEffort(run({ netMs: -1 }))).toEqual(invalid);
  });

  it('counts a run of no length, and one without both of its times', () => {
    expect(toLedgerEffort(run({ netMs: 0 }))).toEqual({ standing: 'counted', netMs: 0 });
    expect(toLedgerEffort(run({ endedAt: at(0) })).standing).toBe('counted');
    expect(toLedgerEffort(run({ startedAt: at(0) })).standing).toBe('counted');
  });

  it('counts what the cell of the run shows, so that doc and ledger agree to the millisecond', () => {
    const law = fc.property(fc.integer({ min: 0, max: 1000 * HOUR_MS }), (netMs) => {
      const shown = CODECS.hours.encode(netMs) as number;
      const decoded = CODECS.hours.decode({ kind: 'number', number: shown });
      expect(accept(toLedgerEffort(run({ netMs })).netMs)).toEqual(decoded);
    });
    fc.assert(law);
  });

  it('suspects a timer left running for more than a day, unless a person gave the hours', () => {
    const long = { startedAt: at(0), endedAt: at(DAY_MS + 1), netMs: DAY_MS + 1 };
    expect(toLedgerEffort(run(long)).standing).toBe('suspect');
    expect(toLedgerEffort(run({ ...long, isConfirmed: true })).standing).toBe('counted');
    expect(toLedgerEffort(run({ ...long, netMs: DAY_MS })).standing).toBe('counted');
  });

  it('counts work on two days with the night between them paused', () => {
    const overnight = run({ startedAt: at(0), endedAt: at(27 * HOUR_MS), netMs: 2 * HOUR_MS });
    expect(toLedgerEffort(overnight)).toEqual({ standing: 'counted', netMs: 2 * HOUR_MS });
  });
});
