import type { Store } from './port.ts';
import { openSqliteStore } from './sqlite/sqlite-store.ts';

/** Which doc's store to open, and where it lies. */
export interface StorePlace {
  /** A path, or `postgres://user:password@host:port/database`. */
  readonly store: string;
  readonly docId: string;
}

/** Opens a doc's store where the text says: in a PostgreSQL database if it is the URL of one, else in a SQLite file. Errors: as those two. */
export async function openStore({ store, docId }: StorePlace): Promise<Store> {
  if (!/^postgres(ql)?:\/\//i.test(store)) return openSqliteStore({ file: store });
  // Who keeps the ledger in a file does not wait for the client of a server to be read.
  const { openPostgresStore } = await import('./postgres/postgres-store.ts');
  return openPostgresStore({ url: store, docId });
}
