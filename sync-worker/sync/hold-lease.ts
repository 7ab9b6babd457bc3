import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { type Clock, DomainError, toInstant } from '#shared/kernel/index.ts';
import type { Lease, Store } from '#worker/store/index.ts';

/** A worker that does not renew for this long has lost the doc to the next. Units: ms. */
const LEASE_MS = 120_000;

/** The leases this process holds: after a restart another process may have the number of one that died. */
const HELD_HERE = new Set<string>();

/** A lease that is held. */
export interface HeldLease {
  readonly fence: number;
  /** Renews it. Errors: `LEASE_LOST` when another worker has it. */
  readonly check: () => Promise<void>;
  readonly release: () => Promise<void>;
}

/**
 * Takes the lease on a doc, so that one worker at a time decides and writes. One left behind by a process of this
 * machine that is no more is taken over at once. Errors: `LEASE_HELD` with who holds it and until when.
 */
export async function holdLease(store: Store, clock: Clock): Promise<HeldLease> {
  // Two holders that shared a name would both be let in, so even two of one process have names of their own.
  const owner = `${hostname()}/${process.pid}/${randomUUID()}`;
  const acquire = () => store.acquireLease({ owner, ttlMs: LEASE_MS, nowMs: clock() });
  let answer = await acquire();
  if (!answer.granted && isDead(answer.lease)) {
    await store.releaseLease(answer.lease);
    answer = await acquire();
  }
  if (!answer.granted) {
    const { owner: holder, expiresAtMs } = answer.lease;
    throw new DomainError(
      'LEASE_HELD',
      `Another worker (\`${holder}\`) is at work on this doc until ${toInstant(expiresAtMs)}: let it finish, or stop it.`,
    );
  }
  const { lease } = answer;
  HELD_HERE.add(owner);
  return {
    fence: lease.fence,
    check: async () => {
      const { granted, lease: current } = await acquire();
      if (granted && current.fence === lease.fence) return;
      throw new DomainError('LEASE_LOST', `Another worker (\`${current.owner}\`) has taken over.`);
    },
    release: async () => {
      HELD_HERE.delete(owner);
      await store.releaseLease(lease);
    },
  };
}

function isDead({ owner }: Lease): boolean {
  const [host, pid] = owner.split('/');
  if (host !== hostname() || pid === undefined) return false;
  if (Number(pid) === process.pid) return !HELD_HERE.has(owner);
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}
