export type * from './backup-error.ts';
export type { BackupSummary } from './backup-lines.ts';
export { checkBackup } from './read-backup.ts';
export * from './restore-backup.ts';
export * from './write-backup.ts';
