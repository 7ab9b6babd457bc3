import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, vi } from 'vitest';
import { FOUNDER_HQ_TABLES } from '#shared/doc/index.ts';
import { createDocFromTables, type TableSpec, type TypedCells } from '#worker/local-doc/index.ts';

const STATE = '.founder-hq';

/**
 * A doc served to the commands of this test file, which runs in a folder of its own while the tests do: commands look
 * for their doc and their ledger below the folder they are run in.
 */
export function useServedDoc(
  people: readonly { name: string; email: string }[] = [],
  tables: readonly TableSpec[] = FOUNDER_HQ_TABLES,
) {
  const doc = createDocFromTables(tables, people.length === 0 ? {} : { people });
  const folder = mkdtempSync(join(tmpdir(), 'founder-hq-cli-'));
  const home = process.cwd();
  let close = async (): Promise<void> => {};
  beforeAll(async () => {
    const server = await doc.listen();
    close = server.close;
    mkdirSync(join(folder, STATE));
    const { docId, token } = doc;
    const state = { baseUrl: server.baseUrl, docId, token, profile: 'instant' };
    writeFileSync(join(folder, STATE, 'local-doc.json'), JSON.stringify(state));
    vi.stubEnv('CODA_API_TOKEN', '');
    process.chdir(folder);
  });
  afterAll(async () => {
    process.chdir(home);
    vi.unstubAllEnvs();
    await close();
    doc.close();
    rmSync(folder, { recursive: true });
  });
  const { person } = doc;
  const add = (table: string, cells: TypedCells) => person.insertRow(table, cells);
  const rows = (table: string) => person.readRows(table).map(({ cells }) => cells);
  const edit = (table: string, name: string, cells: Record<string, string>) => {
    const row = person.readRows(table).find((one) => one.cells['name'] === name);
    person.editCell(table, row?.rowId ?? '', cells);
  };
  return { doc, add, rows, edit, folder };
}
