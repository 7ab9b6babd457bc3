import type { Sha256 } from '#shared/kernel/index.ts';
import { checkFence } from '../decide-lease.ts';
import type { Store } from '../port.ts';
import { runStep } from '../run-step.ts';
import { sha256 as nativeSha256 } from '../sha256.ts';
import { createTransactionQueue } from '../transaction-queue.ts';
import { createCollectionReader, createCollectionWriter } from './collection-table.ts';
import { integerOf } from './column.ts';
import { dumpFile, fillDatabase, readIndexOf } from './dump-file.ts';
import { createLeaseReader, createLeaseTable } from './lease-table.ts';
import { createAppend, createLedgerReader } from './ledger-table.ts';
import { type Connections, openDatabase } from './open-database.ts';
import { createPutRecords, createRecordReader } from './record-table.ts';
import { toStoreError } from './store-error.ts';
import { createTransact } from './transact.ts';
import { type Every, everyByTimer, watchFile } from './watch-file.ts';

/** How a store is opened. */
export interface SqliteStoreOptions {
  /** Path of the file; it is made where it is missing, its folder is not. */
  readonly file: string;
  /** @default the platform's */
  readonly sha256?: Sha256;
  /** The most the file may take; beyond it every write answers `DISK_FULL`. Units: bytes. @default no limit but the disk's */
  readonly maxBytes?: number;
  /** Calls for a look at what other processes wrote. @default a timer that keeps no process alive */
  readonly every?: Every;
}

/**
 * Opens the store in a SQLite file, or makes it. Several processes may hold it open: their transactions wait for each other.
 * Errors: `DomainError` `STORE_CORRUPT`, `STORE_NEWER`, `MIGRATION_CHANGED`, `STORE_IN_USE`, `STORE_READ_ONLY`, `STORE_UNREADABLE`,
 * `STORE_UNSAFE`, `DISK_FULL`, `DISK_FAILED`; the store's own calls answer the last two, `STORE_IN_USE`, `STORE_CORRUPT` and what the port names.
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
    const { sha256 = nativeSha256, every = everyByTimer } = options;
    return createStore(connections, { guard, sha256, every, file });
  });
}

function limitSize({ writer }: Connections, maxBytes: number): void {
  const pageSize = integerOf(writer.prepare('PRAGMA page_size').get(), 'page_size');
  writer.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(maxBytes / pageSize))}`);
}

interface Parts {
  readonly guard: <Value>(step: () => Value | Promise<Value>) => Promise<Value>;
  readonly sha256: Sha256;
  readonly every: Every;
  readonly file: string;
}

function createStore(
  { writer, reader }: Connections,
  { guard, sha256, every, file }: Parts,
): Store {
  const ledger = createLedgerReader(reader);
  const collections = createCollectionReader(reader);
  const records = createRecordReader(reader);
  const leases = createLeaseTable(writer);
  const leaseReader = createLeaseReader(reader);
  const queue = createTransactionQueue();
  const transact = createTransact(writer, queue);
  const append = createAppend(writer, sha256);
  const putRecords = createPutRecords(writer);
  const writes = { append, putRecords, ...createCollectionWriter(writer) };
  const feed = watchFile(reader, every);
  const land: typeof transact = (work) =>
    guard(async () => {
      const value = await transact(work);
      feed.look();
      return value;
    });
  return {
    transaction: (work, { under } = {}) =>
      land(async () => {
        if (under !== undefined) checkFence(under, leases.read(under.name));
        return runStep(writes, work);
      }),
    readAll: (afterPosition, limit) => guard(() => ledger.readAll(afterPosition, limit)),
    readStream: (stream) => guard(() => ledger.readStream(stream)),
    readRaw: (afterPosition, limit) => guard(() => ledger.readRaw(afterPosition, limit)),
    readIndex: () => guarded(readIndexOf(file), file),
    findByKey: (idempotencyKey) => guard(() => ledger.readByKey(idempotencyKey).at(-1)),
    head: () => guard(() => ledger.head()),
    get: (collection, id) => guard(() => collections.get(collection, id)),
    list: (collection) => guard(() => collections.list(collection)),
    getRecord: (table, id) => guard(() => records.getRecord(table, id)),
    listRecords: (table, filter) => guard(() => records.listRecords(table, filter)),
    listOutbox: () => guard(() => collections.listOutbox()),
    acquireLease: (request) => guard(() => transact(async () => leases.acquire(request))),
    readLease: (name) => guard(() => leaseReader.read(name)),
    releaseLease: (held) => guard(() => transact(async () => leases.release(held))),
    watch: (onAppended) =>
      guard(() => {
        const end = feed.watch(onAppended);
        return async () => end();
      }),
    dump: () => guarded(dumpFile(file), file),
    fill: (rows) => land(() => fillDatabase(writer, rows)),
    async close() {
      await queue.idle();
      feed.stop();
      // The writer closes last: the last connection folds the log into the file.
      reader.close();
      writer.close();
    },
  };
}

/** The same rows, with every failure of SQLite as one of the store. */
async function* guarded<Value>(rows: Iterable<Value>, file: string): AsyncGenerator<Value> {
  try {
    yield* rows;
  } catch (error) {
    throw toStoreError(error, file);
  }
}
