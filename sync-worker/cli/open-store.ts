import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteStore, type Store } from '#worker/store/index.ts';
import { STATE_FOLDER } from './connection.ts';

const LAST_DOC_FILE = join(STATE_FOLDER, 'last-doc');

/** The file of a doc's ledger: one a doc, so that two docs can never share a chain. */
export const ledgerFile = (docId: string): string => join(STATE_FOLDER, `ledger-${docId}.db`);

/** Opens the ledger of a doc, and remembers the doc for commands that need no more than its ledger. */
export async function openDocStore(docId: string): Promise<Store> {
  mkdirSync(STATE_FOLDER, { recursive: true });
  const store = await openSqliteStore({ file: ledgerFile(docId) });
  writeFileSync(LAST_DOC_FILE, `${docId}\n`);
  return store;
}

/** The doc whose ledger was opened last. */
export function lastDocId(): string | undefined {
  try {
    return readFileSync(LAST_DOC_FILE, 'utf8').trim();
  } catch {
    return undefined;
  }
}
