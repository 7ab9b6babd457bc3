import { AsyncLocalStorage } from 'node:async_hooks';
import type { DatabaseSync } from 'node:sqlite';
import { assert } from '#shared/kernel/index.ts';
import { untilFree } from './open-database.ts';

/** Runs work in a durable transaction, one at a time. */
export type Transact = <Value>(work: () => Promise<Value>) => Promise<Value>;

/** Queues the transactions of one connection: what begins while another is open waits until it has landed. */
export function createTransact(database: DatabaseSync): Transact & { idle(): Promise<void> } {
  let last: Promise<unknown> = Promise.resolve();
  const inside = new AsyncLocalStorage<boolean>();
  const transact: Transact = (work) => {
    // It would wait for the one it is part of, and that one for it.
    assert(inside.getStore() !== true, 'a transaction was begun inside another');
    const turn = last.then(() => inside.run(true, () => runInTransaction(database, work)));
    // The next one does not care how this one ended; its own caller is told.
    last = turn.catch(() => undefined);
    return turn;
  };
  return Object.assign(transact, { idle: async () => void (await last) });
}

async function runInTransaction<Value>(
  database: DatabaseSync,
  work: () => Promise<Value>,
): Promise<Value> {
  // IMMEDIATE takes the write lock before anything is read, so that what is read still holds when it is written.
  await untilFree(() => database.exec('BEGIN IMMEDIATE'));
  try {
    const value = await work();
    database.exec('COMMIT');
    return value;
  } catch (error) {
    // SQLite has already rolled back by itself after some failures, a full disk among them.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
