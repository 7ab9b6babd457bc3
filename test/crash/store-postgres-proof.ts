import { createCluster } from '../postgres/cluster.ts';
import { proveReadersSkipNothing } from './store-postgres-readers.ts';
import { provePostgresStops } from './store-postgres-stops.ts';

/** How much is asked of the proof; a test runs a small one. */
export interface PostgresProofRequest {
  /** @default 20 */
  readonly stops?: number;
  /** @default 200,000 */
  readonly events?: number;
  readonly seed: number;
  /** Is told each figure. */
  readonly say: (line: string) => void;
}

/** Whether a PostgreSQL store loses, doubles and skips nothing: over sudden ends of its server, and under readers that begin again. */
export async function provePostgres(request: PostgresProofRequest): Promise<boolean> {
  const { stops = 20, events = 200_000, seed, say } = request;
  const ended = await provePostgresStops({ stops, seed });
  say(`PostgreSQL, seed ${seed}: ${ended.stops} sudden ends, ${ended.acknowledged} acknowledged`);
  say(`  ${ended.lost.length} lost, ${ended.doubled.length} doubled of ${ended.events} events`);
  say(`  chain ${ended.brokenAt === undefined ? 'intact' : `broken at ${ended.brokenAt}`}`);
  const cluster = await createCluster();
  try {
    const read = await proveReadersSkipNothing({ url: cluster.url, docId: 'proof', events, seed });
    say(`  ${read.skipped} skipped of ${read.events} events, over ${read.restarts} restarts`);
    const faults = ended.lost.length + ended.doubled.length + read.skipped;
    return faults === 0 && ended.brokenAt === undefined;
  } finally {
    await cluster.remove();
  }
}
