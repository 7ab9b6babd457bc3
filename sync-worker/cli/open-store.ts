import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDocId } from '#shared/coda/index.ts';
import { DomainError } from '#shared/kernel/index.ts';
import {
  keepDoc,
  openStore,
  refuseOtherDoc,
  type Store,
  type StorePlace,
} from '#worker/store/index.ts';
import { checkLedger } from '#worker/sync/index.ts';
import { anchorFileOf, checkHead, readAnchors, type Witness } from '#worker/verify/index.ts';
import {
  type Connection,
  type ConnectionOptions,
  parseDocId,
  readLocalDocState,
} from './connection.ts';
import { readDocSetUp, readSetUp } from './set-up.ts';
import { STATE_FOLDER } from './state-folder.ts';
import type { StoreOptions } from './store-option.ts';

const LAST_DOC_FILE = join(STATE_FOLDER, 'last-doc');

/** The file of a doc's ledger: one a doc, so that two docs can never share a chain. */
export const ledgerFile = (docId: string): string => join(STATE_FOLDER, `ledger-${docId}.db`);

/**
 * Opens the ledger of a doc or begins one, and remembers the doc for commands that need no more than its ledger. From then on the ledger tells
 * whose it is. Errors: `STORE_OTHER_DOC`, those of the store.
 */
export async function openDocStore(docId: string, options: StoreOptions): Promise<Store> {
  const store = await openToFill(docId, options);
  return closeOnError(store, () => keepDoc(store, docId));
}

/** Opens the ledger of a doc or an empty one, and leaves it empty. Errors: as {@link openDocStore}. */
export function openToFill(docId: string, options: StoreOptions): Promise<Store> {
  return open({ docId, store: whereOf(docId, options) });
}

/** Opens the ledger a doc already has. Errors: `STORE_MISSING`, `STORE_OTHER_DOC`. */
export function openKeptStore(docId: string, options: StoreOptions): Promise<Store> {
  return open({ docId, store: whereOf(docId, options), mustExist: true });
}

/** A server that is set to nothing is as good as none. */
export function whereOf(docId: string, { store = '' }: StoreOptions): string {
  if (store !== '') return store;
  return readDocSetUp(docId)?.store ?? ledgerFile(docId);
}

async function open(place: StorePlace): Promise<Store> {
  mkdirSync(STATE_FOLDER, { recursive: true });
  const store = await openStore(place);
  await closeOnError(store, () => refuseOtherDoc(store, place.docId));
  writeFileSync(LAST_DOC_FILE, `${place.docId}\n`);
  return store;
}

async function closeOnError(store: Store, step: () => Promise<void>): Promise<Store> {
  try {
    await step();
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** What is known of a doc's ledger outside of it. */
export async function readWitness(docId: string): Promise<Witness> {
  return { docId, anchors: await readAnchors(anchorFileOf(STATE_FOLDER, docId)) };
}

/**
 * Refuses a ledger the doc did not go on with, as a pass does: one that was left behind when the ledger moved would be written beside the true
 * one. Without the doc's `api`, what was witnessed on this computer has to do. Errors: `ANCHOR_DIFFERS`, `LEDGER_ELSEWHERE`, those of API and store.
 */
export async function refuseOtherLedger(
  store: Store,
  { docId, api }: Pick<Connection, 'docId'> & Partial<Pick<Connection, 'api'>>,
): Promise<void> {
  await checkHead(store, { file: anchorFileOf(STATE_FOLDER, docId), docId });
  if (api !== undefined) await checkLedger(store, { api, docId });
}

/** The doc a command is about that asks nothing of it: the one named, else the one served here, else the one used last. Errors: `DOC_UNNAMED`, `STATE_UNREADABLE`. */
export async function findDocId({ doc }: ConnectionOptions): Promise<string> {
  const docId = doc === undefined ? (await readLocalDocState())?.docId : parseDocId(doc);
  const known = docId ?? readSetUp()?.doc ?? lastDocId();
  if (known !== undefined) return known;
  throw new DomainError(
    'DOC_UNNAMED',
    'No doc was used here yet: add --doc URL, or run `npm start`.',
  );
}

/** The doc whose ledger was opened last. Errors: `STATE_UNREADABLE`. */
function lastDocId(): string | undefined {
  if (!existsSync(LAST_DOC_FILE)) return undefined;
  const docId = readFileSync(LAST_DOC_FILE, 'utf8').trim();
  if (isDocId(docId)) return docId;
  const way = 'delete it, then name the doc with --doc URL';
  throw new DomainError('STATE_UNREADABLE', `\`${LAST_DOC_FILE}\` names no doc: ${way}.`);
}
