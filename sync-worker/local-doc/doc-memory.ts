import type { DocFile, Mutation, RowVersion } from './doc-file.ts';
import type { DocTable } from './doc-schema.ts';
import { createRowSet, type RowSet } from './row-set.ts';

/** The doc as it is and as reads see it, folded from the log of row versions. */
export interface DocMemory {
  /** The tables and views; renaming replaces them. */
  tables: readonly DocTable[];
  /** The rows of a base table as they are. */
  liveOf(tableId: string): RowSet;
  /** The rows of a base table as reads see them. */
  snapshotOf(tableId: string): RowSet;
  /** Takes in the log's next version; reads see it once it is revealed. */
  enter(version: RowVersion): void;
  /** Shows reads what has become visible by a moment. */
  reveal(nowMs: number): void;
  /** Whether something has changed that reads do not see yet. */
  isStale(): boolean;
  readonly lastSeq: () => number;
  readonly snapshotSeq: () => number;
  /** When rows of a table last changed, calculated columns left out: as they are, or as reads see them. 0 where they never did. */
  changedAtMs(tableId: string, sees: 'live' | 'snapshot'): number;
  /** The latest moment at which a version becomes visible: none may become visible before an older one. */
  readonly lastVisibleAtMs: () => number;
  /** Takes in a mutation, or what became of it. */
  noteMutation(mutation: Mutation): void;
  mutationOf(requestId: string): Mutation | undefined;
  readonly lastMutation: () => Mutation | undefined;
  /** The earliest mutation due by a moment: by when it applies, then by the order of acceptance. */
  nextDue(nowMs: number): Mutation | undefined;
}

/** Reads the doc's memory back from its file. */
export function loadDocMemory(file: DocFile): DocMemory {
  const live = new Map<string, RowSet>();
  const snapshot = new Map<string, RowSet>();
  const hidden: RowVersion[] = [];
  let lastSeq = 0;
  let snapshotSeq = 0;
  let lastVisibleAtMs = 0;
  const changedAt = { live: new Map<string, number>(), snapshot: new Map<string, number>() };
  const mutations = new Map<string, Mutation>();
  const waiting = new Map<number, Mutation>();
  let lastMutation: Mutation | undefined;
  const memory: DocMemory = {
    tables: file.readTables(),
    liveOf: (tableId) => rowsOf(live, tableId),
    snapshotOf: (tableId) => rowsOf(snapshot, tableId),
    enter(version) {
      lastSeq = version.seq;
      lastVisibleAtMs = Math.max(lastVisibleAtMs, version.visibleAtMs);
      fold(rowsOf(live, version.tableId), version);
      noteChange(changedAt.live, version);
      hidden.push(version);
    },
    reveal(nowMs) {
      const firstHidden = hidden.findIndex(({ visibleAtMs }) => visibleAtMs > nowMs);
      const shown = hidden.splice(0, firstHidden === -1 ? hidden.length : firstHidden);
      for (const version of shown) {
        fold(rowsOf(snapshot, version.tableId), version);
        noteChange(changedAt.snapshot, version);
        snapshotSeq = version.seq;
      }
    },
    isStale: () => hidden.length > 0,
    lastSeq: () => lastSeq,
    snapshotSeq: () => snapshotSeq,
    changedAtMs: (tableId, sees) => changedAt[sees].get(tableId) ?? 0,
    lastVisibleAtMs: () => lastVisibleAtMs,
    noteMutation(mutation) {
      mutations.set(mutation.requestId, mutation);
      if (mutation.change === undefined) waiting.delete(mutation.number);
      else waiting.set(mutation.number, mutation);
      if (mutation.number >= (lastMutation?.number ?? 0)) lastMutation = mutation;
    },
    mutationOf: (requestId) => mutations.get(requestId),
    lastMutation: () => lastMutation,
    nextDue(nowMs) {
      let next: Mutation | undefined;
      for (const mutation of waiting.values()) {
        const isDue = mutation.applyAtMs <= nowMs;
        if (isDue && mutation.applyAtMs < (next?.applyAtMs ?? Number.POSITIVE_INFINITY)) {
          next = mutation;
        }
      }
      return next;
    },
  };
  for (const mutation of file.readMutations()) memory.noteMutation(mutation);
  for (const version of file.readVersions()) memory.enter(version);
  return memory;
}

function rowsOf(sets: Map<string, RowSet>, tableId: string): RowSet {
  const known = sets.get(tableId);
  if (known !== undefined) return known;
  const made = createRowSet();
  sets.set(tableId, made);
  return made;
}

function noteChange(changedAt: Map<string, number>, { tableId, atMs, row }: RowVersion): void {
  // A version that only has another calculated value leaves its row's own moment as it was.
  if (row === undefined || row.updatedAtMs === atMs) changedAt.set(tableId, atMs);
}

function fold(rows: RowSet, { rowId, row }: RowVersion): void {
  if (row === undefined) rows.remove(rowId);
  else rows.put(row);
}
