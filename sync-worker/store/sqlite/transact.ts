import type { DatabaseSync } from 'node:sqlite';
import type { TransactionQueue } from '../transaction-queue.ts';
import { untilFree } from './open-database.ts';
import { explainReference } from './record-table.ts';
import { isConstraint } from './store-error.ts';

/** Runs work in a durable transaction, one at a time. */
export type Transact = <Value>(work: () => Promise<Value>) => Promise<Value>;

/** Durable transactions over one connection, in the order of its queue. */
export const createTransact =
  (database: DatabaseSync, queue: TransactionQueue): Transact =>
  (work) =>
    queue.run(() => runInTransaction(database, work));

async function runInTransaction<Value>(
  database: DatabaseSync,
  work: () => Promise<Value>,
): Promise<Value> {
  // IMMEDIATE takes the write lock before anything is read, so that what is read still holds when it is written.
  await untilFree(() => database.exec('BEGIN IMMEDIATE'));
  try {
    const value = await work();
    commit(database);
    return value;
  } catch (error) {
    // SQLite has already rolled back by itself after some failures, a full disk among them.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** References are judged here, when all of a step is written. */
function commit(database: DatabaseSync): void {
  try {
    database.exec('COMMIT');
  } catch (error) {
    throw (isConstraint(error) ? explainReference(database, error) : undefined) ?? error;
  }
}
