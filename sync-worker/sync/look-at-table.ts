import type { ApiRow } from '#shared/coda/index.ts';
import { type Binding, type BoundTable, parseLedgerRow } from '#shared/doc/index.ts';
import { type BlownFuse, judgeAbsence } from './fuse.ts';
import { type Listing, listTable, refuseShort } from './list-table.ts';
import { isSameRow, type SeenChange, type SeenTable } from './seen-rows.ts';
import type { SyncTarget } from './sync-target.ts';

/** What a look at a table goes by. */
export interface LookFacts {
  readonly seen: SeenTable;
  /** As the last look left it. */
  readonly fuse: BlownFuse | undefined;
  /** Rows the worker itself has deleted, so that nobody misses them. */
  readonly deletedIds: ReadonlySet<string>;
  /** Whether a person has looked at the rows a blown fuse names and means them to be gone. */
  readonly isAccepted: boolean;
  readonly nowMs: number;
  /** How long rows may be listed later than they are counted. Units: ms. */
  readonly lagMs: number;
  /** Awaited after each page. */
  readonly onPage: () => Promise<void>;
}

/** A table as one look found it. */
export interface TableLook extends SeenChange {
  /** The rows to go by: those that are there, and those of which nobody knows that they are not. */
  readonly rows: readonly ApiRow[];
  readonly fuse: BlownFuse | undefined;
}

/**
 * Lists a table and holds it against the last look. A row that is missing from a whole list is gone; from a list that
 * is short, or together with more others than people delete at once, it is not. Errors: `LIST_SHORT`, those of the API.
 */
export async function lookAtTable(
  target: SyncTarget,
  bound: BoundTable,
  facts: LookFacts,
): Promise<TableLook> {
  const { seen, nowMs, lagMs, onPage } = facts;
  const listing = await listTable(target, bound, onPage);
  const isSameTable = seen.mark?.tableId === bound.tableId;
  const shortSinceMs = isSameTable ? (seen.mark?.shortSinceMs ?? nowMs) : nowMs;
  if (listing.shortBy > 0 && nowMs - shortSinceMs >= lagMs) refuseShort(bound, listing);
  const absent = listAbsent(seen, listing);
  const fuse =
    listing.shortBy > 0 ? facts.fuse : judge({ binding: target.binding, bound, facts, absent });
  const isKept = listing.shortBy > 0 ? () => true : keptBy(fuse);
  const name = bound.spec.name;
  return {
    table: name,
    fuse,
    rows: [...listing.rows, ...absent.filter(isKept)],
    changed: listing.rows.filter((row) => {
      const before = seen.rows.get(row.id);
      return before === undefined || !isSameRow(before, row);
    }),
    goneIds: absent.filter((row) => !isKept(row)).map(({ id }) => id),
    mark: {
      tableId: bound.tableId,
      wholeAtMs: nowMs,
      ...(listing.shortBy > 0 ? { shortSinceMs } : {}),
    },
  };
}

function listAbsent({ rows }: SeenTable, listing: Listing): readonly ApiRow[] {
  const listed = new Set(listing.rows.map(({ id }) => id));
  return [...rows.values()].filter(({ id }) => !listed.has(id));
}

/** Rows the worker keeps for itself come and go by its own doing, so only people's are counted. */
function judge(look: {
  readonly binding: Binding;
  readonly bound: BoundTable;
  readonly facts: LookFacts;
  readonly absent: readonly ApiRow[];
}): BlownFuse | undefined {
  const { binding, bound, facts, absent } = look;
  const { seen, deletedIds, fuse: kept, isAccepted, nowMs } = facts;
  const isOfPeople = (row: ApiRow): boolean =>
    !deletedIds.has(row.id) &&
    (bound.spec.name !== 'Ledger' || parseLedgerRow(binding, row).kind === 'command');
  return judgeAbsence({
    table: bound.spec.name,
    known: [...seen.rows.values()].filter(isOfPeople).length,
    missing: absent.filter(isOfPeople).map(({ id, name }) => ({ rowId: id, name })),
    kept,
    isAccepted,
    nowMs,
  });
}

function keptBy(fuse: BlownFuse | undefined): (row: ApiRow) => boolean {
  const missing = new Set(fuse?.missing.map(({ rowId }) => rowId));
  return ({ id }) => missing.has(id);
}
