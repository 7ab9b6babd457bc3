import type { CellValue } from '#shared/coda/index.ts';
import type { TargetDoc } from '#worker/import/index.ts';

/** A row that leads to another. */
export interface Referrer {
  readonly rowId: string;
  readonly name: string;
  /** What people call its table. */
  readonly table: string;
}

/**
 * Every row of the doc that leads to a row of some tables, by the row it leads to: in whatever table it stands, known to the core or not.
 * Errors: those of the API.
 */
export async function findReferrers(
  { api, docId }: TargetDoc,
  tableIds: ReadonlySet<string>,
): Promise<ReadonlyMap<string, readonly Referrer[]>> {
  const referrers = new Map<string, Referrer[]>();
  for (const { id, name: table, isView } of await api.listTables(docId)) {
    if (isView) continue;
    const columns = await api.listColumns(docId, id);
    const leading = columns.filter(({ format }) => tableIds.has(format.tableId ?? ''));
    if (leading.length === 0) continue;
    for await (const page of api.listRows(docId, id)) {
      for (const row of page.rows) {
        const to = leading.flatMap((column) => listRowIds(row.values[column.id]));
        addReferrer(referrers, new Set(to), { rowId: row.id, name: row.name, table });
      }
    }
  }
  return referrers;
}

function addReferrer(
  referrers: Map<string, Referrer[]>,
  targets: ReadonlySet<string>,
  referrer: Referrer,
): void {
  for (const target of targets) {
    referrers.set(target, [...(referrers.get(target) ?? []), referrer]);
  }
}

function listRowIds(cell: CellValue | undefined): readonly string[] {
  if (cell?.kind === 'link') return [cell.rowId];
  return cell?.kind === 'list' ? cell.items.flatMap(listRowIds) : [];
}
