import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { inject } from 'vitest';
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

/** Opens stores of one doc after the other, each empty: to empty a schema is far quicker than to make one. */
export function createEmptyStores(url = POSTGRES_URL): () => Promise<Store> {
  const docId = newDocId();
  let isMade = false;
  return async () => {
    if (isMade) await askServer(EMPTY, docId);
    else await (await openPostgresStore({ url: POSTGRES_URL, docId })).close();
    isMade = true;
    return openPostgresStore({ url, docId });
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
