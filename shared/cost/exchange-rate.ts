import { accept, type Instant, type Result, refuse } from '#shared/kernel/index.ts';
import { type Dated, findOverlap, holdsAt } from './dated.ts';
import { type DecimalRefusal, divideHalfEven, parseDecimal, tenTo } from './decimal.ts';
import { isCurrency, type Money, type MoneyRefusal } from './money.ts';

/** What one unit of a currency is worth in another, while it holds. */
export interface ExchangeRate extends Dated {
  readonly from: string;
  readonly to: string;
  /** Decimal text, above 0. */
  readonly rate: string;
}

/** Why rates cannot be used. */
export type ExchangeRateRefusal =
  | MoneyRefusal
  | { readonly code: 'NOT_POSITIVE'; readonly received: string }
  | {
      readonly code: 'RATES_OVERLAP';
      readonly from: string;
      readonly to: string;
      readonly at: Instant;
    };

/** A rate nobody gave. It is named and never guessed: not from the reverse, from a third currency, or from another day. */
export interface RateMissing {
  readonly code: 'RATE_MISSING';
  readonly from: string;
  readonly to: string;
  readonly at: Instant;
}

/** Converts an amount at the rate of a moment, rounded once, half to even; an amount in the currency asked for stays as it is. */
export type Convert = (money: Money, to: string, at: Instant) => Result<Money, RateMissing>;

/**
 * A table of dated rates, ready to be asked. Refusals: `CURRENCY_UNKNOWN`, `NOT_A_NUMBER`, `TOO_MANY_DIGITS`, `NOT_POSITIVE`, and
 * `RATES_OVERLAP` where one pair has two rates at one moment.
 */
export function openExchangeRates(
  rates: readonly ExchangeRate[],
): Result<Convert, ExchangeRateRefusal> {
  const clash = findOverlap(rates, pairOf);
  if (clash !== undefined) {
    const { from, to, validFrom: at } = clash.second;
    return refuse({ code: 'RATES_OVERLAP', from, to, at });
  }
  const parsed = new Map<ExchangeRate, { readonly digits: bigint; readonly scale: number }>();
  for (const rate of rates) {
    const decimal = parseRate(rate);
    if (!decimal.ok) return decimal;
    parsed.set(rate, decimal.value);
  }
  return accept((money, to, at) => {
    const { micros, currency: from } = money;
    if (from === to) return accept(money);
    const rate = rates.find((one) => pairOf(one) === pairOf({ from, to }) && holdsAt(one, at));
    const decimal = rate === undefined ? undefined : parsed.get(rate);
    if (decimal === undefined) return refuse({ code: 'RATE_MISSING', from, to, at });
    const { digits, scale } = decimal;
    return accept({ micros: divideHalfEven(micros * digits, tenTo(scale)), currency: to });
  });
}

function parseRate({
  from,
  to,
  rate,
}: ExchangeRate): Result<
  { readonly digits: bigint; readonly scale: number },
  Exclude<ExchangeRateRefusal, { code: 'RATES_OVERLAP' }> | DecimalRefusal
> {
  const wrong = [from, to].find((currency) => !isCurrency(currency));
  if (wrong !== undefined) return refuse({ code: 'CURRENCY_UNKNOWN', received: wrong });
  const decimal = parseDecimal(rate);
  if (!decimal.ok) return decimal;
  return decimal.value.digits > 0n ? decimal : refuse({ code: 'NOT_POSITIVE', received: rate });
}

const pairOf = ({ from, to }: Pick<ExchangeRate, 'from' | 'to'>): string => `${from}/${to}`;
