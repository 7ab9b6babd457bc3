import * as z from 'zod/mini';
import { canonicalJson, type Json } from '#shared/ledger/index.ts';
import { fromKeyText, toKeyText } from '../key-text.ts';
import type { OutboxItem, StoreTransaction } from '../port.ts';
import { readStoredJson } from '../read-event.ts';
import type { Session } from './session.ts';
import type { Step } from './step.ts';

/** The questions of what is kept beside the ledger: small documents and the outbox. */
export interface DocumentReader {
  get(collection: string, id: string): Promise<Json | undefined>;
  list(collection: string): Promise<ReadonlyMap<string, Json>>;
  listOutbox(): Promise<readonly OutboxItem[]>;
}

/** The writes of what is kept beside the ledger. */
export type DocumentWriter = Pick<
  StoreTransaction,
  'put' | 'remove' | 'putOutbox' | 'removeOutbox'
>;

const documentsSchema = z.array(z.object({ id: z.string(), body: z.string() }));
const itemSchema = z.object({
  id: z.string(),
  table: z.string(),
  key: z.string(),
  cells: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  sentAtMs: z.exactOptional(z.number()),
  requestId: z.exactOptional(z.string()),
});

/** Reads documents and the outbox. */
export function createDocumentReader(session: Session): DocumentReader {
  const ask = async (text: string, values: unknown[]) =>
    documentsSchema
      .parse((await session.query({ text, values })).rows)
      .map(({ id, body }): readonly [string, Json] => [fromKeyText(id), readStoredJson(body)]);
  return {
    async get(collection, id) {
      const text = 'SELECT id, body FROM collections WHERE collection = $1 AND id = $2';
      return (await ask(text, [toKeyText(collection), toKeyText(id)]))[0]?.[1];
    },
    async list(collection) {
      const text = 'SELECT id, body FROM collections WHERE collection = $1 ORDER BY id';
      return new Map(await ask(text, [toKeyText(collection)]));
    },
    async listOutbox() {
      const items = await ask('SELECT id, body FROM outbox ORDER BY number', []);
      return items.map(([, body]) => itemSchema.parse(body));
    },
  };
}

/** Writes documents and the outbox. A newer outbox item takes the place of the older one for its row. */
export function createDocumentWriter(send: Step['send']): DocumentWriter {
  const write = async (text: string, values: unknown[]) => send({ text, values });
  return {
    put: (collection, id, body) =>
      write(
        `INSERT INTO collections VALUES ($1, $2, $3)
        ON CONFLICT (collection, id) DO UPDATE SET body = excluded.body`,
        [toKeyText(collection), toKeyText(id), canonicalJson(body)],
      ),
    remove: (collection, id) =>
      write('DELETE FROM collections WHERE collection = $1 AND id = $2', [
        toKeyText(collection),
        toKeyText(id),
      ]),
    async putOutbox(items) {
      // The last of an id counts, and it stands where the first stood.
      const bodies = new Map(items.map((item) => [toKeyText(item.id), canonicalJson({ ...item })]));
      if (bodies.size === 0) return;
      // The head is locked, so nobody else takes these numbers meanwhile.
      await write(
        `INSERT INTO outbox (number, id, body)
        SELECT (SELECT coalesce(max(number), 0) FROM outbox) + given.place, given.id, given.body
        FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS given (id, body, place)
        ON CONFLICT (id) DO UPDATE SET body = excluded.body`,
        [[...bodies.keys()], [...bodies.values()]],
      );
    },
    removeOutbox: (ids) => write('DELETE FROM outbox WHERE id = ANY($1)', [ids.map(toKeyText)]),
  };
}
