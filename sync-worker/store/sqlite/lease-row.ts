import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod/mini';
import type { Lease } from '../port.ts';

/** The one lease of a store. Each call runs inside a transaction that holds the write lock. */
export interface LeaseRow {
  read(): Lease;
  acquire(request: LeaseRequest): { readonly granted: boolean; readonly lease: Lease };
  release(lease: Lease): void;
}

/** Who asks for the lease, for how long and when. */
export interface LeaseRequest {
  readonly owner: string;
  readonly ttlMs: number;
  readonly nowMs: number;
}

const rowSchema = z.object({ owner: z.string(), fence: z.number(), expires_at_ms: z.number() });

/** Keeps the lease over one connection. Its fence grows with every holding and is never handed out twice. */
export function createLeaseRow(database: DatabaseSync): LeaseRow {
  const select = database.prepare('SELECT owner, fence, expires_at_ms FROM lease');
  const update = database.prepare('UPDATE lease SET owner = ?, fence = ?, expires_at_ms = ?');
  const free = database.prepare('UPDATE lease SET expires_at_ms = 0 WHERE owner = ? AND fence = ?');
  const read = (): Lease => {
    const { owner, fence, expires_at_ms } = rowSchema.parse(select.get());
    return { owner, fence, expiresAtMs: expires_at_ms };
  };
  return {
    read,
    acquire({ owner, ttlMs, nowMs }) {
      const held = read();
      const isHeld = held.expiresAtMs > nowMs;
      if (isHeld && held.owner !== owner) return { granted: false, lease: held };
      // Once a lease has run out, its owner may have been away: what it began before must not go on under the same fence.
      const fence = isHeld ? held.fence : held.fence + 1;
      const lease = { owner, fence, expiresAtMs: nowMs + ttlMs };
      update.run(owner, fence, lease.expiresAtMs);
      return { granted: true, lease };
    },
    release: ({ owner, fence }) => void free.run(owner, fence),
  };
}
