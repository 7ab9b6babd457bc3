import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Store } from '#worker/store/index.ts';
import { openPostgresStore } from '#worker/store/postgres/postgres-store.ts';
import { verifyStore } from '#worker/verify/index.ts';
import { createCluster } from '../postgres/cluster.ts';
import { createRandom } from '../simulation/random.ts';

/** What is asked of the proof. */
export interface StopsRequest {
  /** How often the server is ended at once, without a word. */
  readonly stops: number;
  readonly seed: number;
}

/** What came of it; a proof has `lost`, `doubled` and `brokenAt` empty. */
export interface StopsReport {
  readonly stops: number;
  readonly acknowledged: number;
  readonly events: number;
  /** Keys that were acknowledged and are not there. */
  readonly lost: readonly string[];
  /** Keys that are there more than once. */
  readonly doubled: readonly string[];
  /** Where the chain is broken, if it is. */
  readonly brokenAt?: number;
}

const WRITER = fileURLToPath(new URL('store-postgres-writer.ts', import.meta.url));
const PAGE_SIZE = 1_000;

/** Ends a server of its own at once, again and again, while a child process writes; then looks what is left of what was acknowledged. */
export async function provePostgresStops({ stops, seed }: StopsRequest): Promise<StopsReport> {
  const random = createRandom(seed);
  const cluster = await createCluster();
  const doc = { url: cluster.url, docId: 'proof' };
  try {
    const writer = spawn(process.execPath, [WRITER, doc.url, doc.docId, 'dana']);
    writer.stderr.pipe(process.stderr);
    const heard = listenTo(writer);
    for (let stop = 0; stop < stops; stop += 1) {
      await heard.atLeast(heard.keys.length + random.between(1, 40));
      await cluster.stop('immediate');
      await cluster.start();
    }
    await heard.atLeast(heard.keys.length + 1);
    writer.stdin.end();
    await once(writer, 'close');
    if (writer.exitCode !== 0) throw new Error(`the writer ended with ${writer.exitCode}`);
    const store = await openPostgresStore(doc);
    const found = await judge(store, heard.keys);
    await store.close();
    return { stops, acknowledged: heard.keys.length, ...found };
  } finally {
    await cluster.remove();
  }
}

/** The keys a writer has said, and a wait until it has said so many. */
function listenTo(writer: ChildProcessWithoutNullStreams) {
  const keys: string[] = [];
  let wanted = { count: 0, resolve: () => {} };
  createInterface({ input: writer.stdout }).on('line', (key) => {
    keys.push(key);
    if (keys.length >= wanted.count) wanted.resolve();
  });
  const ended = once(writer, 'exit').then(() => {
    throw new Error('the writer ended before its time');
  });
  // At its time too; then nobody waits any more.
  ended.catch(() => undefined);
  const atLeast = async (count: number): Promise<void> => {
    const reached = new Promise<void>((resolve) => {
      wanted = { count, resolve };
    });
    await Promise.race([reached, ended]);
  };
  return { keys, atLeast };
}

async function judge(store: Store, acknowledged: readonly string[]) {
  const appends = new Map<string, number>();
  let lastKey: string | undefined;
  let events = 0;
  for (;;) {
    const page = await store.readAll(events, PAGE_SIZE);
    if (page.length === 0) break;
    for (const { idempotencyKey: key = '' } of page) {
      // Events of one append stand together; a key that comes again later was appended twice.
      if (key !== lastKey) appends.set(key, (appends.get(key) ?? 0) + 1);
      lastKey = key;
    }
    events += page.length;
  }
  const verdict = await verifyStore(store);
  return {
    events,
    lost: acknowledged.filter((key) => !appends.has(key)),
    doubled: [...appends].flatMap(([key, count]) => (count > 1 ? [key] : [])),
    ...(verdict.ok ? {} : { brokenAt: verdict.fault.position }),
  };
}
