import { DomainError, type Sha256 } from '#shared/kernel/index.ts';
import type { Store } from '../port.ts';
import { sha256 as nativeSha256 } from '../sha256.ts';
import { createDocumentReader, createDocumentWriter } from './document-table.ts';
import { createLeaseRow } from './lease-row.ts';
import { createAppend, createLedgerReader } from './ledger-table.ts';
import { type Connections, openDatabase } from './open-database.ts';
import { runStep } from './run-step.ts';
import { toStoreError } from './store-error.ts';
import { createTransact } from './transact.ts';

/** How a store is opened. */
export interface SqliteStoreOptions {
  /** Path of the file; it is made where it is missing, its folder is not. */
  readonly file: string;
  /** @default the platform's */
  readonly sha256?: Sha256;
  /** The most the file may take; beyond it every write answers `DISK_FULL`. Units: bytes. @default no limit but the disk's */
  readonly maxBytes?: number;
}

/**
 * Opens the store in a SQLite file, or makes it. Several processes may hold it open: their transactions wait for each other.
 * Errors: `DomainError` `STORE_CORRUPT`, `STORE_NEWER`, `MIGRATION_CHANGED`, `STORE_IN_USE`, `STORE_READ_ONLY`, `STORE_UNREADABLE`,
 * `STORE_UNSAFE`, `DISK_FULL`, `DISK_FAILED`; the store's own calls answer the last two, `STORE_IN_USE` and `STALE_LEASE`.
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const { file } = options;
  const guard = async <Value>(step: () => Value | Promise<Value>): Promise<Value> => {
    try {
      return await step();
    } catch (error) {
      throw toStoreError(error, file);
    }
  };
  return guard(async () => {
    const connections = await openDatabase(file);
    if (options.maxBytes !== undefined) limitSize(connections, options.maxBytes);
    return createStore(connections, { guard, sha256: options.sha256 ?? nativeSha256, file });
  });
}

function limitSize({ writer }: Connections, maxBytes: number): void {
  const pageSize = Number(writer.prepare('PRAGMA page_size').get()?.['page_size']);
  writer.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(maxBytes / pageSize))}`);
}

interface Parts {
  readonly guard: <Value>(step: () => Value | Promise<Value>) => Promise<Value>;
  readonly sha256: Sha256;
  readonly file: string;
}

function createStore({ writer, reader }: Connections, { guard, sha256, file }: Parts): Store {
  const ledger = createLedgerReader(reader);
  const documents = createDocumentReader(reader);
  const lease = createLeaseRow(writer);
  const transact = createTransact(writer);
  const writes = { append: createAppend(writer, sha256), ...createDocumentWriter(writer) };
  return {
    transaction: (work, { fence } = {}) =>
      guard(() =>
        transact(async () => {
          if (fence !== undefined) checkFence(fence, { lastFence: lease.read().fence, file });
          return runStep(writes, work);
        }),
      ),
    readAll: (afterPosition, limit) => guard(() => ledger.readAll(afterPosition, limit)),
    readStream: (stream) => guard(() => ledger.readStream(stream)),
    findByKey: (idempotencyKey) => guard(() => ledger.readByKey(idempotencyKey).at(-1)),
    head: () => guard(() => ledger.head()),
    get: (collection, id) => guard(() => documents.get(collection, id)),
    list: (collection) => guard(() => documents.list(collection)),
    listOutbox: () => guard(() => documents.listOutbox()),
    acquireLease: (request) => guard(() => transact(async () => lease.acquire(request))),
    releaseLease: (held) => guard(() => transact(async () => lease.release(held))),
    async close() {
      await transact.idle();
      // The writer closes last: the last connection folds the log into the file.
      reader.close();
      writer.close();
    },
  };
}

function checkFence(fence: number, { lastFence, file }: { lastFence: number; file: string }): void {
  if (fence === lastFence) return;
  const text = `another worker took over \`${file}\`: expected fence ${lastFence}, received ${fence}`;
  throw new DomainError('STALE_LEASE', text);
}
