import type { ChainHead, Envelope, Json, NewEvent } from '#shared/ledger/index.ts';
import type { RecordTableName } from './record-tables.ts';

/** What an append must find: the version its stream stands at, or `any`. */
export type ExpectedVersion = number | 'any';

/** Options of one append. */
export interface AppendOptions {
  readonly expectedVersion: ExpectedVersion;
  /** One intention. The same key with the same content is answered `exists`. */
  readonly idempotencyKey?: string;
}

/**
 * What came of an append: `position` is that of its last event, `version` where its stream then stands.
 * A mismatch is the same key with other content: neither hash is of an envelope, both are of what was asked.
 */
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

/** The sole right to do one thing, for a while: to sync one doc, to run one gate, to carry out one task. */
export interface Lease {
  /** What is leased: `sync`, `gate/<id>`, `task/<id>`. */
  readonly name: string;
  /** Names one process; two that share a name would both believe they hold it. */
  readonly owner: string;
  /** Grows with every new holder; a write under an older fence is refused. */
  readonly fence: number;
  readonly expiresAtMs: number;
}

/** What a write is made under: of a lease only what does not change while it is held. */
export type LeaseMark = Pick<Lease, 'name' | 'fence'>;

/** A contract document under its id. */
export interface StoredRecord {
  readonly id: string;
  readonly document: { readonly [field: string]: Json };
}

/** Which documents of a table to list; every field that is given has to fit. */
export interface RecordFilter {
  readonly runId?: string;
  readonly taskId?: string;
  readonly state?: string;
}

/** An event as it lies in the store: `body` is the text its hash was taken of. Only a verifier and a backup look at it so. */
export interface RawEvent {
  readonly position: number;
  readonly body: string;
  readonly hash: string;
}

/**
 * What a store finds the events of a stream or a key by: neighbours in the ledger that are neighbours in one stream and came
 * under one key. Only a verifier looks at it.
 */
export interface IndexedAppend {
  readonly firstPosition: number;
  readonly lastPosition: number;
  readonly stream: string;
  /** Version of the first event; the others follow it without a gap. */
  readonly firstVersion: number;
  readonly idempotencyKey?: string;
}

/** One row of one table as the store keeps it, for a backup that any store can be filled from. */
export interface DumpRow {
  readonly table: string;
  readonly row: Readonly<Record<string, string | number | null>>;
}

/** All writes of one step: they land together or not at all. What the store reads meanwhile is what stood before. */
export interface StoreTransaction {
  /** Errors: no events at all are a bug. A key is looked up first: it answers `exists` whatever the stream's version is by then. */
  append(
    stream: string,
    events: readonly NewEvent[],
    options: AppendOptions,
  ): Promise<AppendResult>;
  /** Keeps a small JSON document: projections, checkpoints, the inbox. */
  put(collection: string, id: string, body: Json): Promise<void>;
  remove(collection: string, id: string): Promise<void>;
  /**
   * Keeps contract documents; a newer one takes the place of the older one of the same id, save in an append-only table,
   * where the same document again changes nothing and another is refused. References are judged when the step lands.
   * Errors: `DomainError` `RECORD_REFUSED`, naming the table, the id and what it breaks.
   */
  putRecords(table: RecordTableName, records: readonly StoredRecord[]): Promise<void>;
  putOutbox(items: readonly OutboxItem[]): Promise<void>;
  removeOutbox(ids: readonly string[]): Promise<void>;
}

/** The worker's durable store. One contract suite holds every adapter to it. */
export interface Store {
  /**
   * Runs all writes of one step in one durable transaction, and one transaction at a time.
   * What `work` throws is thrown on, and then nothing is written; so it is when a write inside it fails, even if `work` goes on.
   * Errors: `DomainError` `STALE_LEASE` when a lease is given and its fence is not the last that was handed out under its name. A transaction begun inside
   * another, a lease asked for inside one included, is a bug.
   */
  transaction<Value>(
    work: (transaction: StoreTransaction) => Promise<Value>,
    options?: { readonly under?: LeaseMark },
  ): Promise<Value>;
  /** Events after a position, oldest first, at most `limit`. */
  readAll(afterPosition: number, limit: number): Promise<readonly Envelope[]>;
  readStream(stream: string): Promise<readonly Envelope[]>;
  /** The same events as `readAll` names, as they lie in the store. */
  readRaw(afterPosition: number, limit: number): Promise<readonly RawEvent[]>;
  /** All that the store finds events by, by first position; of what is appended while it is read there may be any. */
  readIndex(): AsyncIterable<IndexedAppend>;
  /** The last event of the append that was made with an idempotency key: its position is the one the append answered. */
  findByKey(idempotencyKey: string): Promise<Envelope | undefined>;
  /** The last position and hash; position 0 and 64 zeros when empty. */
  head(): Promise<ChainHead>;
  get(collection: string, id: string): Promise<Json | undefined>;
  /** All documents of a collection by id. */
  list(collection: string): Promise<ReadonlyMap<string, Json>>;
  getRecord(table: RecordTableName, id: string): Promise<StoredRecord | undefined>;
  /** Documents of a table by id. */
  listRecords(table: RecordTableName, filter?: RecordFilter): Promise<readonly StoredRecord[]>;
  /** What the doc still has to show, in the order it was first put. */
  listOutbox(): Promise<readonly OutboxItem[]>;
  /** Takes or renews the lease of that name, or answers who holds it. Units: ttlMs, nowMs in milliseconds. */
  acquireLease(request: {
    readonly name: string;
    readonly owner: string;
    readonly ttlMs: number;
    readonly nowMs: number;
  }): Promise<{ readonly granted: boolean; readonly lease: Lease }>;
  /** The last lease that was handed out under a name, over or not. */
  readLease(name: string): Promise<Lease | undefined>;
  /** Frees the lease where it is still held; its fence stays good until another is handed out. */
  releaseLease(lease: Lease): Promise<void>;
  /**
   * Calls back after events were appended, by this process or another. A call is a hint to look, no promise: it may come late,
   * twice or for nothing, and a process that wants every event reads by position. The result ends the watch.
   */
  watch(onAppended: () => void): Promise<() => Promise<void>>;
  /** Every row of every table as one moment left them, while others go on writing; references point backwards or within their table. */
  dump(): AsyncIterable<DumpRow>;
  /** Fills an empty store with what `dump` gave, whole or not at all. Errors: `DomainError` `STORE_NOT_EMPTY`, `BACKUP_UNREADABLE`. */
  fill(rows: AsyncIterable<DumpRow>): Promise<void>;
  /** Waits for the transactions that were begun and lets go of the store. */
  close(): Promise<void>;
}
