import * as z from 'zod/mini';
import { decideLease, type LeaseRequest } from '../decide-lease.ts';
import { fromKeyText, toKeyText } from '../key-text.ts';
import type { Lease, Store } from '../port.ts';
import { toSafeInteger } from './safe-integer.ts';
import type { Session } from './session.ts';

type LeaseAnswer = Awaited<ReturnType<Store['acquireLease']>>;

const rowsSchema = z.array(
  z.object({ owner: z.string(), fence: toSafeInteger, expires_at_ms: toSafeInteger }),
);

/** The last lease that was handed out under a name. */
export async function readLease(session: Session, name: string): Promise<Lease | undefined> {
  const text = 'SELECT owner, fence, expires_at_ms FROM leases WHERE name = $1';
  const { rows } = await session.query({ text, values: [toKeyText(name)] });
  const [row] = rowsSchema.parse(rows);
  if (row === undefined) return undefined;
  return { name, owner: fromKeyText(row.owner), fence: row.fence, expiresAtMs: row.expires_at_ms };
}

/** Takes or renews a lease, inside a transaction that holds the head. */
export async function acquireLease(session: Session, request: LeaseRequest): Promise<LeaseAnswer> {
  const answer = decideLease(await readLease(session, request.name), request);
  if (!answer.granted) return answer;
  const { name, owner, fence, expiresAtMs } = answer.lease;
  const text = `INSERT INTO leases VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO UPDATE
    SET owner = excluded.owner, fence = excluded.fence, expires_at_ms = excluded.expires_at_ms`;
  await session.query({ text, values: [toKeyText(name), toKeyText(owner), fence, expiresAtMs] });
  return answer;
}

/** Frees a lease where it is still held. */
export async function releaseLease(session: Session, lease: Lease): Promise<void> {
  const { name, owner, fence } = lease;
  const text = 'UPDATE leases SET expires_at_ms = 0 WHERE name = $1 AND owner = $2 AND fence = $3';
  await session.query({ text, values: [toKeyText(name), toKeyText(owner), fence] });
}
