import type { Sha256 } from '#shared/kernel/index.ts';
import {
  applyEnvelope,
  type Books,
  ENTITY_TABLES,
  type EntityType,
  type Entry,
  type Envelope,
  keepEntry,
  type OpenBooks,
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

/**
 * The books of a store's work, kept in memory: what was read once is only read on, and a run that is closed, with all its parts,
 * is read again whenever somebody asks for it.
 */
export interface WorkBooks {
  /** The books with these runs and entities in them, as the store now stands; of the runs that are settled, only these. Good until the next look. */
  readonly look: (needs: WorkNeeds) => Promise<Books>;
  /** Writes down entities whose events were just stored. */
  keep(entries: readonly Entry[]): void;
}

const PAGE_SIZE = 1_000;
const PARTS_OF_RUN = ['phase', 'workstream', 'task', 'step', 'patch', 'gate_check'] as const;

/** Opens the books of a store. They hold what was asked for so far and is not settled, and no more. */
export function createWorkBooks(store: Store, sha256: Sha256): WorkBooks {
  const books = openBooks();
  const held = createHoldings(books);
  const { streams, runs } = held;
  let position: number | undefined;

  const read = (envelope: Envelope): void => {
    const entry = applyEnvelope(books, envelope, sha256);
    if (entry !== undefined) held.note(entry);
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
      held.forgetSettled(new Set(runIds));
      for (const runId of runIds) await loadRun(runId);
      for (const { entity, id } of others) await loadStream(toStream(entity, id));
      return books;
    },
    keep(entries) {
      for (const entry of entries) {
        keepEntry(books, entry);
        held.note(entry);
      }
    },
  };
}

/** What the books hold. */
interface Holdings {
  readonly streams: Set<string>;
  /** Runs that were read with all their parts. */
  readonly runs: Set<string>;
  /** Notes down an entity as it now stands. */
  note(entry: Entry): void;
  /** Takes the runs out of the books that are closed with all their parts, save those asked for. */
  forgetSettled(asked: ReadonlySet<string>): void;
}

function createHoldings(books: OpenBooks): Holdings {
  const streams = new Set<string>();
  const runs = new Set<string>();
  /** The parts of each run, itself included, by stream. */
  const parts = new Map<string, Map<string, Entry>>();
  return {
    streams,
    runs,
    note(entry) {
      const stream = toStream(entry.entity, entry.id);
      streams.add(stream);
      const runId = entry.entity === 'run' ? entry.id : entry.definition['runId'];
      if (typeof runId !== 'string') return;
      parts.set(runId, (parts.get(runId) ?? new Map<string, Entry>()).set(stream, entry));
    },
    forgetSettled(asked) {
      for (const [runId, own] of parts) {
        if (asked.has(runId) || !areClosed(own.values())) continue;
        for (const [stream, { entity, id }] of own) {
          books[entity].delete(id);
          streams.delete(stream);
        }
        parts.delete(runId);
        runs.delete(runId);
      }
    },
  };
}

/** Whether a run and all its parts are closed: nobody works on them any more, though a note may yet be added. */
function areClosed(entries: Iterable<Entry>): boolean {
  for (const { state } of entries) {
    const hasEnded = 'endedAt' in state && state.endedAt !== undefined;
    const isSetAside = 'closedAt' in state && state.closedAt !== undefined;
    if (!hasEnded && !isSetAside) return false;
  }
  return true;
}
