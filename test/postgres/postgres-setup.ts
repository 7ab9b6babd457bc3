import type { TestProject } from 'vitest/node';
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
    project.provide('postgres', { url: cluster.url });
  } catch (error) {
    const missing = String(error);
    process.stdout.write(`PostgreSQL for this run: none; its tests are left out (${missing})\n`);
    project.provide('postgres', { missing });
  }
}

/** Ends the server and removes all it kept. */
export const teardown = async (): Promise<void> => cluster?.remove();
