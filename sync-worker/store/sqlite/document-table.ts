import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod/mini';
import { canonicalJson, type Json } from '#shared/ledger/index.ts';
import type { OutboxItem } from '../port.ts';

/** The questions of what is kept beside the ledger: documents and the outbox. */
export interface DocumentReader {
  get(collection: string, id: string): Json | undefined;
  list(collection: string): ReadonlyMap<string, Json>;
  listOutbox(): readonly OutboxItem[];
}

/** The writes of what is kept beside the ledger. */
export interface DocumentWriter {
  put(collection: string, id: string, body: Json): void;
  remove(collection: string, id: string): void;
  putOutbox(items: readonly OutboxItem[]): void;
  removeOutbox(ids: readonly string[]): void;
}

const documentsSchema = z.array(z.object({ id: z.string(), body: z.string() }));
const itemSchema = z.object({
  id: z.string(),
  table: z.string(),
  key: z.string(),
  cells: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  sentAtMs: z.exactOptional(z.number()),
  requestId: z.exactOptional(z.string()),
});

/** Reads documents and the outbox over one connection. */
export function createDocumentReader(database: DatabaseSync): DocumentReader {
  const one = database.prepare('SELECT id, body FROM document WHERE collection = ? AND id = ?');
  const all = database.prepare('SELECT id, body FROM document WHERE collection = ? ORDER BY id');
  const outbox = database.prepare('SELECT id, body FROM outbox ORDER BY number');
  return {
    get: (collection, id) => toEntries(one.all(collection, id))[0]?.[1],
    list: (collection) => new Map(toEntries(all.all(collection))),
    listOutbox: () => toEntries(outbox.all()).map(([, body]) => itemSchema.parse(body)),
  };
}

/** Writes documents and the outbox over one connection. A newer outbox item takes the place of the older one for its row. */
export function createDocumentWriter(database: DatabaseSync): DocumentWriter {
  const put = database.prepare(`INSERT INTO document VALUES (?, ?, ?)
    ON CONFLICT (collection, id) DO UPDATE SET body = excluded.body`);
  const remove = database.prepare('DELETE FROM document WHERE collection = ? AND id = ?');
  const putItem = database.prepare(`INSERT INTO outbox (id, body) VALUES (?, ?)
    ON CONFLICT (id) DO UPDATE SET body = excluded.body`);
  const removeItem = database.prepare('DELETE FROM outbox WHERE id = ?');
  return {
    put: (collection, id, body) => void put.run(collection, id, canonicalJson(body)),
    remove: (collection, id) => void remove.run(collection, id),
    putOutbox(items) {
      for (const item of items) putItem.run(item.id, canonicalJson({ ...item }));
    },
    removeOutbox(ids) {
      for (const id of ids) removeItem.run(id);
    },
  };
}

const toEntries = (rows: readonly unknown[]): readonly (readonly [string, Json])[] =>
  documentsSchema.parse(rows).map(({ id, body }) => [id, JSON.parse(body)]);
