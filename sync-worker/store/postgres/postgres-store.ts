import { type Client, Pool } from 'pg';
import * as z from 'zod/mini';
import { DomainError, type Sha256 } from '#shared/kernel/index.ts';
import { checkFence } from '../decide-lease.ts';
import { toMissingStore } from '../missing-store.ts';
import type { IndexedAppend, Store, StoredRecord, StoreTransaction } from '../port.ts';
import { readEvent } from '../read-event.ts';
import type { RecordTableName } from '../record-tables.ts';
import { runStep, type StepWrites } from '../run-step.ts';
import { sha256 as nativeSha256 } from '../sha256.ts';
import { createDocumentReader, createDocumentWriter } from './document-table.ts';
import { dumpRows, fillRows } from './dump.ts';
import { acquireLease, readLease, releaseLease } from './lease-table.ts';
import { createAppend, createLedgerReader } from './ledger-table.ts';
import { migrate } from './migrate.ts';
import { MIGRATIONS } from './migrations.ts';
import { isRefused, toStoreError } from './postgres-error.ts';
import {
  getRecord,
  listRecords,
  putRecords,
  toOpenReference,
  type Written,
} from './record-table.ts';
import { toGrants } from './roles.ts';
import { toSchemaName } from './schema-name.ts';
import { connect, type Place, ROLES, toClientConfig } from './session.ts';
import type { Step } from './step.ts';
import { nameOfUrl } from './store-url.ts';
import { createWriter, type Writer } from './transact.ts';
import { createTurns } from './turns.ts';
import { watchEvents } from './watch.ts';

/** How a store is opened. */
export interface PostgresStoreOptions {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string;
  /** The doc: its store lies in a schema of its own. */
  readonly docId: string;
  /** Whether a doc that has no schema yet is refused instead of given one. @default false */
  readonly mustExist?: boolean;
  /** @default the platform's */
  readonly sha256?: Sha256;
}

/** Enough for what one worker asks at once. */
const READERS = 3;
const INDEX_PAGE_SIZE = 1_000;

/**
 * Opens a doc's store in a PostgreSQL database, or makes it where the user may. Several processes may hold it open: their
 * transactions wait for each other. Where the user has the two roles of `CREATE_ROLES`, all is done under them.
 * Errors: `DomainError` `STORE_MISSING`, `STORE_UNREACHABLE`, `STORE_IN_USE`, `STORE_READ_ONLY`, `STORE_UNREADABLE`, `STORE_UNSAFE`, `STORE_CORRUPT`,
 * `STORE_NEWER`, `MIGRATION_CHANGED`, `DISK_FULL`, `DISK_FAILED`; the store's own calls answer the first two, the last two,
 * `RECORD_REFUSED` and `STALE_LEASE`.
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<Store> {
  const { url, docId, mustExist = false } = options;
  const place = { url, schema: toSchemaName(docId), name: nameOfUrl(url) };
  const guard = async <Value>(step: () => Promise<Value>): Promise<Value> => {
    try {
      return await step();
    } catch (error) {
      throw toStoreError(error, place.name);
    }
  };
  return guard(async () => {
    const roles = await prepare(place, mustExist ? docId : undefined);
    const reconnect = async (): Promise<Client> => connect(place, roles.write);
    const writer = createWriter(await reconnect(), reconnect, place.name);
    const readers = new Pool({ ...toClientConfig(place, roles.read), max: READERS });
    readers.on('error', () => undefined);
    const sha256 = options.sha256 ?? nativeSha256;
    return createStore({ place, writer, readers, roles, guard, sha256 });
  });
}

/** The roles a user works under; none where they were not set up for it. */
interface Roles {
  readonly write?: string;
  readonly read?: string;
}

const settingsSchema = z.tuple([
  z.object({
    fsync: z.string(),
    full_page_writes: z.string(),
    synchronous_commit: z.string(),
    encoding: z.string(),
    has_roles: z.boolean(),
    has_schema: z.boolean(),
  }),
]);

/**
 * Brings the schema up to date as the user that was named, and reads back what makes a commit durable. A doc that is named has to
 * have its schema already.
 */
async function prepare(place: Place, keptDocId: string | undefined): Promise<Roles> {
  const client = await connect(place);
  try {
    const text = `SELECT current_setting('fsync') AS fsync,
      current_setting('full_page_writes') AS full_page_writes,
      current_setting('synchronous_commit') AS synchronous_commit,
      current_setting('server_encoding') AS encoding,
      (SELECT count(*) = 2 AND bool_and(pg_has_role(oid, 'MEMBER')) FROM pg_roles
        WHERE rolname IN ('${ROLES.write}', '${ROLES.read}')) AS has_roles,
      EXISTS (SELECT FROM pg_namespace WHERE nspname = $1) AS has_schema`;
    const { rows } = await client.query({ text, values: [place.schema] });
    const [settings] = settingsSchema.parse(rows);
    const { has_roles, has_schema, ...durable } = settings;
    if (keptDocId !== undefined && !has_schema) throw toMissingStore(keptDocId, place.name);
    const received = JSON.stringify(durable);
    const expected = {
      fsync: 'on',
      full_page_writes: 'on',
      synchronous_commit: 'on',
      encoding: 'UTF8',
    };
    if (received !== JSON.stringify(expected)) {
      const facts = `expected \`${JSON.stringify(expected)}\`, received \`${received}\``;
      const message = `\`${place.name}\` cannot be kept safe (${facts}); change the server's settings`;
      throw new DomainError('STORE_UNSAFE', message);
    }
    await migrate(client, place, { migrations: MIGRATIONS, grants: toGrants(place.schema) });
    return has_roles ? ROLES : {};
  } finally {
    await client.end();
  }
}

