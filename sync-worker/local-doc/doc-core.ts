import type { Clock } from '#shared/kernel/index.ts';
import { applyChange } from './apply-change.ts';
import type { Behaviour } from './behaviour.ts';
import type { Change } from './change.ts';
import { type Dice, drawMs } from './dice.ts';
import type { DocFile, DocIdentity, Mutation } from './doc-file.ts';
import { type DocMemory, loadDocMemory } from './doc-memory.ts';
import { type DocTable, displayColumnOf, toDocId } from './doc-schema.ts';
import { toRowKey } from './row-set.ts';

/** The doc in motion: what was accepted, what has applied, what reads see. Everything in it is decided by the clock. */
export interface DocCore {
  readonly behaviour: Behaviour;
  identity(): DocIdentity;
  now(): number;
  /** Applies and reveals all that is due. Each question begins with it, so no timer is needed. */
  advance(): void;
  /** The tables, rows and mutations; valid until the next write. */
  memory(): DocMemory;
  /** Queues a change durably and answers with its mutation. `toChange` is told the ids of rows it may make. */
  accept(toChange: (rowIdAt: (place: number) => string) => Change): Mutation;
  /** Carries out a change at once, as the doc itself does for a person: calculated columns included. */
  edit(change: Change): void;
  /** An id for a row that a person makes. */
  nextRowId(): string;
  setTables(tables: readonly DocTable[]): void;
  setIdentity(identity: DocIdentity): void;
}

/** Statuses are kept for about a day. Source: Coda API description, mutationStatus. */
export const STATUS_KEPT_MS = 86_400_000;

/** What the doc is made of. */
export interface DocCoreParts {
  readonly file: DocFile;
  readonly identity: DocIdentity;
  readonly behaviour: Behaviour;
  readonly clock: Clock;
  readonly dice: Dice;
}

/** The parts, and what of them changes. */
interface DocState extends DocCoreParts {
  identity: DocIdentity;
  memory: DocMemory;
}

/** Sets the doc of a file in motion. */
export function createDocCore(parts: DocCoreParts): DocCore {
  const { file, behaviour, clock } = parts;
  file.compact(clock(), STATUS_KEPT_MS);
  const state: DocState = { ...parts, memory: loadDocMemory(file) };
  return {
    behaviour,
    identity: () => state.identity,
    now: clock,
    advance() {
      if (state.memory.nextDue(clock()) === undefined) state.memory.reveal(clock());
      else write(state, () => applyDue(state));
    },
    memory: () => state.memory,
    accept: (toChange) =>
      write(state, () => {
        const mutation = toMutation(state, toChange);
        file.addMutation(mutation);
        state.memory.noteMutation(mutation);
        applyDue(state);
        return mutation;
      }),
    edit(change) {
      write(state, () => {
        applyDue(state);
        apply(state, change, { atMs: clock(), isDoc: true });
        state.memory.reveal(clock());
      });
    },
    nextRowId: () => toDocId('i-', `${state.identity.docId}/person/${state.memory.lastSeq() + 1}`),
    setTables(tables) {
      const identity = { ...state.identity, shapedAtMs: clock() };
      write(state, () => {
        file.writeTables(tables);
        file.writeIdentity(identity);
      });
      state.memory.tables = tables;
      state.identity = identity;
    },
    setIdentity(identity) {
      write(state, () => file.writeIdentity(identity));
      state.identity = identity;
    },
  };
}

/** Memory changes before the file commits; where the commit fails, the file is right and is read again. */
function write<Value>(state: DocState, work: () => Value): Value {
  try {
    return state.file.transaction(work);
  } catch (error) {
    state.memory = loadDocMemory(state.file);
    throw error;
  }
}

function toMutation(
  { behaviour, clock, dice, identity, memory }: DocState,
  toChange: (rowIdAt: (place: number) => string) => Change,
): Mutation {
  const acceptedAtMs = clock();
  const last = memory.lastMutation();
  const number = (last?.number ?? 0) + 1;
  const waitMs = drawMs(behaviour.applyDelay, dice('apply', number));
  const inTurnAtMs = behaviour.isQueueOrdered ? (last?.applyAtMs ?? 0) : 0;
  return {
    number,
    requestId: toDocId('mutate:', `${identity.docId}/mutation/${number}`),
    acceptedAtMs,
    applyAtMs: Math.max(acceptedAtMs + waitMs, inTurnAtMs),
    knownAtMs: acceptedAtMs + drawMs(behaviour.statusHidden, dice('status', number)),
    fate: drawFate(behaviour, dice('fate', number)),
    change: toChange((place) => toDocId('i-', `${identity.docId}/${number}/${place}`)),
  };
}

function applyDue(state: DocState): void {
  const { clock, file, memory } = state;
  const nowMs = clock();
  for (;;) {
    const mutation = memory.nextDue(nowMs);
    if (mutation?.change === undefined) break;
    const applied = { ...mutation, change: undefined };
    memory.reveal(mutation.applyAtMs);
    if (mutation.fate !== 'lost') {
      apply(state, mutation.change, { atMs: mutation.applyAtMs, isDoc: false });
    }
    file.markApplied(applied);
    memory.noteMutation(applied);
  }
  memory.reveal(nowMs);
}

function apply(
  state: DocState,
  change: Change,
  { atMs, isDoc }: { readonly atMs: number; readonly isDoc: boolean },
): void {
  const { behaviour, dice, file, identity, memory } = state;
  const { tableId } = change;
  const table = memory.tables.find(({ id }) => id === tableId);
  if (table === undefined) return;
  const live = memory.liveOf(tableId);
  applyChange(change, {
    behaviour,
    table,
    live,
    matched: behaviour.upsertSees === 'live' ? live : memory.snapshotOf(tableId),
    isDoc,
    nowMs: atMs,
    keep(rowId, toRow) {
      const seq = memory.lastSeq() + 1;
      const seenAtMs = atMs + drawMs(behaviour.snapshotLag, dice('lag', seq));
      // Snapshots are of the whole doc: none shows a change and misses an older one.
      const visibleAtMs = Math.max(seenAtMs, memory.lastVisibleAtMs());
      const version = { seq, tableId, rowId, atMs, visibleAtMs, row: toRow?.(seq) };
      file.addVersion(version);
      memory.enter(version);
    },
    write: {
      zone: identity.zone,
      findRow: (targetId, idOrName) => findRow(memory, targetId, idOrName),
      findPerson: (email) => identity.people.find((person) => person.email === email),
    },
  });
}

function findRow(memory: DocMemory, tableId: string, idOrName: string): string | undefined {
  const live = memory.liveOf(tableId);
  if (live.get(idOrName) !== undefined) return idOrName;
  const table = memory.tables.find(({ id }) => id === tableId);
  if (table === undefined) return undefined;
  const columnIds = [displayColumnOf(table).id];
  return live.find(columnIds, toRowKey({ [columnIds[0] ?? '']: idOrName }, columnIds))[0]?.rowId;
}

function drawFate(behaviour: Behaviour, chance: number): Mutation['fate'] {
  if (chance < behaviour.lostRate) return 'lost';
  return chance < behaviour.lostRate + behaviour.silentRate ? 'silent' : 'applied';
}
