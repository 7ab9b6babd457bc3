import { describe } from 'vitest';
import { openSqliteStore } from '#worker/store/index.ts';
import { HAS_NO_POSTGRES, useEmptyStores } from '../store/postgres/postgres-docs.ts';
import { useStoreFiles } from '../store/store-files.ts';
import { describeEventBus } from './event-bus-suite.ts';

const newFile = useStoreFiles();
describeEventBus('SQLite', () => openSqliteStore({ file: newFile() }));

describe.skipIf(HAS_NO_POSTGRES)('on a server', () => {
  describeEventBus('PostgreSQL', useEmptyStores());
});
