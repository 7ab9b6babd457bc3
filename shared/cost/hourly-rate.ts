import { accept, HOUR_MS, type Result, refuse } from '#shared/kernel/index.ts';
import { divideHalfEven } from './decimal.ts';
import type { Money } from './money.ts';
import type { CostRow } from './roll-up.ts';

/** Why an hour's worth is not known. */
export type HourlyRateRefusal =
  | { readonly code: 'NO_HOURS' }
  /** Some of the billable work has no billable rate. */
  | { readonly code: 'UNBILLED'; readonly names: readonly string[] }
  /** Hours cannot be told apart by what they were billed in. */
  | { readonly code: 'SEVERAL_CURRENCIES'; readonly currencies: readonly string[] };

/**
 * The effective hourly rate of a row: billable value ÷ all its hours, billable or not, rounded half to even. `undefined` where nothing
 * of it is billable in any currency. Refusals: `NO_HOURS` at 0 hours, `UNBILLED`, `SEVERAL_CURRENCIES`.
 */
export function hourlyRateOf(row: CostRow): Result<Money | undefined, HourlyRateRefusal> {
  if (row.effortMs <= 0) return refuse({ code: 'NO_HOURS' });
  if (row.unbilled.length > 0) {
    return refuse({ code: 'UNBILLED', names: row.unbilled.map(({ name }) => name) });
  }
  const billed = row.totals.filter(({ billableMicros }) => billableMicros !== 0n);
  const [only] = billed;
  if (only === undefined) return accept(undefined);
  if (billed.length > 1) {
    const currencies = billed.map(({ currency }) => currency);
    return refuse({ code: 'SEVERAL_CURRENCIES', currencies });
  }
  const { currency, billableMicros } = only;
  const micros = divideHalfEven(billableMicros * BigInt(HOUR_MS), BigInt(row.effortMs));
  return accept({ micros, currency });
}
