import { statSync } from 'node:fs';
import { learnSecretOfUrl } from '#worker/secrets/index.ts';
import { toMissingStore } from './missing-store.ts';
import type { Store } from './port.ts';
import { isServerUrl } from './postgres/store-url.ts';
import { openSqliteStore } from './sqlite/sqlite-store.ts';

/** Which doc's store to open, and where it lies. */
export interface StorePlace {
  /** A path, or `postgres://user:password@host:port/database`. */
  readonly store: string;
  readonly docId: string;
  /** Whether a store that is not there is refused instead of made. @default false */
  readonly mustExist?: boolean;
}

/**
 * Opens a doc's store where the text says: in a PostgreSQL database if it is the URL of one, else in a SQLite file.
 * Errors: as those two, and `DomainError` `STORE_MISSING`.
 */
export async function openStore(place: StorePlace): Promise<Store> {
  const { store, docId, mustExist = false } = place;
  if (isServerUrl(store)) {
    learnSecretOfUrl(store);
    // Who keeps the ledger in a file does not wait for the client of a server to be read.
    const { openPostgresStore } = await import('./postgres/postgres-store.ts');
    return openPostgresStore({ url: store, docId, mustExist });
  }
  if (mustExist && isEmpty(store)) throw toMissingStore(docId, store);
  return openSqliteStore({ file: store });
}

/** Whether a file is not there, or so short that SQLite would take it for a new database: a ledger that lost all must not pass for whole. */
const isEmpty = (file: string): boolean =>
  (statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0;
