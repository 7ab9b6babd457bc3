import type { Sha256 } from '#shared/kernel/index.ts';
import {
  applyEnvelope,
  type Books,
  ENTITY_TABLES,
  type EntityType,
  type Entry,
  type Envelope,
  keepEntry,
  openBooks,
  toStream,
} from '#shared/ledger/index.ts';
import type { Store } from '#worker/store/index.ts';

/** What somebody wants to look at. */
export interface WorkNeeds {
  /** Runs, with every part of them. */
  readonly runIds: readonly string[];
  /** What belongs to no run: workers and breakers. */
  readonly others?: readonly { readonly entity: EntityType; readonly id: string }[];
}

/** The books of a store's work, kept in memory: what was read once is only read on. */
export interface WorkBooks {
  /** The books with these runs and entities in them, as the store now stands. */
  readonly look: (needs: WorkNeeds) => Promise<Books>;
  /** Writes down entities whose events were just stored. */
  keep(entries: readonly Entry[]): void;
}

const PAGE_SIZE = 1_000;
const PARTS_OF_RUN = ['phase', 'workstream', 'task', 'step', 'patch', 'gate_check'] as const;

/** Opens the books of a store. They hold what was asked for so far, and no more. */
export function createWorkBooks(store: Store, sha256: Sha256): WorkBooks {
  const books = openBooks();
  const streams = new Set<string>();
  const runs = new Set<string>();
  let position: number | undefined;

  const read = (envelope: Envelope): void => {
    applyEnvelope(books, envelope, sha256);
    streams.add(envelope.stream);
  };
  const loadStream = async (stream: string): Promise<void> => {
    if (streams.has(stream)) return;
    for (const envelope of await store.readStream(stream)) read(envelope);
    streams.add(stream);
  };
  const loadRun = async (runId: string): Promise<void> => {
    if (runs.has(runId)) return;
    await loadStream(toStream('run', runId));
    for (const entity of PARTS_OF_RUN) {
      const records = await store.listRecords(ENTITY_TABLES[entity], { runId });
      for (const { id } of records) await loadStream(toStream(entity, id));
    }
    runs.add(runId);
  };
  const isOurs = ({ stream, scope }: Envelope): boolean =>
    streams.has(stream) || (scope?.runId !== undefined && runs.has(scope.runId));
  /** Reads on from where the books stand; what concerns nobody in them is passed over. */
  const catchUp = async (): Promise<void> => {
    let from = position ?? (await store.head()).position;
    for (let page = await store.readAll(from, PAGE_SIZE); page.length > 0; ) {
      for (const envelope of page.filter(isOurs)) read(envelope);
      from = page.at(-1)?.position ?? from;
      page = await store.readAll(from, PAGE_SIZE);
    }
    position = from;
  };
  return {
    async look({ runIds, others = [] }) {
      await catchUp();
      for (const runId of runIds) await loadRun(runId);
      for (const { entity, id } of others) await loadStream(toStream(entity, id));
      return books;
    },
    keep(entries) {
      for (const entry of entries) {
        keepEntry(books, entry);
        streams.add(toStream(entry.entity, entry.id));
      }
    },
  };
}
