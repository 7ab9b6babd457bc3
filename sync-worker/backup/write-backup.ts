import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Clock, toInstant } from '#shared/kernel/index.ts';
import type { Store } from '#worker/store/index.ts';
import { syncFolder, type Witness } from '#worker/verify/index.ts';
import {
  type BackupSummary,
  createTally,
  toHeaderLine,
  toRowLine,
  toTrailerLine,
} from './backup-lines.ts';
import { checkBackup } from './read-backup.ts';

/** How a backup is taken. */
export interface BackupOptions {
  /** Where it goes; an older backup of that name stays until the new one is whole. */
  readonly file: string;
  /** Whose ledger it is, and what is known of it from outside. */
  readonly witness: Witness;
  readonly clock: Clock;
}

const CHUNK_LENGTH = 65_536;

/**
 * Writes all a store holds, as one moment left it, into one file, while others go on writing to the store. The file is read
 * back and checked, ledger included, before it takes its name, so that a backup that exists can be restored.
 * Errors: those of `checkBackup`, of the store and of the disk; no file is left then.
 */
export async function writeBackup(
  store: Pick<Store, 'dump'>,
  { file, witness, clock }: BackupOptions,
): Promise<BackupSummary> {
  const partial = `${file}.${process.pid}.partial`;
  try {
    const handle = await open(partial, 'w', 0o600);
    try {
      await writeLines(store, { handle, docId: witness.docId, at: toInstant(clock()) });
      await handle.sync();
    } finally {
      await handle.close();
    }
    const summary = await checkBackup(partial, witness);
    await rename(partial, file);
    await syncFolder(dirname(file));
    return summary;
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

async function writeLines(
  store: Pick<Store, 'dump'>,
  {
    handle,
    docId,
    at,
  }: { readonly handle: FileHandle; readonly docId: string; readonly at: string },
): Promise<void> {
  const tally = createTally({ docId, at });
  let chunk = `${toHeaderLine({ docId, at })}\n`;
  for await (const row of store.dump()) {
    tally.add(row);
    chunk += `${toRowLine(row)}\n`;
    if (chunk.length < CHUNK_LENGTH) continue;
    await handle.appendFile(chunk);
    chunk = '';
  }
  await handle.appendFile(`${chunk}${toTrailerLine(tally.summary())}\n`);
}
