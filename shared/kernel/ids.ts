import { assert } from './assert.ts';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const ID_LENGTH = 26;

/**
 * The 26-character Crockford id that stands for a hash: 128 bits, so no randomness is needed to name a thing.
 * The first character carries three bits and the others five, as in a ULID.
 * Units: hash is 64 lower-case hex digits. Source: ULID specification, section "Encoding".
 */
export function toCrockfordId(hash: string): string {
  assert(/^[0-9a-f]{64}$/.test(hash), `expected 64 hex digits, received \`${hash}\``);
  let rest = BigInt(`0x${hash.slice(0, 32)}`);
  let id = '';
  for (let place = 0; place < ID_LENGTH; place += 1) {
    id = `${CROCKFORD[Number(rest & 31n)] ?? ''}${id}`;
    rest >>= 5n;
  }
  return id;
}
