import { type Instant, toEpochMs } from '#shared/kernel/index.ts';
import type { LedgerRow } from './ledger-row.ts';
import { SETTLED_KEPT_MS } from './protocol.ts';

/** A cell the ledger fills and somebody typed over: both values are kept, and neither is written over the other. */
export interface CellConflict {
  /** The core's name of the table. */
  readonly table: string;
  /** The key of the row. */
  readonly row: string;
  /** The core's name of the column. */
  readonly column: string;
  /** What the doc shows. */
  readonly doc: string;
  /** What the ledger would show. */
  readonly ledger: string;
  readonly at: Instant;
  /** When the two agreed again; absent while they do not. */
  readonly agreedAt?: Instant;
}

/** The key of the one row of the Ledger table that tells of a cell: `conflict/tasks/T1/actual_hours`. */
export const toConflictKey = ({
  table,
  row,
  column,
}: Pick<CellConflict, 'table' | 'row' | 'column'>): string => `conflict/${table}/${row}/${column}`;

/** Whether a key is that of a conflict. */
export const isConflictKey = (key: string): boolean => key.startsWith('conflict/');

/** Whether the Ledger table still tells of a conflict: while it lasts, and for 14 days after. */
export const isConflictTold = ({ agreedAt }: CellConflict, nowMs: number): boolean =>
  agreedAt === undefined || toEpochMs(agreedAt) >= nowMs - SETTLED_KEPT_MS;

/** The row that tells people of a conflict. */
export function toConflictRow(conflict: CellConflict): LedgerRow {
  const { table, row, column, doc, ledger, at, agreedAt } = conflict;
  return {
    title: `Conflict · ${table} ${row} · ${column}`,
    kind: 'conflict',
    state: agreedAt === undefined ? 'open' : 'agreed',
    key: toConflictKey(conflict),
    stream: `${table}/${row}`,
    type: column,
    at,
    by: 'worker',
    data: JSON.stringify({ table, row, column, doc, ledger }),
    outcome: agreedAt === undefined ? `doc ${doc} · ledger ${ledger}` : `agreed on ${ledger}`,
    seq: '',
  };
}
