import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { afterAll, beforeAll, inject } from 'vitest';
import type { Store } from '#worker/store/index.ts';
import { MIGRATIONS } from '#worker/store/postgres/migrations.ts';
import { openPostgresStore } from '#worker/store/postgres/postgres-store.ts';
import { toSchemaName } from '#worker/store/postgres/schema-name.ts';

const server = inject('postgres');

/** Whether this run has no server; the run has said why when it began. */
export const HAS_NO_POSTGRES = 'missing' in server;

/** The run's server, or nothing where there is none. */
export const POSTGRES_URL = 'url' in server ? server.url : '';

/** The same server for a user who owns nothing and has the two roles. */
export const DANA_URL = POSTGRES_URL.replace('postgres@', 'dana@');

/** A doc nobody has used: the run's files share one server. */
export const newDocId = (): string => `doc-${randomUUID()}`.slice(0, 30);

/** Asks the server as its superuser, with a doc's schema in sight. */
export async function askServer(text: string, docId = 'none'): Promise<unknown[]> {
  const client = new Client({ connectionString: POSTGRES_URL });
  await client.connect();
  try {
    await client.query(`SET search_path = "${toSchemaName(docId)}"`);
    return (await client.query({ text })).rows;
  } finally {
    await client.end();
  }
}

/**
 * Gives out stores that are empty, each of a doc of its own. To empty a schema is far quicker than to make one and to connect:
 * a store that is closed is only waited for, and given out again.
 */
export function useEmptyStores(url = POSTGRES_URL): () => Promise<Store> {
  const admin = new Client({ connectionString: POSTGRES_URL });
  const opened: Store[] = [];
  const free: (() => Promise<Store>)[] = [];
  if (!HAS_NO_POSTGRES) {
    beforeAll(() => admin.connect());
    afterAll(async () => {
      await Promise.all(opened.map((store) => store.close()));
      await admin.end();
    });
  }
  return async () => {
    const reuse = free.pop();
    if (reuse !== undefined) return reuse();
    const docId = newDocId();
    await (await openPostgresStore({ url: POSTGRES_URL, docId })).close();
    const store = await openPostgresStore({ url, docId });
    opened.push(store);
    const lent: Store = {
      ...store,
      async close() {
        await store.transaction(async () => undefined);
        free.push(async () => {
          await admin.query(`SET search_path = "${toSchemaName(docId)}"; ${EMPTY}`);
          return lent;
        });
      },
    };
    return lent;
  };
}

const TABLES = MIGRATIONS.flatMap(({ sql }) =>
  [...sql.matchAll(/CREATE TABLE (\w+)/g)].map(([, table]) => table),
);
const EMPTY = [
  // Only so the server lets go of what is kept for ever.
  'SET session_replication_role = replica',
  ...TABLES.map((table) => `DELETE FROM ${table}`),
  `INSERT INTO ledger_head VALUES (1, 0, repeat('0', 64))`,
].join('; ');
