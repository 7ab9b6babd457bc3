import type { Behaviour } from './behaviour.ts';
import { type Cells, type StoredRow, toCellKey } from './cell.ts';
import type { CellAssignments, Change } from './change.ts';
import type { DocColumn, DocTable } from './doc-schema.ts';
import { type RowSet, toRowKey } from './row-set.ts';
import { type WriteContext, writeCell } from './write-cell.ts';

/** What a change meets when its turn comes. */
export interface ApplyContext {
  readonly behaviour: Behaviour;
  readonly table: DocTable;
  /** The rows as they are. */
  readonly live: RowSet;
  /** The rows that keyed upserts are matched against. */
  readonly matched: RowSet;
  /** Whether calculated columns may be set: the doc itself may, the API may not. */
  readonly isDoc: boolean;
  readonly nowMs: number;
  /** Keeps a row, or its deletion, as the log's next entry. */
  keep(rowId: string, toRow: ((seq: number) => StoredRow) | undefined): void;
  readonly write: Omit<WriteContext, 'isParsed' | 'isPost' | 'behaviour'>;
}

/** Carries out a change. A row that is gone by then is passed over in silence, as the service does. */
export function applyChange(change: Change, context: ApplyContext): void {
  switch (change.kind) {
    case 'upsert':
      applyUpsert(change, context);
      return;
    case 'update':
      editRow(change.rowId, change.cells, { ...context, ...change, isPost: false });
      return;
    case 'delete':
      for (const rowId of change.rowIds) {
        if (context.live.get(rowId) !== undefined) context.keep(rowId, undefined);
      }
      return;
    case 'push': {
      const column = context.table.columns.find(({ id }) => id === change.columnId);
      const cells = Object.entries(column?.press ?? {}).map(([columnId, value]) => ({
        columnId,
        value,
      }));
      editRow(change.rowId, cells, { ...context, isParsed: true, isPost: false });
    }
  }
}

interface EditContext extends ApplyContext {
  readonly isParsed: boolean;
  readonly isPost: boolean;
}

function applyUpsert(change: Change & { kind: 'upsert' }, context: ApplyContext): void {
  const { keyColumnIds } = change;
  const edit: EditContext = { ...context, isParsed: change.isParsed, isPost: true };
  const matchesOf = (cells: CellAssignments): readonly StoredRow[] => {
    if (keyColumnIds.length === 0) return [];
    const key = toRowKey(writeCells({}, cells, edit), keyColumnIds);
    const matches = context.matched.find(keyColumnIds, key);
    return context.behaviour.upsertUpdates === 'all' ? matches : matches.slice(0, 1);
  };
  const isTogether = context.behaviour.duplicateKeys === 'both-inserted';
  const matchesBefore = isTogether ? change.rows.map(({ cells }) => matchesOf(cells)) : [];
  for (const [place, { rowId, cells }] of change.rows.entries()) {
    const matches = matchesBefore[place] ?? matchesOf(cells);
    if (matches.length === 0) makeRow(rowId, cells, edit);
    for (const match of matches) editRow(match.rowId, cells, edit);
  }
}

function makeRow(rowId: string, assignments: CellAssignments, context: EditContext): void {
  const { nowMs } = context;
  const cells = writeCells({}, assignments, context);
  context.keep(rowId, (seq) => ({
    rowId,
    ordinal: seq,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    changedSeq: seq,
    cells,
  }));
}

function editRow(rowId: string, assignments: CellAssignments, context: EditContext): void {
  const row = context.live.get(rowId);
  if (row === undefined) return;
  const cells = writeCells(row.cells, assignments, context);
  const changed = context.table.columns.filter(
    ({ id }) => toCellKey(row.cells[id]) !== toCellKey(cells[id]),
  );
  const { isTouchedWithoutChange, isCalculatedSynced } = context.behaviour;
  const isSeen = changed.some(({ isCalculated }) => !isCalculated || isCalculatedSynced);
  const isTouched = isSeen || (changed.length === 0 && isTouchedWithoutChange);
  if (changed.length === 0 && !isTouched) return;
  context.keep(rowId, (seq) =>
    isTouched ? { ...row, cells, updatedAtMs: context.nowMs, changedSeq: seq } : { ...row, cells },
  );
}

function writeCells(before: Cells, assignments: CellAssignments, context: EditContext): Cells {
  const cells = { ...before };
  for (const { columnId, value } of assignments) {
    const column = context.table.columns.find(({ id }) => id === columnId);
    if (column === undefined || !isWritable(column, context)) continue;
    const { behaviour, isParsed, isPost } = context;
    const write =
      value === null
        ? ({ kind: 'blank' } as const)
        : writeCell(value, column, { ...context.write, behaviour, isParsed, isPost });
    if (write.kind === 'blank') delete cells[columnId];
    if (write.kind === 'set') cells[columnId] = write.cell;
  }
  return cells;
}

const isWritable = (column: DocColumn, { behaviour, isDoc }: EditContext): boolean =>
  !column.isCalculated || isDoc || behaviour.calculatedWrite === 'written';
