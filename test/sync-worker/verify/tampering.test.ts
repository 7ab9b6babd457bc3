import { DatabaseSync } from 'node:sqlite';
import { openSqliteStore } from '#worker/store/index.ts';
import { useStoreFiles } from '../store/store-files.ts';
import type { ForgedLedger } from './ledger-attacks.ts';
import { describeTampering } from './tampering.ts';

const newFile = useStoreFiles();

describeTampering('a SQLite store', async () => {
  const file = newFile();
  const store = await openSqliteStore({ file });
  const forger = new DatabaseSync(file);
  const triggers = forger
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
    .all()
    .map(({ name }) => `DROP TRIGGER ${String(name)};`);
  forger.exec(
    `PRAGMA synchronous = OFF; PRAGMA ignore_check_constraints = ON; ${triggers.join('')}`,
  );
  const clear = forger.prepare('DELETE FROM events');
  const insert = forger.prepare('INSERT INTO events (position, body, hash) VALUES (?, ?, ?)');
  const setHead = forger.prepare('UPDATE ledger_head SET position = ?, hash = ?');

  const forge = async ({ rows, head }: ForgedLedger) => {
    forger.exec('BEGIN');
    try {
      clear.run();
      for (const { position, body, hash } of rows) insert.run(position, body, hash);
      setHead.run(head.position, head.hash);
      forger.exec('COMMIT');
      return 'written';
    } catch {
      forger.exec('ROLLBACK');
      return 'refused';
    }
  };
  const close = async () => {
    forger.close();
    await store.close();
  };
  return { store, forge, close };
});
