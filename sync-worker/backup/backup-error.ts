import { DomainError } from '#shared/kernel/index.ts';

/** Why a backup is not taken or not restored; what `fill` itself refuses comes under the store's codes. */
export type BackupErrorCode =
  | 'BACKUP_BROKEN'
  | 'BACKUP_CUT'
  | 'BACKUP_EDITED'
  | 'BACKUP_NEWER'
  | 'BACKUP_OF_OTHER_DOC'
  | 'BACKUP_OUTDATED'
  | 'BACKUP_UNREADABLE'
  | 'RESTORE_DIFFERS';

/** What a person can do about it, after what is wrong. */
const NEXT_STEP: Readonly<Record<BackupErrorCode, string>> = {
  BACKUP_BROKEN:
    'restore an older backup; where none is left, keep this file and its ledger as evidence',
  BACKUP_CUT: 'copy it again from where it was made, or take another backup',
  BACKUP_EDITED: 'copy it again from where it was made, or take another backup',
  BACKUP_NEWER: 'update Founder HQ and restore again',
  BACKUP_OF_OTHER_DOC: 'name the doc it was made of, or another file',
  BACKUP_OUTDATED:
    'restore a newer one, or move the anchor file away to go on without those events',
  BACKUP_UNREADABLE: 'name a file that `founder-hq backup` wrote',
  RESTORE_DIFFERS: 'throw the restored store away, check the disk and restore again',
};

/** The failure of a backup file, with its cause and the next step. */
export const toBackupError = (
  code: BackupErrorCode,
  text: string,
  cause?: unknown,
): DomainError<BackupErrorCode> => new DomainError(code, `${text}; ${NEXT_STEP[code]}`, { cause });
