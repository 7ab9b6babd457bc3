import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  BREAKER_STATES,
  GATE_CHECK_STATES,
  PATCH_STATES,
  PHASE_STATES,
  RUN_STATES,
  STEP_STATES,
  TASK_STATES,
  WORKER_STATES,
  WORKSTREAM_STATES,
} from '#shared/lifecycle/index.ts';
import { openSqliteStore, RECORD_TABLES } from '#worker/store/index.ts';
import { append, eventOf } from '../append-event.ts';
import { useStoreFiles } from '../store-files.ts';

const newFile = useStoreFiles();
const toColumn = (field: string): string =>
  field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Whose states the check of a table lists; the last two have no machine, and their list stands here. */
const STATES: Readonly<Record<string, readonly string[]>> = {
  runs: RUN_STATES,
  phases: PHASE_STATES,
  workstreams: WORKSTREAM_STATES,
  tasks: TASK_STATES,
  step_attempts: STEP_STATES,
  workers: WORKER_STATES,
  patch_ledger: PATCH_STATES,
  test_gates: GATE_CHECK_STATES,
  breakers: BREAKER_STATES,
  reservations: ['held', 'settled', 'released', 'expired'],
  dead_letters: ['open', 'redriven', 'dropped'],
};

let database: DatabaseSync;
beforeAll(async () => {
  const file = newFile();
  const store = await openSqliteStore({ file });
  const transition = { from: 'pending', trigger: 'queue', to: 'queued' };
  await append(store, 'task/R1/T1', [{ ...eventOf(1), transition }]);
  await append(store, 'desk/dana', [eventOf(2)]);
  await store.close();
  database = new DatabaseSync(file);
});
afterAll(() => database.close());

const ask = (sql: string) => database.prepare(sql).all();
const textOf = (table: string): string =>
  String(ask(`SELECT sql FROM sqlite_schema WHERE name = '${table}'`)[0]?.['sql']);
const namesOf = (type: string): readonly string[] =>
  ask(`SELECT name FROM sqlite_schema WHERE type = '${type}'`).map(({ name }) => String(name));

describe.each(Object.entries(RECORD_TABLES))('the table %s', (table, spec) => {
  it('takes only values of the declared type, under the id its documents name', () => {
    const strict = ask(`SELECT strict FROM pragma_table_list WHERE name = '${table}'`);
    expect(strict).toEqual([{ strict: 1 }]);
    const parts = spec.id.map((field) => `(body ->> '$.${field}')`).join(" || '/' || ");
    expect(textOf(table)).toContain(`id TEXT NOT NULL PRIMARY KEY CHECK (id IS ${parts})`);
  });

  it('refers to the tables its documents refer to, and to no other', () => {
    const keys = ask(`SELECT "from", "table" FROM pragma_foreign_key_list('${table}')`);
    const expected = Object.entries(spec.references).map(
      ([field, to]) => `${toColumn(field)} ${to}`,
    );
    expect(keys.map(({ from, table: to }) => [from, to].join(' ')).toSorted()).toEqual(
      expected.toSorted(),
    );
    for (const [field] of Object.entries(spec.references)) {
      const column = `${toColumn(field)} TEXT GENERATED ALWAYS AS (body ->> '$.${field}') VIRTUAL`;
      expect(textOf(table)).toContain(column);
    }
  });

  it('knows the states of its documents, where they have any', () => {
    const list = /state_is_known CHECK \(state IN \(([^)]*)\)\)/.exec(textOf(table))?.[1];
    const states = list?.split(',').map((state) => state.trim().slice(1, -1));
    expect(states).toEqual(STATES[table]);
    expect(states !== undefined).toBe(spec.hasState === true);
  });

  it('keeps every document, and changes none where it is append-only', () => {
    const triggers = namesOf('trigger');
    expect(triggers).toContain(`${table}_stay`);
    expect(triggers.includes(`${table}_are_kept`)).toBe(spec.isAppendOnly === true);
  });
});

describe('the tables of contract documents', () => {
  it('are those of the code, beside those of the store itself', () => {
    const own = ['events', 'appends', 'collections', 'outbox', 'leases', 'schema_migrations'];
    const tables = namesOf('table').toSorted();
    expect(tables).toEqual([...own, ...Object.keys(RECORD_TABLES)].toSorted());
  });

  it('stand against a deletion by hand', () => {
    database.exec(`INSERT INTO gates (id, body) VALUES ('G1', '{"gateId":"G1"}')`);
    expect(() => database.exec('DELETE FROM gates')).toThrow('a document of gates stays');
  });
});

describe('the view of transitions', () => {
  it('shows each event that moved a lifecycle, with its entity and its place in the chain', () => {
    const [row, ...more] = ask('SELECT * FROM transitions');
    expect(more).toEqual([]);
    expect(row).toEqual({
      entity_type: 'task',
      entity_id: 'R1/T1',
      version: 1,
      from_state: 'pending',
      to_state: 'queued',
      trigger: 'queue',
      actor: eventOf(1).actor,
      at: eventOf(1).at,
      previous_hash: '0'.repeat(64),
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });
});
