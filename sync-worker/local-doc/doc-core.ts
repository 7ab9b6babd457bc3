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

/** Sets the doc of a file in motion. */
export function createDocCore(parts: DocCoreParts): DocCore {
  const { file, behaviour, clock, dice } = parts;
  let { identity } = parts;
  file.compact(clock(), STATUS_KEPT_MS);
  let memory = loadDocMemory(file);

  /** Memory is changed before the file commits; when the commit fails, the file is right. */
  const write = <Value>(work: () => Value): Value => {
    try {
      return file.transaction(work);
    } catch (error) {
      memory = loadDocMemory(file);
      throw error;
    }
  };

  const apply = (change: Change, atMs: number, isDoc: boolean): void => {
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
  };

  const applyDue = (): void => {
    const nowMs = clock();
    for (;;) {
      const mutation = memory.nextDue(nowMs);
      if (mutation?.change === undefined) break;
      const applied = { ...mutation, change: undefined };
      memory.reveal(mutation.applyAtMs);
      if (mutation.fate !== 'lost') apply(mutation.change, mutation.applyAtMs, false);
      file.markApplied(applied);
      memory.noteMutation(applied);
    }
    memory.reveal(nowMs);
  };

  const advance = (): void => {
    if (memory.nextDue(clock()) === undefined) memory.reveal(clock());
    else write(applyDue);
  };

  return {
    behaviour,
    identity: () => identity,
    now: clock,
    advance,
    memory: () => memory,
    accept(toChange) {
      return write(() => {
        const acceptedAtMs = clock();
        const last = memory.lastMutation();
        const number = (last?.number ?? 0) + 1;
        const waitMs = drawMs(behaviour.applyDelay, dice('apply', number));
        const inTurnAtMs = behaviour.isQueueOrdered ? (last?.applyAtMs ?? 0) : 0;
        const mutation: Mutation = {
          number,
          requestId: toDocId('mutate:', `${identity.docId}/mutation/${number}`),
          acceptedAtMs,
          applyAtMs: Math.max(acceptedAtMs + waitMs, inTurnAtMs),
          knownAtMs: acceptedAtMs + drawMs(behaviour.statusHidden, dice('status', number)),
          fate: drawFate(behaviour, dice('fate', number)),
          change: toChange((place) => toDocId('i-', `${identity.docId}/${number}/${place}`)),
        };
        file.addMutation(mutation);
        memory.noteMutation(mutation);
        applyDue();
        return mutation;
      });
    },
    edit(change) {
      write(() => {
        applyDue();
        apply(change, clock(), true);
        memory.reveal(clock());
      });
    },
    nextRowId: () => toDocId('i-', `${identity.docId}/person/${memory.lastSeq() + 1}`),
    setTables(tables) {
      write(() => file.writeTables(tables));
      memory.tables = tables;
    },
    setIdentity(next) {
      write(() => file.writeIdentity(next));
      identity = next;
    },
  };
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
