import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createCodaApi } from '#shared/coda/index.ts';
import { FOUNDER_HQ_TABLES } from '#shared/doc/index.ts';
import { DomainError, isDomainError } from '#shared/kernel/index.ts';
import { createHttpTransport, createPacedTransport, waitOnTimer } from '#worker/coda/index.ts';
import { createLocalDoc, type LocalDoc } from '#worker/local-doc/index.ts';
import { anchorFileOf } from '#worker/verify/index.ts';
import { type Connection, connect } from './connection.ts';
import { announceLocalDoc, findServedDoc, withdrawLocalDoc } from './local-doc-state.ts';
import { ledgerFile } from './open-store.ts';
import type { Progress } from './progress.ts';
import { STATE_FOLDER } from './state-folder.ts';

/** What of a start's options says which doc it is about. */
export interface StartDocFlags {
  readonly history?: string;
  readonly doc?: string;
  readonly once?: true;
  readonly fresh?: true;
  readonly port: number;
}

/** The doc a start works on. */
export interface Opened {
  readonly connection: Connection;
  readonly url: string;
  /** The doc of this computer; absent where a real one was named. */
  readonly doc?: LocalDoc;
  readonly baseUrl: string;
  readonly token: string;
  readonly close: () => Promise<void>;
}

/** Opens the doc a start is about: a real one that was named, else one of this computer, served and announced. */
export async function openStartDoc(flags: StartDocFlags, progress: Progress): Promise<Opened> {
  if (flags.doc !== undefined) {
    const connection = await connect({ doc: flags.doc }, { env: process.env });
    const { browserLink } = await connection.api.getDoc(connection.docId);
    const token = process.env['CODA_API_TOKEN'] ?? '';
    return { connection, url: browserLink, baseUrl: '', token, close: async () => {} };
  }
  const name = flags.history === undefined ? 'sample' : `history-${await hashFile(flags.history)}`;
  const file = join(STATE_FOLDER, `${name}.db`);
  mkdirSync(STATE_FOLDER, { recursive: true });
  if (flags.fresh === true) forgetDoc(file);
  progress.say('opening the doc');
  const doc = await openLocalDoc(file);
  const server = await doc.listen(flags.port).catch((error: unknown) => {
    doc.close();
    throw error;
  });
  const { baseUrl } = server;
  const { docId, token } = doc;
  const state = { baseUrl, docId, token, profile: 'instant' } as const;
  // One that ends after the answer is not worth finding, and must not stand in the way of one that serves on.
  const isFound =
    flags.once === true || (await announceLocalDoc(state).catch(closeAfter(server, doc)));
  if (!isFound) {
    process.stderr.write(
      'Another doc is served here too; commands without --doc go to that one.\n',
    );
  }
  const { transport, counts, guardWrites } = createPacedTransport(
    createHttpTransport({ baseUrl, token }),
    {
      clock: Date.now,
      wait: waitOnTimer,
      buckets: 'unlimited',
    },
  );
  const api = createCodaApi(transport);
  const connection = {
    counts,
    guardWrites,
    api,
    docId,
    clock: Date.now,
    wait: waitOnTimer,
    lagMs: 0,
    isLocal: true,
    skewMs: () => 0,
  };
  const close = async (): Promise<void> => {
    await server.close();
    doc.close();
    withdrawLocalDoc(state);
  };
  const url = `${baseUrl}/docs/${docId}`;
  return { connection, url, doc, baseUrl, token, close };
}

/** Whatever fails after the doc is open must not leave it open: the process would never end. */
const closeAfter =
  (server: { readonly close: () => Promise<void> }, doc: LocalDoc) =>
  async (error: unknown): Promise<never> => {
    await server.close();
    doc.close();
    throw error;
  };

/** Errors: `ALREADY_SERVED` where another start has the doc open. */
async function openLocalDoc(file: string): Promise<LocalDoc> {
  try {
    return createLocalDoc({ file, profile: 'instant', tables: FOUNDER_HQ_TABLES });
  } catch (error) {
    if (!isDomainError(error) || error.code !== 'STORE_IN_USE') throw error;
    const served = await findServedDoc();
    const where = served === undefined ? 'by another process' : `at ${served.baseUrl}`;
    const message = `This doc is served already, ${where}: Ctrl-C there ends it, and sync and status work beside it.`;
    throw new DomainError('ALREADY_SERVED', message, { cause: error });
  }
}

/** Forgets a doc of earlier starts, its ledger, and what was noted of an import into it. */
function forgetDoc(file: string): void {
  if (existsSync(file)) {
    const doc = createLocalDoc({ file, profile: 'instant' });
    doc.close();
    forget(ledgerFile(doc.docId));
    rmSync(join(STATE_FOLDER, `import-${doc.docId}`), { force: true });
    rmSync(anchorFileOf(STATE_FOLDER, doc.docId), { force: true });
  }
  forget(file);
}

function forget(file: string): void {
  for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
}

/** The same file is the same doc, so a second start goes on where the first one was. */
async function hashFile(file: string): Promise<string> {
  if (!existsSync(file)) throw new DomainError('FILE_MISSING', `There is no file \`${file}\`.`);
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest('hex').slice(0, 12);
}