interface Parts {
  readonly place: Place;
  readonly writer: Writer;
  readonly readers: Pool;
  readonly roles: Roles;
  readonly guard: <Value>(step: () => Promise<Value>) => Promise<Value>;
  readonly sha256: Sha256;
}

function createStore({ place, writer, readers, roles, guard, sha256 }: Parts): Store {
  const ledger = createLedgerReader(readers);
  const documents = createDocumentReader(readers);
  const connectReader = (): Promise<Client> => connect(place, roles.read);
  return {
    transaction: (work, { under } = {}) =>
      guard(() =>
        writer.run(async (step) => {
          if (under !== undefined) checkFence(under, await readLease(step.session, under.name));
          return runWrites({ step, sha256 }, work);
        }),
      ),
    readAll: (afterPosition, limit) =>
      guard(async () => (await ledger.readRaw(afterPosition, limit)).map(readEvent)),
    readRaw: (afterPosition, limit) => guard(() => ledger.readRaw(afterPosition, limit)),
    readIndex: () => readPages((last) => guard(() => ledger.readAppends(last, INDEX_PAGE_SIZE))),
    readStream: (stream) => guard(() => ledger.readStream(stream)),
    findByKey: (idempotencyKey) => guard(() => ledger.findByKey(idempotencyKey)),
    head: () => guard(() => ledger.head()),
    get: (collection, id) => guard(() => documents.get(collection, id)),
    list: (collection) => guard(() => documents.list(collection)),
    listOutbox: () => guard(() => documents.listOutbox()),
    getRecord: (table, id) => guard(() => getRecord(readers, table, id)),
    listRecords: (table, filter) => guard(() => listRecords(readers, table, filter)),
    acquireLease: (request) =>
      guard(() => writer.run(({ session }) => acquireLease(session, request))),
    readLease: (name) => guard(() => readLease(readers, name)),
    releaseLease: (lease) => guard(() => writer.run(({ session }) => releaseLease(session, lease))),
    watch: (onAppended) =>
      guard(() => watchEvents({ schema: place.schema, connect: connectReader }, onAppended)),
    dump: () => dumpOver(connectReader, place.name),
    fill: (rows) => guard(() => writer.run(({ session }) => fillRows(session, rows))),
    async close() {
      await writer.close();
      await readers.end();
    },
  };
}

async function* readPages(read: (afterPosition: number) => Promise<readonly IndexedAppend[]>) {
  let page = await read(Number.MIN_SAFE_INTEGER);
  for (let last = page.at(-1); last !== undefined; last = page.at(-1)) {
    yield* page;
    page = await read(last.lastPosition);
  }
}

interface StepParts {
  readonly step: Step;
  readonly sha256: Sha256;
}

/** Runs a step's work, and judges the references it leaves before it lands, while it is known who wrote them. */
async function runWrites<Value>(
  { step, sha256 }: StepParts,
  work: (transaction: StoreTransaction) => Promise<Value>,
): Promise<Value> {
  const { session } = step;
  const append = createAppend(step, sha256);
  const documents = createDocumentWriter(step.send);
  const written: Written[] = [];
  // A step may ask for its next write before the last is answered; an append must then find what the last one left.
  const { inTurn, done } = createTurns();
  const writes: StepWrites = {
    append: inTurn(append),
    put: inTurn(documents.put),
    remove: inTurn(documents.remove),
    putOutbox: inTurn(documents.putOutbox),
    removeOutbox: inTurn(documents.removeOutbox),
    putRecords: inTurn(async (table: RecordTableName, records: readonly StoredRecord[]) => {
      await putRecords(session, table, records);
      written.push({ table, records });
    }),
  };
  const value = await runStep(writes, work);
  await done();
  if (written.length === 0) return value;
  try {
    await session.query({ text: 'SET CONSTRAINTS ALL IMMEDIATE' });
    return value;
  } catch (error) {
    throw isRefused(error) ? toOpenReference(error, written) : error;
  }
}

async function* dumpOver(open: () => Promise<Client>, name: string) {
  let client: Client | undefined;
  try {
    client = await open();
    yield* dumpRows(client);
  } catch (error) {
    throw toStoreError(error, name);
  } finally {
    await client?.end();
  }
}
