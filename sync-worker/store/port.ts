import type { Instant } from '#shared/kernel/index.ts';
import type { Json } from '#shared/ledger/index.ts';

/** An event not yet in the ledger. */
export interface NewEvent {
  readonly type: string;
  readonly at: Instant;
  /** Who caused it: an account, or `worker`. */
  readonly actor: string;
  readonly payload: Json;
}

/** An event as the ledger keeps it. */
export interface Envelope extends NewEvent {
  /** Place in the whole ledger, from 1, without gaps. */
  readonly position: number;
  readonly stream: string;
  /** Place in its stream, from 1, without gaps. */
  readonly version: number;
  readonly idempotencyKey?: string;
  /** SHA-256 of the envelope before, 64 zeros for the first. */
  readonly previousHash: string;
  /** SHA-256 of this envelope's canonical JSON without `hash`. */
  readonly hash: string;
}

/** What an append must find: the version its stream stands at, or `any`. */
export type ExpectedVersion = number | 'any';

/** Options of one append. */
export interface AppendOptions {
  readonly expectedVersion: ExpectedVersion;
  /** One intention. The same key with the same content is answered `exists`. */
  readonly idempotencyKey?: string;
}

/** What came of an append; a mismatch is the same key with other content. */
export type AppendResult =
  | { readonly kind: 'appended'; readonly position: number; readonly version: number }
  | { readonly kind: 'exists'; readonly position: number }
  | { readonly kind: 'mismatch'; readonly storedHash: string; readonly givenHash: string }
  | { readonly kind: 'conflict'; readonly version: number };

/** One row the doc still has to show. `id` is `table/key`: a newer item for the same row replaces the older. */
export interface OutboxItem {
  readonly id: string;
  /** Name of the Founder HQ table. */
  readonly table: string;
  /** Value of the table's key column. */
  readonly key: string;
  /** Column name → value as the API takes it. */
  readonly cells: Readonly<Record<string, string | number | boolean>>;
  /** When it was last sent, milliseconds since 1970; absent until then. */
  readonly sentAtMs?: number;
  /** The mutation that carried it. */
  readonly requestId?: string;
}

/** What a worker holds while it works on one doc. */
export interface Lease {
  readonly owner: string;
  /** Grows with every new holder; a write under an older fence is refused. */
  readonly fence: number;
  readonly expiresAtMs: number;
}

/** All writes of one step: they land together or not at all. */
export interface StoreTransaction {
  append(
    stream: string,
    events: readonly NewEvent[],
    options: AppendOptions,
  ): Promise<AppendResult>;
  /** Keeps a small JSON document: projections, checkpoints, the inbox. */
  put(collection: string, id: string, body: Json): Promise<void>;
  remove(collection: string, id: string): Promise<void>;
  putOutbox(items: readonly OutboxItem[]): Promise<void>;
  removeOutbox(ids: readonly string[]): Promise<void>;
}

/** The worker's durable store. One contract suite holds every adapter to it. */
export interface Store {
  /**
   * Runs all writes of one step in one durable transaction.
   * Errors: `DomainError` `STALE_LEASE` when a fence is given and a newer one was handed out; then nothing is written.
   */
  transaction<Value>(
    work: (transaction: StoreTransaction) => Promise<Value>,
    options?: { readonly fence?: number },
  ): Promise<Value>;
  /** Events after a position, oldest first, at most `limit`. */
  readAll(afterPosition: number, limit: number): Promise<readonly Envelope[]>;
  readStream(stream: string): Promise<readonly Envelope[]>;
  /** The event first appended with an idempotency key. */
  findByKey(idempotencyKey: string): Promise<Envelope | undefined>;
  /** The last position and hash; position 0 and 64 zeros when empty. */
  head(): Promise<{ readonly position: number; readonly hash: string }>;
  get(collection: string, id: string): Promise<Json | undefined>;
  list(collection: string): Promise<ReadonlyMap<string, Json>>;
  listOutbox(): Promise<readonly OutboxItem[]>;
  /** Takes or renews the lease, or answers who holds it. Units: ttlMs, nowMs in milliseconds. */
  acquireLease(request: {
    readonly owner: string;
    readonly ttlMs: number;
    readonly nowMs: number;
  }): Promise<{ readonly granted: boolean; readonly lease: Lease }>;
  releaseLease(lease: Lease): Promise<void>;
  close(): Promise<void>;
}
