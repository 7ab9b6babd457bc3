/** Where a seeded sequence of chance stands: a value, so that whoever keeps it can draw the same again. Range: uint32. */
export type RandomState = number;

/** One draw: the number, and where the sequence then stands. */
export interface RandomDraw {
  /** Range: [0, 1). */
  readonly value: number;
  readonly next: RandomState;
}

const UINT32_SPAN = 4_294_967_296;
/** Spreads neighbouring seeds over the whole range: 2^32 divided by the golden ratio. */
const SEED_FACTOR = 2_654_435_761;

/** The start of the sequence of a seed. Range: any whole number; seeds equal modulo 2^32 are one seed. */
export const toRandomState = (seed: number): RandomState => Math.imul(seed, SEED_FACTOR) >>> 0;

/** The next number of a sequence. Source: mulberry32, T. Ettinger, public domain. */
export function drawRandom(state: RandomState): RandomDraw {
  const next = (state + 0x6d2b79f5) >>> 0;
  let mixed = Math.imul(next ^ (next >>> 15), 1 | next);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return { value: ((mixed ^ (mixed >>> 14)) >>> 0) / UINT32_SPAN, next };
}

/** Draws one number after the other from the sequence of a seed; for loops that keep no state. Range: [0, 1). */
export function createRandom(seed: number): () => number {
  let state = toRandomState(seed);
  return () => {
    const draw = drawRandom(state);
    state = draw.next;
    return draw.value;
  };
}

/** A draw from the standard normal law. Source: Box and Muller, "A note on the generation of random normal deviates" (1958). */
export function drawNormal(random: () => number): number {
  // 1 − u lies in (0, 1], so its logarithm is finite.
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return radius * Math.cos(2 * Math.PI * random());
}
