import { divideHalfEven, formatMicros } from '#shared/cost/index.ts';

/** Units: micros. */
const CENT = 10_000n;

/** An amount for a person: to the cent, rounded half to even; one below a cent with all its digits, since 0.00 would hide it. */
export function toMoneyText(micros: bigint): string {
  if (-CENT < micros && micros < CENT && micros !== 0n) return formatMicros(micros);
  const text = formatMicros(divideHalfEven(micros, CENT) * CENT);
  const [whole, cents = ''] = text.split('.');
  return `${whole}.${cents.padEnd(2, '0')}`;
}
