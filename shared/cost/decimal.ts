import { accept, assert, type Result, refuse } from '#shared/kernel/index.ts';

/** An exact decimal number: `digits` ÷ 10^`scale`. */
export interface Decimal {
  readonly digits: bigint;
  /** Decimal places. Range: 0 and up. */
  readonly scale: number;
}

/** Why a text is no {@link Decimal}. */
export type DecimalRefusal = {
  readonly code: 'NOT_A_NUMBER' | 'TOO_MANY_DIGITS';
  readonly received: string;
};

/** Most digits a number may have, before or after its exponent is written out. */
export const MAX_DECIMAL_DIGITS = 40;

const PATTERN = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,9}))?$/;

/**
 * The exact value of a decimal text, with or without an exponent: `2.5e-07` is 0.00000025.
 * Refusals: `NOT_A_NUMBER` for any other form, blanks and thousands separators included; `TOO_MANY_DIGITS` beyond
 * {@link MAX_DECIMAL_DIGITS} digits.
 */
export function parseDecimal(text: string): Result<Decimal, DecimalRefusal> {
  const match = PATTERN.exec(text);
  if (match === null) return refuse({ code: 'NOT_A_NUMBER', received: text });
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const scale = fraction.length - Number(exponent);
  const written = Math.max(whole.length + fraction.length, whole.length + Number(exponent), scale);
  if (written > MAX_DECIMAL_DIGITS) return refuse({ code: 'TOO_MANY_DIGITS', received: text });
  const digits = BigInt(`${sign}${whole}${fraction}`);
  return accept(scale < 0 ? { digits: digits * tenTo(-scale), scale: 0 } : { digits, scale });
}

/** The whole number nearest to a quotient; a tie goes to the even one. Errors: a divisor that is not positive is a bug and throws. */
export function divideHalfEven(dividend: bigint, divisor: bigint): bigint {
  assert(divisor > 0n, `expected a positive divisor, received \`${divisor}\``);
  const sign = dividend < 0n ? -1n : 1n;
  const size = dividend * sign;
  const floor = size / divisor;
  const twice = (size % divisor) * 2n;
  const isUp = twice > divisor || (twice === divisor && floor % 2n === 1n);
  return sign * (isUp ? floor + 1n : floor);
}

/** A power of ten. Range: exponent 0 and up. */
export const tenTo = (exponent: number): bigint => 10n ** BigInt(exponent);
