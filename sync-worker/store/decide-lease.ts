import { assert, DomainError } from '#shared/kernel/index.ts';
import type { Lease, LeaseMark } from './port.ts';

/** The longest a lease is given for; one that claims to last longer was given by a clock that is ahead. Units: ms. */
const LEASE_TTL_MAX_MS = 1_800_000;

/** Who asks for which lease, for how long and when. */
export interface LeaseRequest {
  readonly name: string;
  readonly owner: string;
  readonly ttlMs: number;
  readonly nowMs: number;
}

/**
 * Whether a lease is granted, and the lease then or the one in the way; where granted, it takes the place of the one before.
 * Clocks may be wrong: one that is behind finds a lease taken for at most `LEASE_TTL_MAX_MS`, and what another holder
 * writes after it lost its lease is refused by its fence, whatever the clocks say.
 */
export function decideLease(
  held: Lease | undefined,
  { name, owner, ttlMs, nowMs }: LeaseRequest,
): { readonly granted: boolean; readonly lease: Lease } {
  assert(
    ttlMs <= LEASE_TTL_MAX_MS,
    `expected at most ${LEASE_TTL_MAX_MS} ms, received \`${ttlMs}\``,
  );
  const current = held !== undefined && isHeldAt(held, nowMs) ? held : undefined;
  if (current !== undefined && current.owner !== owner) return { granted: false, lease: current };
  // Once a lease has run out, its owner may have been away: what it began before must not go on under the same fence.
  const fence = current?.fence ?? (held?.fence ?? 0) + 1;
  return { granted: true, lease: { name, owner, fence, expiresAtMs: nowMs + ttlMs } };
}

/** Lets only the last holder of a lease write. Errors: `DomainError` `STALE_LEASE`. */
export function checkFence(under: LeaseMark, held: Lease | undefined): void {
  if (under.fence === held?.fence) return;
  const last = held === undefined ? 'no lease' : `fence ${held.fence}`;
  const text = `another worker took over \`${under.name}\`: expected ${last}, received fence ${under.fence}`;
  throw new DomainError('STALE_LEASE', text);
}

const isHeldAt = ({ expiresAtMs }: Lease, nowMs: number): boolean =>
  nowMs < expiresAtMs && expiresAtMs <= nowMs + LEASE_TTL_MAX_MS;
