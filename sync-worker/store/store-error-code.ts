/** How a store can fail, by what the person can do about it. */
export type StoreErrorCode =
  | 'BACKUP_UNREADABLE'
  | 'DISK_FULL'
  | 'DISK_FAILED'
  | 'MIGRATION_CHANGED'
  | 'RECORD_REFUSED'
  | 'STALE_LEASE'
  | 'STORE_CORRUPT'
  | 'STORE_IN_USE'
  | 'STORE_MISSING'
  | 'STORE_NEWER'
  | 'STORE_NOT_EMPTY'
  | 'STORE_READ_ONLY'
  | 'STORE_UNREACHABLE'
  | 'STORE_UNREADABLE'
  | 'STORE_UNSAFE';
