import { Client } from 'pg';
import type { TestProject } from 'vitest/node';
import { CREATE_ROLES } from '#worker/store/postgres/roles.ts';
import { type Cluster, createCluster } from './cluster.ts';

declare module 'vitest' {
  // biome-ignore lint/style/useNamingConvention: the runner's own name
  interface ProvidedContext {
    /** Where the run's PostgreSQL server listens, or why there is none. */
    readonly postgres: { readonly url: string } | { readonly missing: string };
  }
}

let cluster: Cluster | undefined;

/** Starts the one PostgreSQL server of a run; where none can be had, the tests that need it say why and are left out. */
export async function setup(project: TestProject): Promise<void> {
  try {
    cluster = await createCluster();
    process.stdout.write(`PostgreSQL for this run: as ${cluster.runsAs}\n`);
    await createUser(cluster.url);
    project.provide('postgres', { url: cluster.url });
  } catch (error) {
    const missing = String(error);
    process.stdout.write(`PostgreSQL for this run: none; its tests are left out (${missing})\n`);
    project.provide('postgres', { missing });
  }
}

/** Ends the server and removes all it kept. */
export const teardown = async (): Promise<void> => cluster?.remove();

/** A user who owns nothing and may do what the two roles may. */
async function createUser(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(CREATE_ROLES);
  await client.query('CREATE ROLE dana LOGIN IN ROLE founder_hq_writer, founder_hq_reader');
  await client.end();
}
