import { describe } from 'vitest';
import { openSqliteStore } from '#worker/store/index.ts';
import { describeBackup } from '../../backup/backup-suite.ts';
import { useStoreFiles } from '../store-files.ts';
import { DANA_URL, HAS_NO_POSTGRES, useEmptyStores } from './postgres-docs.ts';

const newFile = useStoreFiles();

describe.skipIf(HAS_NO_POSTGRES)('between the two kinds of store', () => {
  const inPostgres = useEmptyStores(DANA_URL);
  const inFile = () => openSqliteStore({ file: newFile() });
  describeBackup('PostgreSQL', { create: inPostgres, createOther: inFile }, newFile);
  describeBackup('SQLite for PostgreSQL', { create: inFile, createOther: inPostgres }, newFile);
});
