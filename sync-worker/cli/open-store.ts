import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteStore, type Store } from '#worker/store/index.ts';
import { STATE_FOLDER } from './connection.ts';

/** The ledger of a doc: one file a doc, so that two docs can never share a chain. */
export function openDocStore(docId: string): Promise<Store> {
  mkdirSync(STATE_FOLDER, { recursive: true });
  return openSqliteStore({ file: join(STATE_FOLDER, `ledger-${docId}.db`) });
}
