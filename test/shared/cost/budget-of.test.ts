import { describe, expect, it } from 'vitest';
import { budgetOf } from '#shared/cost/index.ts';
import { type Instant, isInstant } from '#shared/kernel/index.ts';

const at = (day: string): Instant => {
  const text = `${day}T00:00:00.000Z`;
  if (!isInstant(text)) throw new Error(text);
  return text;
};
const NOW = at('2026-03-16');
const of = (cells: Partial<Parameters<typeof budgetOf>[0]>) =>
  budgetOf({ limit: 1000, spent: 0, reserved: 0, ...cells }, NOW);

describe('budgetOf', () => {
  it.each([
    [0, 'ok', undefined],
    [499.999999, 'ok', undefined],
    [500, 'warning', 50],
    [800, 'warning', 80],
    [999.999999, 'warning', 95],
    [1000, 'exhausted', 100],
    [1000.000001, 'exceeded', 100],
    [-5, 'ok', undefined],
  ])('of 1000, %s spent is %s', (spent, state, reached) => {
    const result = of({ spent });
    expect(result).toMatchObject({ ok: true, value: { state } });
    expect(result.ok && result.value.reached).toBe(reached);
  });

  it('counts what is reserved as used', () => {
    expect(of({ spent: 600, reserved: 400 })).toEqual({
      ok: true,
      value: { state: 'exhausted', used: 1, available: 0, reached: 100 },
    });
  });

  it('takes 0.1 + 0.2 of 0.3 for all of it and no more', () => {
    expect(of({ limit: 0.3, spent: 0.1 + 0.2 })).toMatchObject({ value: { state: 'exhausted' } });
  });

  it('has a pace where start and end are known, and none before the start', () => {
    const month = { startsAt: at('2026-03-01'), endsAt: at('2026-03-31') };
    expect(of({ spent: 250, ...month })).toMatchObject({ value: { pace: 0.5 } });
    const later = { startsAt: at('2026-03-17'), endsAt: at('2026-03-31') };
    const result = of({ spent: 250, ...later });
    expect(result.ok && result.value.pace).toBe(undefined);
  });

  it('has no share of nothing', () => {
    expect(of({ limit: 0, spent: 1 })).toEqual({
      ok: true,
      value: { state: 'exceeded', available: -1, reached: 100 },
    });
  });

  it.each([
    ['limit', Number.NaN],
    ['limit', -1],
    ['spent', Number.POSITIVE_INFINITY],
    ['spent', 1e13],
    ['reserved', -0.5],
  ] as const)('refuses %s of %s', (name, received) => {
    const refusal = { code: 'AMOUNT_UNREADABLE', name, received };
    expect(of({ [name]: received })).toEqual({ ok: false, refusal });
  });
});
