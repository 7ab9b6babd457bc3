import { DatabaseSync } from 'node:sqlite';
import { openSqliteStore } from '#worker/store/index.ts';
import { useStoreFiles } from '../store/store-files.ts';
import { ATTACKS } from './ledger-attacks.ts';
import { describeTampering, type OpenedStore } from './tampering.ts';

const newFile = useStoreFiles();

/** The last event is the head: nobody can set it elsewhere. */
const { 'sets the head elsewhere': _, ...attacks } = ATTACKS;

async function open(): Promise<OpenedStore> {
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
  const clear = ['events', 'appends'].map((table) => forger.prepare(`DELETE FROM ${table}`));
  const insert = forger.prepare('INSERT INTO events (position, body, hash) VALUES (?, ?, ?)');
  // The index of a good forger fits the forged events: it must not be what gives them away.
  const index =
    forger.prepare(`INSERT INTO appends SELECT body ->> '$.stream', body ->> '$.version',
    position, position, body ->> '$.idempotencyKey' FROM events`);

  const forge: OpenedStore['forge'] = async ({ rows }) => {
    forger.exec('BEGIN');
    try {
      for (const statement of clear) statement.run();
      for (const { position, body, hash } of rows) insert.run(position, body, hash);
      index.run();
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
}

describeTampering('a SQLite store', open, attacks);
