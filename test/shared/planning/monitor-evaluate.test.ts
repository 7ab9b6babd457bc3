import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { toInstant } from '#shared/kernel/index.ts';
import * as monitor from '#shared/planning/index.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const ms = (n: number) => toInstant(1_000_000_000 + n);
const minute = (n: number) => ms(n * 60_000);

describe('evaluate', () => {
  const rules: monitor.AlertRule[] = [
    {
      ruleId: 'r',
      measure: 'overrides',
      fires: 'above',
      threshold: 5,
      severity: 'error',
      windowMs: 600_000,
    },
    { ruleId: 's', measure: 'breaker_open', fires: 'from', threshold: 1, severity: 'warning' },
  ];
  const value = (n: number, entity = 'ledger', given: Partial<monitor.Measurement> = {}) =>
    ({ measure: 'overrides', entity, value: n, sampleSize: n, ...given }) as const;
  const step = (
    at: ReturnType<typeof ms>,
    measured: monitor.Measurement[],
    open: readonly monitor.OpenAlert[] = [],
  ) => monitor.evaluate(rules, { at, measured }, { open, sha256 });

  it('raises one alert for each rule and entity, with what was measured', () => {
    const { raise, clear, open } = step(minute(0), [
      value(6),
      value(7, 'run/R1'),
      value(5, 'run/R2'),
    ]);
    expect(raise.map(({ alertId: _id, ...one }) => one)).toEqual([
      {
        ruleId: 'r',
        severity: 'error',
        entity: 'ledger',
        openedAt: minute(0),
        value: 6,
        threshold: 5,
        sampleSize: 6,
      },
      {
        ruleId: 'r',
        severity: 'error',
        entity: 'run/R1',
        openedAt: minute(0),
        value: 7,
        threshold: 5,
        sampleSize: 7,
      },
    ]);
    expect(clear).toEqual([]);
    expect(open).toEqual(raise.map((alert) => ({ ...alert, lastFiredAt: minute(0) })));
    expect(new Set(raise.map(({ alertId }) => alertId)).size).toBe(2);
    expect(raise[0]?.alertId).toMatch(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
    expect(step(minute(0), [value(6)]).raise[0]?.alertId).toBe(raise[0]?.alertId);
    expect(step(minute(1), [value(6)]).raise[0]?.alertId).not.toBe(raise[0]?.alertId);
  });

  it('raises an open alert no second time and keeps what it said', () => {
    const { open } = step(minute(0), [value(6)]);
    const again = step(minute(5), [value(9)], open);
    expect(again.raise).toEqual([]);
    expect(again.open).toEqual([{ ...open[0], lastFiredAt: minute(5) }]);
  });

  it('clears an alert after two clean windows and no earlier', () => {
    const { open, raise } = step(minute(0), [value(6)]);
    const early = step(ms(1_199_999), [value(5)], open);
    expect([early.clear, early.open]).toEqual([[], open]);
    const late = step(minute(20), [], open);
    expect(late.clear).toEqual([{ ...raise[0], clearedAt: minute(20) }]);
    expect([late.open, late.raise]).toEqual([[], []]);
  });

  it('begins anew where the rule fires between', () => {
    const { open } = step(minute(0), [value(6)]);
    const fired = step(minute(15), [value(6)], open);
    expect(step(minute(34), [], fired.open).clear).toEqual([]);
    expect(step(minute(35), [], fired.open).clear.length).toBe(1);
  });

  it('takes a minute for the window of a rule about the moment, and of a rule that is gone', () => {
    const isOpen = {
      measure: 'breaker_open',
      entity: 'breaker/B',
      value: 1,
      sampleSize: 1,
    } as const;
    const { open } = step(minute(0), [isOpen]);
    expect(step(ms(119_999), [], open).clear).toEqual([]);
    expect(step(minute(2), [], open).clear.length).toBe(1);
    const gone = open.map((alert) => ({ ...alert, ruleId: 'gone' }));
    expect(step(minute(2), [isOpen], gone).clear.length).toBe(1);
  });

  it('keeps a rule still that has too few samples', () => {
    expect(step(minute(0), [value(9, 'ledger', { sampleSize: 0 })]).raise).toEqual([]);
    expect(step(minute(0), [value(9, 'ledger', { sampleSize: 1 })]).raise.length).toBe(1);
  });
});
