import { DatabaseSync } from 'node:sqlite';
import { findPending } from './migrate.ts';
import { MIGRATIONS } from './migrations.ts';
import { toStoreError } from './store-error.ts';

/** How many steps a store's file lacks until it is as this program needs it; it is only read. Errors: as `openSqliteStore`. */
export function countPendingSteps(file: string): number {
  try {
    const database = new DatabaseSync(file, { readOnly: true });
    try {
      return findPending({ database, file }, MIGRATIONS).length;
    } finally {
      database.close();
    }
  } catch (error) {
    throw toStoreError(error, file);
  }
}
