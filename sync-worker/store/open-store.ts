import type { Store } from './port.ts';
import { openPostgresStore } from './postgres/postgres-store.ts';
import { openSqliteStore } from './sqlite/sqlite-store.ts';

/** Which doc's store to open, and where it lies. */
export interface StorePlace {
  /** A path, or `postgres://user:password@host:port/database`. */
  readonly store: string;
  readonly docId: string;
}

/** Opens a doc's store where the text says: in a PostgreSQL database if it is the URL of one, else in a SQLite file. Errors: as those two. */
export async function openStore({ store, docId }: StorePlace): Promise<Store> {
  return /^postgres(ql)?:\/\//i.test(store)
    ? openPostgresStore({ url: store, docId })
    : openSqliteStore({ file: store });
}
