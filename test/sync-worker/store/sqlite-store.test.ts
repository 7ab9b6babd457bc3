import { openSqliteStore } from '#worker/store/index.ts';
import { describeStore } from './store-contract.ts';
import { useStoreFiles } from './store-files.ts';

const newFile = useStoreFiles();

describeStore('SQLite store', () => openSqliteStore({ file: newFile() }));
