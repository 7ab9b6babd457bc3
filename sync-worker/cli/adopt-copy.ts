import { type DocSource, readBinding, readLedgerRows } from '#shared/doc/index.ts';
import { DomainError } from '#shared/kernel/index.ts';
import { parseAnchorRow, type VisibleRow } from '#shared/ledger/index.ts';
import { awaitMutations } from '#worker/coda/index.ts';
import type { Connection } from './connection.ts';

/** Rows a request; one of more is slow to apply. */
const BATCH = 100;

/** What came along in the Ledger table of a copied doc. */
export interface Adoption {
  /** The doc it was copied from. */
  readonly from: string;
  /** How many rows there are of each kind. */
  readonly kinds: Readonly<Record<string, number>>;
  readonly titles: readonly string[];
  readonly isApplied: boolean;
}

/**
 * Shows what a copied doc brought along in its Ledger table, and drops it where that is wanted: the other doc’s ledger keeps it all.
 * Errors: `NOT_COPIED` where the table is this doc’s own; those of the API.
 */
export async function adoptCopy(
  connection: Connection,
  { isApplied }: { readonly isApplied: boolean },
): Promise<Adoption> {
  const { api, docId } = connection;
  const source = { api, docId, binding: await readBinding(api, docId, { tables: ['Ledger'] }) };
  const rows = await readLedgerRows(source);
  const anchors = rows.map(parseAnchorRow).filter((anchor) => anchor !== undefined);
  const other = anchors.find((anchor) => anchor.docId !== docId);
  if (other === undefined) {
    const message = 'The Ledger table is this doc’s own: there is nothing to adopt.';
    throw new DomainError('NOT_COPIED', message);
  }
  if (isApplied) await dropRows(connection, source, rows);
  const kinds: Record<string, number> = {};
  for (const { kind } of rows) kinds[kind] = (kinds[kind] ?? 0) + 1;
  return { from: other.docId, kinds, titles: rows.map(({ title }) => title), isApplied };
}

async function dropRows(
  { api, docId, clock, wait, lagMs }: Connection,
  { binding }: Pick<DocSource, 'binding'>,
  rows: readonly VisibleRow[],
): Promise<void> {
  const tableId = binding.tables.get('Ledger')?.tableId ?? '';
  // The rows that tell of the copy go last, so that a drop that is cut short can be made again.
  const ids = [...rows].sort((a, b) => isAnchor(a) - isAnchor(b)).map(({ rowId }) => rowId);
  const timing = lagMs === 0 ? { firstPollMs: 0 } : {};
  for (let from = 0; from < ids.length; from += BATCH) {
    const { requestId } = await api.deleteRows(docId, tableId, ids.slice(from, from + BATCH));
    await awaitMutations(api, [requestId], { clock, wait, ...timing });
  }
}

const isAnchor = (row: VisibleRow): number => (parseAnchorRow(row) === undefined ? 0 : 1);
