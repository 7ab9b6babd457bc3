import { accept, assert, type Result, refuse } from '#shared/kernel/index.ts';
import type { Money } from './money.ts';

/** One who bears a part of a shared cost, and how much of it against the others. */
export interface Share {
  readonly to: string;
  /** Range: 0 and up. Only the proportion counts. */
  readonly weight: bigint;
}

/** One part of a shared cost. */
export interface AllocatedPart extends Money {
  readonly to: string;
}

/**
 * Parts of a total in the proportion of the weights, which always add up to the total.
 * Each part is rounded towards zero; what then is left goes, one micro each, to those who lost most by it, and among
 * equals to the earlier one. A weight of 0 gets nothing; where all are 0, all count alike. A negative total is the mirror image of the positive one.
 * Errors: no weights, or a negative one, is a bug and throws. Source: largest remainder method (Hamilton).
 */
export function splitMicros(total: bigint, weights: readonly bigint[]): readonly bigint[] {
  assert(weights.length > 0, 'a total was to be split among nobody');
  assert(
    weights.every((weight) => weight >= 0n),
    `expected weights from 0, received \`${weights.join()}\``,
  );
  const shares = weights.map((weight) => ({ weight }));
  return spread(total, shares).map(({ micros }) => micros);
}

/**
 * A shared cost spread over those who bear it, in the order given; the parts add up to it.
 * Refusals: `NOBODY_BEARS_IT`, and `WEIGHT_NEGATIVE` with who has it.
 */
export function allocateShared(
  { micros, currency }: Money,
  shares: readonly Share[],
): Result<
  readonly AllocatedPart[],
  { readonly code: 'NOBODY_BEARS_IT' } | { readonly code: 'WEIGHT_NEGATIVE'; readonly to: string }
> {
  if (shares.length === 0) return refuse({ code: 'NOBODY_BEARS_IT' });
  const negative = shares.find(({ weight }) => weight < 0n);
  if (negative !== undefined) return refuse({ code: 'WEIGHT_NEGATIVE', to: negative.to });
  return accept(
    spread(micros, shares).map((part) => ({ to: part.share.to, micros: part.micros, currency })),
  );
}

/** What each share gets; there is at least one, and no weight is negative. */
function spread<One extends Pick<Share, 'weight'>>(
  total: bigint,
  shares: readonly One[],
): readonly { readonly share: One; readonly micros: bigint }[] {
  const given = shares.reduce((sum, { weight }) => sum + weight, 0n);
  const whole = given === 0n ? BigInt(shares.length) : given;
  const sign = total < 0n ? -1n : 1n;
  const size = total * sign;
  const parts = shares.map((share) => {
    const exact = size * (given === 0n ? 1n : share.weight);
    return { share, floor: exact / whole, rest: exact % whole };
  });
  const left = size - parts.reduce((sum, { floor }) => sum + floor, 0n);
  const byRest = [...parts].sort(
    (one, other) => Number(other.rest > one.rest) - Number(other.rest < one.rest),
  );
  const raised = new Set(byRest.slice(0, Number(left)));
  return parts.map((part) => ({
    share: part.share,
    micros: sign * (raised.has(part) ? part.floor + 1n : part.floor),
  }));
}
