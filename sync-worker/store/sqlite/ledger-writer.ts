import type { DatabaseSync } from 'node:sqlite';
import { toKeyText } from '../key-text.ts';
import type { IndexedAppend, RawEvent } from '../port.ts';

/** The two writes of a ledger: events, and then the append they are found by. */
export interface LedgerWriter {
  insertEvent(event: RawEvent): void;
  /** Its events are all that lie after those of the append before. */
  insertAppend(append: IndexedAppend): void;
}

/**
 * Writes the ledger over one connection, inside a transaction that holds the write lock. A write that fails undoes the whole
 * transaction: to undo it alone SQLite would copy pages before each, which cost a tenth of an append.
 */
export function createLedgerWriter(database: DatabaseSync): LedgerWriter {
  const event = database.prepare('INSERT OR ROLLBACK INTO events VALUES (?, ?, ?)');
  const append = database.prepare('INSERT OR ROLLBACK INTO appends VALUES (?, ?, ?, ?, ?)');
  return {
    insertEvent: ({ position, body, hash }) => void event.run(position, body, hash),
    insertAppend({ firstPosition, lastPosition, stream, firstVersion, idempotencyKey: key }) {
      const keyText = key === undefined ? null : toKeyText(key);
      append.run(toKeyText(stream), firstVersion, firstPosition, lastPosition, keyText);
    },
  };
}
