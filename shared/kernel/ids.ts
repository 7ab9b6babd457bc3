import { assert } from './assert.ts';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const ID_LENGTH = 26;

const MAX_ULID_MS = 2 ** 48 - 1;

/**
 * The 26-character Crockford id that stands for a hash: 128 bits, so no randomness is needed to name a thing.
 * The first character carries three bits and the others five, as in a ULID.
 * Units: hash is 64 lower-case hex digits. Source: ULID specification, section "Encoding".
 */
export const toCrockfordId = (hash: string): string => encode(toBits(hash, 32));

/**
 * The ULID of a moment whose random part is the start of a hash: it sorts by time, and the same facts always get the same one.
 * A moment before 1970 counts as 1970. Units: epochMs in milliseconds, hash is 64 lower-case hex digits.
 * Source: ULID specification, section "Binary Layout": 48 bits of time, then 80 bits.
 */
export function toUlid(epochMs: number, hash: string): string {
  const time = BigInt(Math.min(MAX_ULID_MS, Math.max(0, epochMs)));
  return encode((time << 80n) | toBits(hash, 20));
}

function toBits(hash: string, digits: number): bigint {
  assert(/^[0-9a-f]{64}$/.test(hash), `expected 64 hex digits, received \`${hash}\``);
  return BigInt(`0x${hash.slice(0, digits)}`);
}

function encode(bits: bigint): string {
  let rest = bits;
  let id = '';
  for (let place = 0; place < ID_LENGTH; place += 1) {
    id = `${CROCKFORD.charAt(Number(rest & 31n))}${id}`;
    rest >>= 5n;
  }
  return id;
}
