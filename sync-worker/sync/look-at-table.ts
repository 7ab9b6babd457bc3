import type { ApiRow } from '#shared/coda/index.ts';
import { type Binding, type BoundTable, parseLedgerRow } from '#shared/doc/index.ts';
import { DAY_MS } from '#shared/kernel/index.ts';
import { type BlownFuse, judgeAbsence } from './fuse.ts';
import { type Listing, listChanges, listTable, refuseShort } from './list-table.ts';
import { isSame, type SeenChange, type SeenTable, type TableMark } from './seen-rows.ts';
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
  /** Whether there is anything in it that the last look did not have. */
  readonly isNews: boolean;
}

/** Formulas change without a trace, and a service may forget to list a change: once a day all is read. Units: ms. */
const WHOLE_EVERY_MS = DAY_MS;

/**
 * Lists a table and holds it against the last look. A row that is missing from a whole list is gone; from a list that
 * is short, or together with more others than people delete at once, it is not. Errors: `LIST_SHORT`, those of the API.
 */
export async function lookAtTable(
  target: SyncTarget,
  bound: BoundTable,
  facts: LookFacts,
): Promise<TableLook> {
  const { seen } = facts;
  const listing = await readListing(target, bound, facts);
  const listed = toMark(bound, facts, listing);
  const absent = listAbsent(seen, listing);
  const isShort = listing.shortBy > 0;
  const fuse = isShort ? facts.fuse : judge({ binding: target.binding, bound, facts, absent });
  const isKept = isShort ? () => true : keptBy(fuse);
  const changed = listing.rows.filter((row) => isChanged(seen.rows.get(row.id), row));
  const goneIds = absent.filter((row) => !isKept(row)).map(({ id }) => id);
  const hasMoved = changed.length + goneIds.length > 0 || fuse !== facts.fuse;
  const isNews = hasMoved || isOtherMark(seen.mark, listed);
  return {
    table: bound.spec.name,
    fuse,
    rows: [...listing.rows, ...absent.filter(isKept)],
    changed,
    goneIds,
    mark: isNews ? listed : (seen.mark ?? listed),
    isNews,
  };
}

/** Whether a mark says something new. Another token is nothing new: where no row has changed, the older one lists them as well. */
function isOtherMark(
  before: TableMark | undefined,
  { syncToken: token, ...now }: TableMark,
): boolean {
  if (before === undefined || (before.syncToken === undefined) !== (token === undefined))
    return true;
  const { syncToken: _, ...rest } = before;
  return !isSame(rest, now);
}

/** A table by its changes where these tell all there is to tell, else as a whole. */
async function readListing(
  target: SyncTarget,
  bound: BoundTable,
  facts: LookFacts,
): Promise<Listing> {
  const { seen, onPage } = facts;
  const syncToken = toSyncToken(bound, facts);
  if (syncToken === undefined) return listTable(target, bound, onPage);
  const changes = await listChanges(target, bound, { rows: seen.rows, syncToken, onPage });
  return changes ?? listTable(target, bound, onPage);
}

/** What to remember of a listing. Errors: `LIST_SHORT` where it has been short for longer than anything takes to show. */
function toMark(bound: BoundTable, { seen, nowMs, lagMs }: LookFacts, listing: Listing): TableMark {
  const { syncToken, shortBy } = listing;
  const isSameTable = seen.mark?.tableId === bound.tableId;
  const shortSinceMs = isSameTable ? (seen.mark?.shortSinceMs ?? nowMs) : nowMs;
  if (shortBy > 0 && nowMs - shortSinceMs >= lagMs) refuseShort(bound, listing);
  return {
    tableId: bound.tableId,
    columns: toColumns(bound),
    // Not moved on while another whole list is not due: a mark that says the same need not be kept anew.
    wholeAtMs: isRecent(seen.mark, nowMs) ? seen.mark.wholeAtMs : nowMs,
    ...(syncToken === undefined ? {} : { syncToken }),
    ...(shortBy > 0 ? { shortSinceMs } : {}),
  };
}

/** A row that was not listed anew is the very one that was seen. */
const isChanged = (before: ApiRow | undefined, row: ApiRow): boolean =>
  before !== row && (before === undefined || !isSame(before, row));

/** Whether a table was looked at today as it is bound now, and nothing about it is in doubt. */
export const isFresh = (bound: BoundTable, mark: TableMark | undefined, nowMs: number): boolean =>
  isRecent(mark, nowMs) &&
  mark.shortSinceMs === undefined &&
  mark.tableId === bound.tableId &&
  mark.columns === toColumns(bound);

/** Where a list of changes may begin; nothing where a whole list is due, or anything is in doubt. */
function toSyncToken(bound: BoundTable, facts: LookFacts): string | undefined {
  const { seen, fuse, isAccepted, nowMs } = facts;
  if (fuse !== undefined || isAccepted || !isFresh(bound, seen.mark, nowMs)) return undefined;
  const isComputed = [...bound.columns.values()].some(({ isWritable }) => !isWritable);
  return isComputed ? undefined : seen.mark?.syncToken;
}

/** A moment that lies ahead was written by a clock that was wrong, and says nothing. */
const isRecent = (mark: TableMark | undefined, nowMs: number): mark is TableMark =>
  mark !== undefined && nowMs >= mark.wholeAtMs && nowMs - mark.wholeAtMs < WHOLE_EVERY_MS;

const toColumns = ({ columns }: BoundTable): string =>
  [...columns.values()].map(({ columnId, format }) => `${columnId} ${format}`).join();

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
