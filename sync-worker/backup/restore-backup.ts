import type { Store } from '#worker/store/index.ts';
import { verifyStore, type Witness } from '#worker/verify/index.ts';
import { toBackupError } from './backup-error.ts';
import { type BackupSummary, createTally } from './backup-lines.ts';
import { checkBackup, readBackup } from './read-backup.ts';

/** What is restored. */
export interface RestoreOptions {
  readonly file: string;
  readonly witness: Witness;
  /** What `checkBackup` has just found in the file. @default the file is checked first */
  readonly checked?: BackupSummary;
}

/**
 * Fills an empty store from a backup, whole or not at all, and then checks that the store gives back the same rows to the
 * byte and a sound ledger. A backup older than the witness is refused: what came after it would be lost unseen.
 * Errors: those of `checkBackup`, of `Store.fill`, and `RESTORE_DIFFERS`.
 */
export async function restoreBackup(
  store: Store,
  { file, witness, ...known }: RestoreOptions,
): Promise<BackupSummary> {
  const checked = known.checked ?? (await checkBackup(file, witness));
  await store.fill(
    readBackup(file, ({ sha256 }) => {
      // Somebody has put another file in its place since.
      if (sha256 !== checked.sha256)
        throw toBackupError('BACKUP_EDITED', `\`${file}\` was changed`);
    }),
  );
  const tally = createTally(checked);
  for await (const row of store.dump()) tally.add(row);
  const { sha256 } = tally.summary();
  const verdict = await verifyStore(store, witness);
  if (verdict.ok && sha256 === checked.sha256) return checked;
  const text = verdict.ok
    ? `the store gives back other rows than \`${file}\` holds (expected ${checked.sha256}, received ${sha256})`
    : `the ledger restored from \`${file}\` is broken: ${verdict.fault.code} at event ${verdict.fault.position}`;
  throw toBackupError('RESTORE_DIFFERS', text);
}
