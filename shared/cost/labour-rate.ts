import {
  accept,
  HOUR_MS,
  type Instant,
  type Ms,
  type Result,
  refuse,
} from '#shared/kernel/index.ts';
import { type Dated, findOverlap, holdsAt } from './dated.ts';
import { divideHalfEven } from './decimal.ts';

/** What an hour of one person costs and earns, while it holds. A blank rate is unknown, which is not 0. */
export interface LabourRate extends Dated {
  readonly person: string;
  readonly currency: string;
  /** Units: micros of the currency an hour. */
  readonly costMicrosPerHour?: bigint;
  /** Units: micros of the currency an hour. */
  readonly billableMicrosPerHour?: bigint;
}

/** Work done by one person, pauses taken out. */
export interface Labour {
  readonly person: string;
  /** Units: ms. */
  readonly effortMs: Ms;
  readonly occurredAt: Instant;
}

/** What work cost and what it may be billed at; a field is absent where no rate is known. */
export interface PricedLabour {
  readonly currency: string;
  readonly costMicros?: bigint;
  readonly billableMicros?: bigint;
}

/** What work costs by one set of rates; `undefined` where that person has no rate at that moment. */
export type PriceLabour = (labour: Labour) => PricedLabour | undefined;

/** The rates of people, ready to be asked. Refusals: `RATES_OVERLAP` where one person has two rates at one moment. */
export function openLabourRates(
  rates: readonly LabourRate[],
): Result<
  PriceLabour,
  { readonly code: 'RATES_OVERLAP'; readonly person: string; readonly at: Instant }
> {
  const clash = findOverlap(rates, ({ person }) => person);
  if (clash !== undefined) {
    const { person, validFrom } = clash.second;
    return refuse({ code: 'RATES_OVERLAP', person, at: validFrom });
  }
  return accept(({ person, effortMs, occurredAt }) => {
    const rate = rates.find((one) => one.person === person && holdsAt(one, occurredAt));
    if (rate === undefined) return undefined;
    const { currency, costMicrosPerHour: cost, billableMicrosPerHour: billable } = rate;
    return {
      currency,
      ...(cost === undefined ? {} : { costMicros: applyRate(cost, effortMs) }),
      ...(billable === undefined ? {} : { billableMicros: applyRate(billable, effortMs) }),
    };
  });
}

const applyRate = (microsPerHour: bigint, effortMs: Ms): bigint =>
  divideHalfEven(microsPerHour * BigInt(effortMs), BigInt(HOUR_MS));
