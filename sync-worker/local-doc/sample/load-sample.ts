import { type CodaApi, splitIntoBatches, type WireValue } from '#shared/coda/index.ts';
import { readBinding } from '#shared/doc/index.ts';
import { DomainError } from '#shared/kernel/index.ts';
import type { SampleTable } from './sample-table.ts';

/** How far a sample has come. */
export interface SampleProgress {
  readonly table: string;
  readonly done: number;
  readonly total: number;
}

/**
 * Writes a sample business into a doc that shows its writes at once, by keyed upserts: loading it twice, or after a
 * crash, gives the same rows. Errors: those of the API; `DOC_NOT_READY` where a table or column of the sample is missing.
 */
export async function loadSample(
  api: CodaApi,
  docId: string,
  options: {
    readonly tables: readonly SampleTable[];
    readonly onProgress?: (progress: SampleProgress) => void;
  },
): Promise<void> {
  const { tables, onProgress } = options;
  const binding = await readBinding(api, docId);
  const total = tables.reduce((sum, { rows }) => sum + rows.length, 0);
  let done = 0;
  for (const { table, key, rows } of tables) {
    const bound = binding.tables.get(table);
    const columnId = (name: string): string => {
      const id = bound?.columns.get(name)?.columnId;
      if (id !== undefined) return id;
      throw new DomainError('DOC_NOT_READY', `The doc has no column \`${table}.${name}\`.`);
    };
    const cells = rows.map((row) =>
      Object.entries(row).map(([name, value]): { column: string; value: WireValue } => ({
        column: columnId(name),
        value,
      })),
    );
    for (const batch of splitIntoBatches(cells)) {
      const tableId = bound?.tableId ?? table;
      await api.upsertRows(docId, tableId, { rows: batch, keyColumns: [columnId(key)] });
      done += batch.length;
      onProgress?.({ table, done, total });
    }
  }
}
