import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod/mini';
import { DomainError } from '#shared/kernel/index.ts';
import { canonicalJson, type Json } from '#shared/ledger/index.ts';
import { fromKeyText, toKeyText } from '../key-text.ts';
import type { OutboxItem } from '../port.ts';
import { readStoredJson } from '../read-event.ts';
import { type Row, textOf } from './column.ts';

/** The questions of what is kept beside the ledger: small documents and the outbox. */
export interface CollectionReader {
  get(collection: string, id: string): Json | undefined;
  list(collection: string): ReadonlyMap<string, Json>;
  listOutbox(): readonly OutboxItem[];
}

/** The writes of what is kept beside the ledger. */
export interface CollectionWriter {
  put(collection: string, id: string, body: Json): void;
  remove(collection: string, id: string): void;
  putOutbox(items: readonly OutboxItem[]): void;
  removeOutbox(ids: readonly string[]): void;
}

const itemSchema = z.object({
  id: z.string(),
  table: z.string(),
  key: z.string(),
  cells: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  sentAtMs: z.exactOptional(z.number()),
  requestId: z.exactOptional(z.string()),
});

/** Reads small documents and the outbox over one connection. */
export function createCollectionReader(database: DatabaseSync): CollectionReader {
  const one = database.prepare('SELECT body FROM collections WHERE collection = ? AND id = ?');
  const all = database.prepare('SELECT id, body FROM collections WHERE collection = ? ORDER BY id');
  const outbox = database.prepare('SELECT body FROM outbox ORDER BY number');
  return {
    get(collection, id) {
      const row = one.get(toKeyText(collection), toKeyText(id));
      return row === undefined ? undefined : toBody(row);
    },
    list: (collection) =>
      new Map(
        all.all(toKeyText(collection)).map((row) => [fromKeyText(textOf(row, 'id')), toBody(row)]),
      ),
    listOutbox: () => outbox.all().map((row) => toItem(toBody(row))),
  };
}

/** Writes small documents and the outbox over one connection. A newer outbox item takes the place of the older one for its row. */
export function createCollectionWriter(database: DatabaseSync): CollectionWriter {
  const put = database.prepare(`INSERT INTO collections VALUES (?, ?, ?)
    ON CONFLICT (collection, id) DO UPDATE SET body = excluded.body`);
  const remove = database.prepare('DELETE FROM collections WHERE collection = ? AND id = ?');
  const putItem = database.prepare(`INSERT INTO outbox (id, body) VALUES (?, ?)
    ON CONFLICT (id) DO UPDATE SET body = excluded.body`);
  const removeItem = database.prepare('DELETE FROM outbox WHERE id = ?');
  return {
    put: (collection, id, body) =>
      void put.run(toKeyText(collection), toKeyText(id), canonicalJson(body)),
    remove: (collection, id) => void remove.run(toKeyText(collection), toKeyText(id)),
    putOutbox(items) {
      for (const item of items) putItem.run(toKeyText(item.id), canonicalJson({ ...item }));
    },
    removeOutbox(ids) {
      for (const id of ids) removeItem.run(toKeyText(id));
    },
  };
}

const toBody = (row: Row): Json => readStoredJson(textOf(row, 'body'));

function toItem(body: Json): OutboxItem {
  const read = itemSchema.safeParse(body);
  if (read.success) return read.data;
  const detail = z.prettifyError(read.error);
  throw new DomainError('STORE_CORRUPT', `the outbox holds a row that is none: ${detail}`);
}
