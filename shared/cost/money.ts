import { accept, type Result, refuse } from '#shared/kernel/index.ts';
import { type DecimalRefusal, divideHalfEven, parseDecimal, tenTo } from './decimal.ts';

/** An amount of one currency. Two currencies are never added: a total is a list of these, one for each currency. */
export interface Money {
  /** Units: millionths of one unit of the currency. */
  readonly micros: bigint;
  /** Three capital letters, as ISO 4217 writes them. */
  readonly currency: string;
}

/** Why a text is no {@link Money}. */
export type MoneyRefusal =
  | DecimalRefusal
  | { readonly code: 'CURRENCY_UNKNOWN'; readonly received: string };

const DECIMALS = 6;
/** A document writes micros in at most 19 digits. */
const MICROS_LIMIT = tenTo(19);

/**
 * Micros of a decimal text, rounded once, half to even: `0.0000005` is 0.
 * Refusals: `NOT_A_NUMBER`; `TOO_MANY_DIGITS` for a text or an amount no document can hold.
 */
export function parseMicros(text: string): Result<bigint, DecimalRefusal> {
  const decimal = parseDecimal(text);
  if (!decimal.ok) return decimal;
  const { digits, scale } = decimal.value;
  const micros = divideHalfEven(digits * tenTo(DECIMALS), tenTo(scale));
  return -MICROS_LIMIT < micros && micros < MICROS_LIMIT
    ? accept(micros)
    : refuse({ code: 'TOO_MANY_DIGITS', received: text });
}

/** The shortest decimal text of micros, which reads back as the same micros: `1_500_000n` is `1.5`. */
export function formatMicros(micros: bigint): string {
  const sign = micros < 0n ? '-' : '';
  const padded = String(micros < 0n ? -micros : micros).padStart(DECIMALS + 1, '0');
  const fraction = padded.slice(-DECIMALS).replace(/0+$/, '');
  return `${sign}${padded.slice(0, -DECIMALS)}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Whether a text has the form of a currency's code. It is not looked up: currencies come and go. */
export const isCurrency = (text: string): boolean => /^[A-Z]{3}$/.test(text);

/** The money two texts mean. Refusals: those of {@link parseMicros}, and `CURRENCY_UNKNOWN`. */
export function parseMoney(amount: string, currency: string): Result<Money, MoneyRefusal> {
  if (!isCurrency(currency)) return refuse({ code: 'CURRENCY_UNKNOWN', received: currency });
  const micros = parseMicros(amount);
  return micros.ok ? accept({ micros: micros.value, currency }) : micros;
}

/** The total of any amounts: one for each currency that occurs, in the order of the codes. */
export function sumMoney(amounts: readonly Money[]): readonly Money[] {
  const totals = new Map<string, bigint>();
  for (const { micros, currency } of amounts) {
    totals.set(currency, (totals.get(currency) ?? 0n) + micros);
  }
  return [...totals]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([currency, micros]) => ({ micros, currency }));
}
