import { Client, type ClientConfig } from 'pg';
import { toConnectError } from './postgres-error.ts';

/** One conversation with the server, or a pool of them. */
export interface Session {
  query(question: Question): Promise<{ rows: unknown[]; command: string }>;
}

/** A question to the server. One with a name is read and planned once in a conversation. */
export interface Question {
  readonly text: string;
  readonly values?: unknown[];
  readonly name?: string;
}

/** Where a doc's store lies and as whom it is worked on. */
export interface Place {
  readonly url: string;
  readonly schema: string;
  /** The URL without its password, as it may appear in messages. */
  readonly name: string;
}

/** What a conversation is for: each has rights of its own where the two roles are set up. */
export type Purpose = 'write' | 'read';

const CONNECT_TIMEOUT_MS = 10_000;
/** Longer than any question of the store takes on a healthy server. */
const STATEMENT_TIMEOUT_MS = 60_000;
/** How long a step waits for the step of another process. */
const LOCK_TIMEOUT_MS = 20_000;
/** A process that hangs inside a step must not hold the ledger for ever. */
const IDLE_TIMEOUT_MS = 120_000;

/** The roles of the two purposes, as roles.ts sets them up. */
export const ROLES = { write: 'founder_hq_writer', read: 'founder_hq_reader' } as const;

/** How to connect: only the doc's schema in sight, every commit on disk before it is answered, no wait without a bound. */
export function toClientConfig({ url, schema }: Place, role?: string): ClientConfig {
  const settings = {
    search_path: `"${schema}"`,
    synchronous_commit: 'on',
    standard_conforming_strings: 'on',
    ...(role === undefined ? {} : { role }),
  };
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  return {
    connectionString: url,
    options: options.join(' '),
    // So that whoever looks after the server sees which doc is worked on.
    application_name: schema.slice(0, 63),
    client_encoding: 'UTF8',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_TIMEOUT_MS,
    keepAlive: true,
    // What is asked without waiting for the answer before goes out at once.
    pipeline: true,
  };
}

/** A connected client. That its server goes away while nobody asks is no error: the next question tells. */
export async function connect(place: Place, role?: string): Promise<Client> {
  let client: Client | undefined;
  try {
    client = new Client(toClientConfig(place, role));
    client.on('error', () => undefined);
    await client.connect();
    return client;
  } catch (error) {
    await client?.end().catch(() => undefined);
    throw toConnectError(error, place.name);
  }
}
