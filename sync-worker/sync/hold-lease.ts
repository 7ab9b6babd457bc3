import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { type Clock, DomainError, toInstant } from '#shared/kernel/index.ts';
import type { Lease, LeaseMark, Store } from '#worker/store/index.ts';

/** A worker that does not renew for this long has lost the doc to the next. Units: ms. */
const LEASE_MS = 120_000;
const SYNC = 'sync';

/** The leases this process holds: after a restart another process may have the number of one that died. */
const HELD_HERE = new Set<string>();

/** A lease that is held. */
export interface HeldLease {
  /** What the holder's writes are made under. */
  readonly under: LeaseMark;
  /** Renews it. Errors: `LEASE_LOST` when another worker has it or had it in between. */
  readonly check: () => Promise<void>;
  /** Renews it where it is due: for long reading. Errors: as `check`. */
  readonly keep: () => Promise<void>;
  readonly release: () => Promise<void>;
}

/**
 * Takes the lease on a doc, so that one worker at a time decides and writes. One left behind by a process of this
 * machine that is no more is taken over at once. Errors: `LEASE_HELD` with who holds it and until when.
 */
export async function holdLease(store: Store, clock: Clock): Promise<HeldLease> {
  // Two holders that shared a name would both be let in, so even two of one process have names of their own.
  const owner = `${hostname()}/${process.pid}/${randomUUID()}`;
  const acquire = () => store.acquireLease({ name: SYNC, owner, ttlMs: LEASE_MS, nowMs: clock() });
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
  let held = answer.lease;
  HELD_HERE.add(owner);
  const check = async (): Promise<void> => {
    const { granted, lease: current } = await acquire();
    // One that ran out, as in a computer's sleep, comes back with the next number if nobody had it in between.
    if (!granted || current.fence > held.fence + 1)
      throw lost(current.owner === owner ? undefined : current);
    held = current;
  };
  return {
    get under() {
      return held;
    },
    check,
    keep: async () => {
      if (held.expiresAtMs - clock() < (LEASE_MS * 3) / 4) await check();
    },
    release: async () => {
      HELD_HERE.delete(owner);
      await store.releaseLease(held);
    },
  };
}

/** The worker that is at work on the doc right now, if any. */
export async function readHolder(store: Store, nowMs: number): Promise<Lease | undefined> {
  const lease = await store.readLease(SYNC);
  return lease === undefined || lease.expiresAtMs <= nowMs || isDead(lease) ? undefined : lease;
}

function lost(holder: Lease | undefined): DomainError {
  const happening =
    holder === undefined
      ? 'Another worker was at work on this doc in between'
      : `Another worker (\`${holder.owner}\`) has taken over`;
  return new DomainError('LEASE_LOST', `${happening}: nothing more was written; run it again.`, {
    retryable: true,
  });
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
