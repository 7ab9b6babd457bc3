import type { Span } from './behaviour.ts';

/**
 * A number in [0, 1) for a purpose and an ordinal, the same for the same seed whatever was asked before.
 * A running generator was rejected: one more request would change every later draw, and a restart would begin anew.
 */
export type Dice = (purpose: string, ordinal: number) => number;

/** The dice of a seed. Source: FNV-1a over the text, then the finaliser of MurmurHash3. */
export const createDice =
  (seed: number): Dice =>
  (purpose, ordinal) =>
    toHash(`${seed}/${purpose}/${ordinal}`) / 2 ** 32;

/** A moment of a span. Units: ms, whole. */
export const drawMs = (span: Span, chance: number): number =>
  span.minMs + Math.floor(chance * (span.maxMs - span.minMs + 1));

function toHash(text: string): number {
  let hash = 2_166_136_261;
  for (let place = 0; place < text.length; place += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(place), 16_777_619);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 2_246_822_507);
  hash = Math.imul(hash ^ (hash >>> 13), 3_266_489_909);
  return (hash ^ (hash >>> 16)) >>> 0;
}
