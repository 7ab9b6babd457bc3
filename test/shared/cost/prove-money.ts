import {
  allocateShared,
  applyPrice,
  divideHalfEven,
  formatMicros,
  parseDecimal,
  parseMicros,
  splitMicros,
} from '#shared/cost/index.ts';
import { toInstant } from '#shared/kernel/index.ts';
import { createRandom, type Random } from '../../simulation/random.ts';

/** What a number of random cases have shown. */
export interface MoneyProof {
  readonly cases: number;
  /** Over all splits, allocations and texts: what went in less what came out, each difference taken as positive. */
  readonly lostMicros: bigint;
  /** Broken laws, the first of each kind. */
  readonly faults: readonly string[];
}

/** Plays each law of money on random values. The same count and seed give the same proof. */
export function proveMoney(cases: number, seed: number): MoneyProof {
  const random = createRandom(seed);
  const faults = new Map<string, string>();
  let lostMicros = 0n;
  for (let place = 0; place < cases; place += 1) {
    for (const law of [splitLaw, allocationLaw, textLaw, priceLaw]) {
      const { lost, fault } = law(random);
      lostMicros += lost < 0n ? -lost : lost;
      if (fault !== undefined && !faults.has(law.name)) faults.set(law.name, fault);
    }
  }
  return { cases, lostMicros, faults: [...faults.values()] };
}

interface Played {
  readonly lost: bigint;
  readonly fault?: string;
}

/** A number of up to 18 digits of either sign, small ones as likely as large ones. */
function drawMicros(random: Random): bigint {
  const size = 10n ** BigInt(random.between(0, 18));
  const part = BigInt(random.between(0, 1_000_000));
  return (random.chance(0.5) ? -1n : 1n) * ((size * part) / 1_000_000n);
}

const drawWeights = (random: Random): bigint[] =>
  Array.from({ length: random.between(1, 8) }, () =>
    BigInt(random.chance(0.2) ? 0 : random.between(0, 1_000_000)),
  );

const sum = (parts: readonly bigint[]): bigint => parts.reduce((left, right) => left + right, 0n);

function splitLaw(random: Random): Played {
  const total = drawMicros(random);
  const weights = drawWeights(random);
  const parts = splitMicros(total, weights);
  const whole = sum(weights);
  const isFair = parts.every((part, place) => {
    const off = part * whole - total * (weights[place] ?? 0n);
    return whole === 0n || (-whole < off && off < whole);
  });
  const lost = total - sum(parts);
  return isFair ? { lost } : { lost, fault: `${total} by ${weights.join()} is ${parts.join()}` };
}

function allocationLaw(random: Random): Played {
  const micros = drawMicros(random);
  const shares = drawWeights(random).map((weight, place) => ({ to: `${place}`, weight }));
  const result = allocateShared({ micros, currency: 'EUR' }, shares);
  if (!result.ok) return { lost: micros, fault: `refused ${micros}` };
  return { lost: micros - sum(result.value.map((part) => part.micros)) };
}

function textLaw(random: Random): Played {
  const micros = drawMicros(random);
  const text = formatMicros(micros);
  const read = parseMicros(text);
  const scaled = parseMicros(`${micros}e-6`);
  if (!read.ok || !scaled.ok) return { lost: micros, fault: `refused ${text}` };
  return { lost: micros - read.value + (micros - scaled.value) };
}

/** The price of a quantity is nearest to the exact one; checked with the remainder alone, not with the division under test. */
function priceLaw(random: Random): Played {
  const priceMicros = BigInt(random.between(0, 100_000_000));
  const scale = random.between(0, 6);
  const digits = BigInt(random.between(0, 1_000_000_000));
  const perQuantity = 10 ** random.between(0, 9);
  const price = {
    priceId: 'p',
    resourceName: 'r',
    usageType: 'u',
    unit: 'token',
    currency: 'EUR',
    priceMicros,
    perQuantity,
    validFrom: toInstant(0),
  };
  const { amountMicros } = applyPrice(price, { digits, scale });
  const divisor = BigInt(perQuantity) * 10n ** BigInt(scale);
  const off = 2n * (amountMicros * divisor - digits * priceMicros);
  const isTie = off === divisor || off === -divisor;
  const isNearest = -divisor <= off && off <= divisor && (!isTie || amountMicros % 2n === 0n);
  const text = parseDecimal(`${digits}e-${scale}`);
  const isRead = text.ok && divideHalfEven(text.value.digits, 1n) === digits;
  return isNearest && isRead
    ? { lost: 0n }
    : { lost: 0n, fault: `${digits}e-${scale} at ${priceMicros}` };
}
