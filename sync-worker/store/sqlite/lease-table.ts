import type { DatabaseSync } from 'node:sqlite';
import { decideLease, type LeaseRequest } from '../decide-lease.ts';
import { fromKeyText, toKeyText } from '../key-text.ts';
import type { Lease } from '../port.ts';
import { integerOf, textOf } from './column.ts';

/** What is asked of leases outside a transaction. */
export interface LeaseReader {
  /** The last one that was handed out under a name. */
  readonly read: (name: string) => Lease | undefined;
}

/** The leases of a store. Each call runs inside a transaction that holds the write lock. */
export interface LeaseTable extends LeaseReader {
  acquire(request: LeaseRequest): { readonly granted: boolean; readonly lease: Lease };
  release(lease: Lease): void;
}

/** Reads leases over one connection. */
export function createLeaseReader(database: DatabaseSync): LeaseReader {
  const select = database.prepare('SELECT owner, fence, expires_at_ms FROM leases WHERE name = ?');
  return {
    read(name) {
      const row = select.get(toKeyText(name));
      if (row === undefined) return undefined;
      const owner = fromKeyText(textOf(row, 'owner'));
      const expiresAtMs = integerOf(row, 'expires_at_ms');
      return { name, owner, fence: integerOf(row, 'fence'), expiresAtMs };
    },
  };
}

/** Keeps leases over one connection. A row stays when its lease is over, so that no fence is handed out twice. */
export function createLeaseTable(database: DatabaseSync): LeaseTable {
  const { read } = createLeaseReader(database);
  const keep = database.prepare(`INSERT INTO leases VALUES (?, ?, ?, ?) ON CONFLICT (name)
    DO UPDATE SET owner = excluded.owner, fence = excluded.fence, expires_at_ms = excluded.expires_at_ms`);
  const free = database.prepare(
    'UPDATE leases SET expires_at_ms = 0 WHERE name = ? AND owner = ? AND fence = ?',
  );
  return {
    read,
    acquire(request) {
      const answer = decideLease(read(request.name), request);
      const { name, owner, fence, expiresAtMs } = answer.lease;
      if (answer.granted) keep.run(toKeyText(name), toKeyText(owner), fence, expiresAtMs);
      return answer;
    },
    release: ({ name, owner, fence }) => void free.run(toKeyText(name), toKeyText(owner), fence),
  };
}
