import type { ApiRow } from '#shared/coda/index.ts';
import type { DocSource, FounderHqTable } from '#shared/doc/index.ts';

/** Every row of the tables that were found, as the API gave them. */
export type TableRows = ReadonlyMap<FounderHqTable, readonly ApiRow[]>;

/** Reads each table once, one after the other, so that the buttons of people find room in the budget. Errors: those of the API. */
export async function readTables(
  { api, docId, binding }: DocSource,
  onTable: (table: FounderHqTable, rows: number) => void,
): Promise<TableRows> {
  const read = new Map<FounderHqTable, readonly ApiRow[]>();
  for (const [table, { tableId }] of binding.tables) {
    // The Ledger's texts are machine-made: `rich` would wrap them in Markdown.
    const valueFormat = table === 'Ledger' ? 'simple' : 'rich';
    const rows: ApiRow[] = [];
    for await (const page of api.listRows(docId, tableId, { valueFormat })) {
      rows.push(...page.rows);
      onTable(table, rows.length);
    }
    read.set(table, rows);
  }
  return read;
}
