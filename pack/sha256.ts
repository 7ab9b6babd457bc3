import type { Sha256 } from '#shared/kernel/index.ts';

const BLOCK_BYTES = 64;
const ROUNDS = 64;
const NUMBERS = Array.from({ length: 312 }, (_, number) => number);
const PRIMES = NUMBERS.slice(2).filter((number) =>
  NUMBERS.slice(2, number).every((divisor) => number % divisor > 0),
);
/** The first 32 bits behind the point of the cube roots of the first 64 primes. Source: FIPS 180-4, 4.2.2. */
const ROUND_WORDS = toFractions(PRIMES, Math.cbrt);
/** The same of the square roots of the first 8. Source: FIPS 180-4, 5.3.3. */
const FIRST_HASH = toFractions(PRIMES.slice(0, 8), Math.sqrt);

/**
 * SHA-256 in plain JavaScript: the platform has no `crypto.subtle`, and a bundle has no room for a library that does more than this.
 * Source: FIPS 180-4.
 */
export const sha256: Sha256 = (text) => {
  const bytes = Buffer.from(text, 'utf8');
  // A one, zeros, and the length in bits fill the last block.
  const padded = Buffer.alloc(Math.ceil((bytes.length + 9) / BLOCK_BYTES) * BLOCK_BYTES);
  bytes.copy(padded);
  padded[bytes.length] = 0x80;
  padded.writeUIntBE(bytes.length * 8, padded.length - 6, 6);
  const hash = Int32Array.from(FIRST_HASH);
  for (let start = 0; start < padded.length; start += BLOCK_BYTES) compress(hash, padded, start);
  for (const [place, word] of hash.entries()) padded.writeInt32BE(word, 4 * place);
  return padded.toString('hex', 0, 32);
};

/** Works one block into the hash, in place: a reading of the doc may hash thousands of rows. */
function compress(hash: Int32Array, block: Buffer, start: number): void {
  const words = expand(block, start);
  let [a, b, c, d] = [at(hash, 0), at(hash, 1), at(hash, 2), at(hash, 3)];
  let [e, f, g, h] = [at(hash, 4), at(hash, 5), at(hash, 6), at(hash, 7)];
  for (let round = 0; round < words.length; round += 1) {
    const chosen = (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g));
    const mixed = (h + chosen + at(ROUND_WORDS, round) + at(words, round)) | 0;
    const most = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = (d + mixed) | 0;
    d = c;
    c = b;
    b = a;
    a = (mixed + most) | 0;
  }
  const after = Int32Array.of(a, b, c, d, e, f, g, h);
  for (let place = 0; place < 8; place += 1) hash[place] = at(hash, place) + at(after, place);
}

/** The 16 words of a block, and 48 made of them. */
function expand(block: Buffer, start: number): Int32Array {
  const words = new Int32Array(ROUNDS);
  for (let place = 0; place < 16; place += 1) words[place] = block.readInt32BE(start + 4 * place);
  for (let place = 16; place < words.length; place += 1) {
    const early = at(words, place - 15);
    const late = at(words, place - 2);
    const spread = (turn(early, 7) ^ turn(early, 18) ^ (early >>> 3)) + at(words, place - 16);
    const carry = (turn(late, 17) ^ turn(late, 19) ^ (late >>> 10)) + at(words, place - 7);
    words[place] = spread + carry;
  }
  return words;
}

function toFractions(primes: readonly number[], root: (prime: number) => number): Int32Array {
  return Int32Array.from(primes, (prime) => (root(prime) % 1) * 2 ** 32);
}

const at = (words: Int32Array, place: number): number => words[place] ?? 0;

/** Bits that leave on the right come back on the left. */
const turn = (word: number, by: number): number => (word >>> by) | (word << (32 - by));
