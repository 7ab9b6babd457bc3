import { createHttpTransport } from '#worker/coda/index.ts';
import type { LocalDoc } from '#worker/local-doc/index.ts';
import { createRandom } from '../random.ts';
import { type Breaks, createFaultyProxy } from './faulty-proxy.ts';
import { createSyncPlayground, type Way } from './simulate-sync.ts';
import { addOutcome, NO_SEEDS, type SyncTally } from './sync-tally.ts';

/** What came of the plays over sockets. */
export interface SocketsReport {
  readonly tally: SyncTally;
  readonly breaks: Breaks;
  /** Cells and rows that people changed, and rows that workers did. */
  readonly changes: number;
}

/** Plays over real sockets, through a proxy that breaks connections, until so much was changed. */
export async function proveSockets(request: {
  readonly changes: number;
  readonly from: number;
  /** Ticks of each play before it comes to rest. */
  readonly moves: number;
}): Promise<SocketsReport> {
  const breaks: Breaks = { before: 0, after: 0, withinRead: 0, withinWrite: 0 };
  let tally = NO_SEEDS;
  let seed = request.from;
  const connect = async (doc: LocalDoc): Promise<Way> => {
    const server = await doc.listen();
    const proxy = await createFaultyProxy(portOf(server.baseUrl), createRandom(seed), breaks);
    const baseUrl = server.baseUrl.replace(/:\d+/, `:${proxy.port}`);
    return {
      transport: createHttpTransport({ baseUrl, token: doc.token }),
      close: async () => {
        await proxy.close();
        await server.close();
      },
    };
  };
  const playground = await createSyncPlayground({ moves: request.moves, actsMax: 20, connect });
  for (; tally.acts + tally.rowsSent < request.changes; seed += 1) {
    // One after the other: each has a doc, a proxy and a clock of its own.
    // oxlint-disable-next-line no-await-in-loop
    tally = addOutcome(tally, await playground.simulate(seed));
    if (tally.failures.length > 0) break;
  }
  playground.close();
  return { tally, breaks, changes: tally.acts + tally.rowsSent };
}

const portOf = (baseUrl: string): number => Number(new URL(baseUrl).port);
