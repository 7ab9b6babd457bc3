import type { ApiRow } from '#shared/coda/index.ts';
import type { BoundTable } from '#shared/doc/index.ts';
import { DomainError, isDomainError } from '#shared/kernel/index.ts';
import type { SyncTarget } from './sync-target.ts';

/** A table's rows as one listing gave them. */
export interface Listing {
  readonly rows: readonly ApiRow[];
  /** From where changes may be listed from now on. */
  readonly syncToken?: string;
  /** How many rows the doc says there are beyond those listed; what is absent from a short list proves nothing. */
  readonly shortBy: number;
}

/** Rows a page: large docs time out on more. */
const PAGE_ROWS = 200;

/**
 * Every row of a table, counted against what the doc says it holds: a list that ends too soon looks like any other. Rows
 * that people delete meanwhile are no fault of the list, so the doc is asked before and, where rows are missing, after it.
 * Errors: those of the API; a page that fails fails the whole, never a short list.
 */
export async function listTable(
  target: SyncTarget,
  bound: BoundTable,
  onPage: () => Promise<void>,
): Promise<Listing> {
  const before = (await countRows(target, bound)) ?? 0;
  const pages = await readPages(target, bound, { onPage });
  const { length } = pages.rows;
  const isWhole = length >= before || length >= ((await countRows(target, bound)) ?? 0);
  return { ...pages, shortBy: isWhole ? 0 : before - length };
}

/**
 * A table by the rows that changed since a listing and all that were there then, as long as the doc counts as many: deleted
 * rows are in no list of changes, but one row that is gone makes the count differ. Nothing where only a whole list tells.
 * Errors: as {@link listTable}.
 */
export async function listChanges(
  target: SyncTarget,
  bound: BoundTable,
  since: {
    readonly rows: ReadonlyMap<string, ApiRow>;
    readonly syncToken: string;
    readonly onPage: () => Promise<void>;
  },
): Promise<Listing | undefined> {
  try {
    const pages = await readPages(target, bound, since);
    const rows = new Map(since.rows);
    for (const row of pages.rows) rows.set(row.id, row);
    const isCounted = (await countRows(target, bound)) === rows.size;
    return isCounted ? { ...pages, rows: [...rows.values()], shortBy: 0 } : undefined;
  } catch (error) {
    // A token the service has forgotten is refused like any other bad parameter.
    if (isDomainError(error) && error.code === 'BAD_REQUEST') return undefined;
    throw error;
  }
}

const countRows = async (
  { api, docId }: SyncTarget,
  { tableId }: BoundTable,
): Promise<number | undefined> => (await api.getTable(docId, tableId)).rowCount;

async function readPages(
  { api, docId }: SyncTarget,
  { tableId, spec }: BoundTable,
  { onPage, syncToken }: { readonly onPage: () => Promise<void>; readonly syncToken?: string },
): Promise<Pick<Listing, 'rows' | 'syncToken'>> {
  const rows: ApiRow[] = [];
  const valueFormat = spec.name === 'Ledger' ? 'simple' : 'rich';
  const from = syncToken === undefined ? {} : { syncToken };
  const asked = { limit: PAGE_ROWS, valueFormat, ...from } as const;
  let next: string | undefined;
  for await (const page of api.listRows(docId, tableId, asked)) {
    rows.push(...page.rows);
    next = page.nextSyncToken;
    await onPage();
  }
  return next === undefined ? { rows } : { rows, syncToken: next };
}

/** Refuses to go on from a list that stays short. Errors: `LIST_SHORT`. */
export function refuseShort({ docName }: BoundTable, { rows, shortBy }: Listing): never {
  throw new DomainError(
    'LIST_SHORT',
    `Table \`${docName}\` lists ${rows.length} rows and the doc says it holds ${rows.length + shortBy}: nothing was decided and nothing was written, for what is missing from the list may still be there.`,
    { retryable: true },
  );
}
