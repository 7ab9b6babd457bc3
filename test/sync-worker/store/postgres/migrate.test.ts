import { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import { migrate } from '#worker/store/postgres/migrate.ts';
import { MIGRATIONS } from '#worker/store/postgres/migrations.ts';
import { openPostgresStore } from '#worker/store/postgres/postgres-store.ts';
import { toSchemaName } from '#worker/store/postgres/schema-name.ts';
import { connect } from '#worker/store/postgres/session.ts';
import { RECORD_TABLES } from '#worker/store/record-tables.ts';
import { askServer, DANA_URL, HAS_NO_POSTGRES, newDocId, POSTGRES_URL } from './postgres-docs.ts';

const first = { number: 1, sql: 'CREATE TABLE one (id integer)' };
const second = { number: 2, sql: 'CREATE TABLE two (id integer)' };

const newPlace = () => {
  const docId = newDocId();
  return { docId, url: POSTGRES_URL, schema: toSchemaName(docId), name: 'the store' };
};
type Place = ReturnType<typeof newPlace>;

async function run(place: Place, migrations: typeof MIGRATIONS): Promise<void> {
  const client = await connect(place);
  try {
    await migrate(client, place, { migrations, grants: 'SELECT 1' });
  } finally {
    await client.end();
  }
}

const tablesOf = async ({ schema }: Place) =>
  (
    await askServer(
      `SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
      WHERE nspname = '${schema}' AND relkind = 'r' ORDER BY 1`,
    )
  ).map((row) => Object.values(Object(row)).join());

describe.skipIf(HAS_NO_POSTGRES)('migrate', () => {
  it('runs each step once, in order, and later only what is new', async () => {
    const place = newPlace();
    await run(place, [first]);
    await run(place, [first, second]);
    await run(place, [first, second]);
    expect(await tablesOf(place)).toEqual(['one', 'schema_migrations', 'two']);
    const rows = await askServer('SELECT number FROM schema_migrations ORDER BY 1', place.docId);
    expect(rows).toEqual([{ number: 1 }, { number: 2 }]);
  });

  it('leaves a schema as it was where a step fails', async () => {
    const place = newPlace();
    await run(place, [first]);
    const broken = { number: 2, sql: `${second.sql}; CREATE TABLE one (id integer)` };
    await expect(run(place, [first, broken])).rejects.toThrow('"one" already exists');
    expect(await tablesOf(place)).toEqual(['one', 'schema_migrations']);
  });

  it('leaves nothing of a step whose conversation ends after any of its statements', async () => {
    const place = newPlace();
    const statements = MIGRATIONS[0]?.sql.split(/(?<=;\n)(?=CREATE|INSERT|DO)/) ?? [];
    expect(statements.length).toBeGreaterThan(50);
    for (let kept = 0; kept < statements.length; kept += 9) {
      const sql = `${statements.slice(0, kept).join('')} SELECT pg_terminate_backend(pg_backend_pid())`;
      await expect(run(place, [{ number: 1, sql }])).rejects.toThrow('terminating connection');
      expect(await tablesOf(place)).toEqual([]);
    }
    await run(place, MIGRATIONS);
    expect((await tablesOf(place)).length).toBeGreaterThan(30);
  });

  it('makes a schema once where several processes open a new doc', async () => {
    const place = newPlace();
    await Promise.all([1, 2, 3].map(() => run(place, [first])));
    expect(await tablesOf(place)).toEqual(['one', 'schema_migrations']);
  });

  it.each([
    ['a step this program does not know', [first], 'STORE_NEWER', 'received step 2'],
    [
      'a step that was edited later',
      [first, { ...second, sql: ' ' }],
      'MIGRATION_CHANGED',
      'step 2',
    ],
  ])('refuses %s', async (_what, migrations, code, said) => {
    const place = newPlace();
    await run(place, [first, second]);
    const message = expect.stringContaining(said);
    await expect(run(place, migrations)).rejects.toMatchObject({ code, message });
  });

  it('refuses a schema of something else', async () => {
    const place = newPlace();
    await askServer(`CREATE SCHEMA "${place.schema}"`);
    const opening = openPostgresStore({ url: POSTGRES_URL, docId: place.docId });
    await expect(opening).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
  });

  it('tells a user who may not make a schema what to do', async () => {
    const opening = openPostgresStore({ url: DANA_URL, docId: newDocId() });
    await expect(opening).rejects.toMatchObject({
      code: 'STORE_READ_ONLY',
      message: expect.stringContaining('open it once as its owner'),
    });
  });

  it('passes the rights on where the roles were set up after the schema', async () => {
    const place = newPlace();
    const open = (url: string) => openPostgresStore({ url, docId: place.docId });
    await (await open(POSTGRES_URL)).close();
    const roles = 'founder_hq_writer, founder_hq_reader';
    await askServer(`REVOKE ALL ON SCHEMA "${place.schema}" FROM ${roles}`);
    await expect(open(DANA_URL)).rejects.toMatchObject({ code: 'STORE_READ_ONLY' });
    await (await open(POSTGRES_URL)).close();
    await (await open(DANA_URL)).close();
  });
});

describe.skipIf(HAS_NO_POSTGRES)('the tables', () => {
  it('hold what the program says of its documents: every table, reference and rule of keeping', async () => {
    const { docId } = newPlace();
    await (await openPostgresStore({ url: POSTGRES_URL, docId })).close();
    const schema = toSchemaName(docId);
    const client = new Client({ connectionString: POSTGRES_URL });
    await client.connect();
    const ask = async (text: string) =>
      (await client.query({ text, values: [schema], rowMode: 'array' })).rows.map(String);
    const references = await ask(`
      SELECT t.relname, a.attname, r.relname FROM pg_constraint c
      JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class r ON r.oid = c.confrelid
      JOIN pg_namespace n ON n.oid = c.connamespace
      JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = c.conkey[1]
      WHERE nspname = $1 AND contype = 'f' AND condeferrable AND condeferred ORDER BY 1, 2`);
    const kept = await ask(`
      SELECT t.relname FROM pg_trigger g JOIN pg_class t ON t.oid = tgrelid
      JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = $1 AND tgname = 'records_are_kept'`);
    const staying = await ask(`
      SELECT t.relname FROM pg_trigger g JOIN pg_class t ON t.oid = tgrelid
      JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = $1 AND tgname = 'records_stay'`);
    await client.end();
    const tables = Object.entries(RECORD_TABLES);
    const toColumn = (field: string) =>
      field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const expected = tables.flatMap(([table, record]) =>
      Object.entries(record.references).map(([field, to]) => [table, toColumn(field), to].join()),
    );
    expect(references.toSorted()).toEqual(expected.toSorted());
    const appendOnly = tables.flatMap(([table, { isAppendOnly }]) => (isAppendOnly ? [table] : []));
    expect(kept.toSorted()).toEqual(appendOnly.toSorted());
    expect(staying.toSorted()).toEqual(tables.map(([table]) => table).toSorted());
  });
});
