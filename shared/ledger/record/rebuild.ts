import type { Sha256 } from '#shared/kernel/index.ts';
import type { Envelope } from '../envelope.ts';
import { applyEnvelope, openBooks } from './books.ts';
import { listParts } from './count-parts.ts';
import { ENTITY_TABLES, type TableDocument, toDocument } from './document.ts';
import { readDocument } from './document-event.ts';
import type { Entry } from './entry.ts';

/** Every document of every table, as all events from the first leave them: what a store's tables must equal. A run without a definition is a person's, and has no table. */
export function rebuildDocuments(
  events: Iterable<Envelope>,
  sha256: Sha256,
): readonly TableDocument[] {
  const books = openBooks();
  const documents = new Map<string, TableDocument>();
  for (const event of events) {
    applyEnvelope(books, event, sha256);
    const carried = readDocument(event.payload);
    if (carried !== undefined) documents.set(`${carried.table}/${carried.id}`, carried);
  }
  const parts = listParts(books);
  const entries: readonly Entry[] = Object.values(books).flatMap((some) => [...some.values()]);
  for (const entry of entries.filter(({ definition }) => Object.keys(definition).length > 0)) {
    const table = ENTITY_TABLES[entry.entity];
    documents.set(`${table}/${entry.id}`, {
      table,
      id: entry.id,
      document: toDocument(entry, parts),
    });
  }
  return [...documents.values()];
}
