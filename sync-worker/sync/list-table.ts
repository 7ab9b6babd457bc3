import type { ApiRow } from '#shared/coda/index.ts';
import type { BoundTable } from '#shared/doc/index.ts';
import { DomainError } from '#shared/kernel/index.ts';
import type { SyncTarget } from './sync-target.ts';

/** A table's rows as one listing gave them. */
export interface Listing {
  readonly rows: readonly ApiRow[];
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
  { api, docId }: SyncTarget,
  { tableId, spec }: BoundTable,
  onPage: () => Promise<void>,
): Promise<Listing> {
  const countRows = async (): Promise<number> => (await api.getTable(docId, tableId)).rowCount ?? 0;
  const before = await countRows();
  const rows: ApiRow[] = [];
  const valueFormat = spec.name === 'Ledger' ? 'simple' : 'rich';
  for await (const page of api.listRows(docId, tableId, { limit: PAGE_ROWS, valueFormat })) {
    rows.push(...page.rows);
    await onPage();
  }
  const isWhole = rows.length >= before || rows.length >= (await countRows());
  return { rows, shortBy: isWhole ? 0 : before - rows.length };
}

/** Refuses to go on from a list that stays short. Errors: `LIST_SHORT`. */
export function refuseShort({ docName }: BoundTable, { rows, shortBy }: Listing): never {
  throw new DomainError(
    'LIST_SHORT',
    `Table \`${docName}\` lists ${rows.length} rows and the doc says it holds ${rows.length + shortBy}: nothing was decided and nothing was written, for what is missing from the list may still be there.`,
    { retryable: true },
  );
}
