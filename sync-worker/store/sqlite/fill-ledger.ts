import type { DatabaseSync } from 'node:sqlite';
import type { IndexedAppend, RawEvent } from '../port.ts';
import { readPlaced } from './claimed-events.ts';
import { createLedgerWriter } from './ledger-writer.ts';

/** Writes a ledger that was read elsewhere, event by event. */
export interface LedgerFiller {
  readonly add: (event: RawEvent) => void;
  /** To be called after the last event, which does not count before. */
  readonly end: () => void;
}

/**
 * Fills an empty ledger. Which append brought an event is told by its text: neighbours of one stream and one key form one.
 * Errors: `DomainError` `STORE_CORRUPT` for what is no event, a constraint of SQLite for one that does not continue the ledger or its stream.
 */
export function createLedgerFiller(database: DatabaseSync): LedgerFiller {
  const writer = createLedgerWriter(database);
  let append: IndexedAppend | undefined;
  const end = (): void => {
    if (append !== undefined) writer.insertAppend(append);
    append = undefined;
  };
  return {
    add(raw) {
      const { position, stream, version, idempotencyKey } = readPlaced(raw);
      const isNeighbour =
        append?.stream === stream &&
        append.idempotencyKey === idempotencyKey &&
        append.firstVersion - append.firstPosition === version - position;
      if (!isNeighbour) end();
      append ??= {
        firstPosition: position,
        lastPosition: position,
        stream,
        firstVersion: version,
        ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      };
      append = { ...append, lastPosition: position };
      writer.insertEvent(raw);
    },
    end,
  };
}
