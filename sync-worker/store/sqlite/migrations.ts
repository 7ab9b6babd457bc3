import { RECORD_GUARDS_SQL } from './record-guards-sql.ts';
import { RECORD_TABLES_SQL } from './record-tables-sql.ts';

/** One step from an empty file to today's tables. What was released is never edited: the next change is the next step. */
export interface Migration {
  /** From 1, without gaps. */
  readonly number: number;
  readonly sql: string;
}

/**
 * The name that a field of a body holds, in SQL, as `toKeyText` writes it. The canonical text of a body has half a surrogate
 * pair, a NUL and a backslash as escapes; they are escaped once more, so that what reads the text leaves them.
 */
const toKey = (field: string): string =>
  `replace(replace(replace(body -> '$.${field}', '\\\\', '\\\\u005c'), '\\u0000', '\\\\u0000'), '\\ud', '\\\\ud') ->> '$'`;

/** Every step, in order. */
export const MIGRATIONS: readonly Migration[] = [
  {
    number: 1,
    // The columns of an event are generated from the text its hash is taken of, so that no column can tell another story.
    sql: `
CREATE TABLE event (
  position INTEGER PRIMARY KEY CHECK (position = body ->> '$.position'),
  stream TEXT NOT NULL GENERATED ALWAYS AS (body ->> '$.stream') VIRTUAL,
  version INTEGER NOT NULL GENERATED ALWAYS AS (body ->> '$.version') VIRTUAL,
  type TEXT NOT NULL GENERATED ALWAYS AS (body ->> '$.type') VIRTUAL,
  idempotency_key TEXT GENERATED ALWAYS AS (body ->> '$.idempotencyKey') VIRTUAL,
  body TEXT NOT NULL,
  hash TEXT NOT NULL,
  UNIQUE (stream, version)
) STRICT;
CREATE INDEX event_of_key ON event (idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE TRIGGER event_continues BEFORE INSERT ON event
WHEN NEW.position <> (SELECT coalesce(max(position), 0) FROM event) + 1
  OR NEW.version <> (SELECT coalesce(max(version), 0) FROM event WHERE stream = NEW.stream) + 1
BEGIN SELECT RAISE(ABORT, 'an event continues the ledger and its stream without a gap'); END;
CREATE TRIGGER event_is_kept BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER event_stays BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

CREATE TABLE head (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  position INTEGER NOT NULL,
  hash TEXT NOT NULL
) STRICT;
INSERT INTO head VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');
CREATE TRIGGER head_moves_on BEFORE UPDATE ON head WHEN NEW.position <= OLD.position
BEGIN SELECT RAISE(ABORT, 'the head of the ledger only moves on'); END;
CREATE TRIGGER head_stays BEFORE DELETE ON head
BEGIN SELECT RAISE(ABORT, 'the head of the ledger only moves on'); END;

CREATE TABLE document (
  collection TEXT NOT NULL,
  id TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (collection, id)
) STRICT;

CREATE TABLE outbox (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  body TEXT NOT NULL
) STRICT;

CREATE TABLE lease (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  owner TEXT NOT NULL,
  fence INTEGER NOT NULL,
  expires_at_ms INTEGER NOT NULL
) STRICT;
INSERT INTO lease VALUES (1, '', 0, 0);
CREATE TRIGGER fence_grows BEFORE UPDATE ON lease WHEN NEW.fence < OLD.fence
BEGIN SELECT RAISE(ABORT, 'a fence only grows'); END;
`,
  },
  {
    number: 2,
    // Leases have names; what was the lease of the whole store is the lease to sync.
    sql: `
ALTER TABLE migration RENAME TO schema_migrations;
ALTER TABLE event RENAME TO events;
ALTER TABLE head RENAME TO ledger_head;
ALTER TABLE document RENAME TO collections;

-- The same rule, asked of the row before instead of the last one: half the work of an insert is saved.
DROP TRIGGER event_continues;
CREATE TRIGGER event_continues AFTER INSERT ON events
WHEN NEW.position <= (SELECT position FROM ledger_head)
  OR NEW.position <> 1 AND NOT EXISTS (SELECT 1 FROM events WHERE position = NEW.position - 1)
  OR NEW.version <> 1
    AND NOT EXISTS (SELECT 1 FROM events WHERE stream = NEW.stream AND version = NEW.version - 1)
BEGIN SELECT RAISE(ABORT, 'an event continues the ledger and its stream without a gap'); END;

CREATE VIEW transitions AS SELECT
  substr(stream, 1, instr(stream, '/') - 1) AS entity_type,
  substr(stream, instr(stream, '/') + 1) AS entity_id,
  version,
  body ->> '$.transition.from' AS from_state,
  body ->> '$.transition.to' AS to_state,
  body ->> '$.transition.trigger' AS trigger,
  body ->> '$.actor' AS actor,
  body ->> '$.at' AS at,
  body ->> '$.previousHash' AS previous_hash,
  hash
FROM events WHERE body ->> '$.transition.to' IS NOT NULL;

CREATE TABLE leases (
  name TEXT NOT NULL PRIMARY KEY,
  owner TEXT NOT NULL,
  fence INTEGER NOT NULL,
  expires_at_ms INTEGER NOT NULL
) STRICT;
INSERT INTO leases SELECT 'sync', owner, fence, expires_at_ms FROM lease WHERE fence > 0;
DROP TABLE lease;
CREATE TRIGGER fence_grows BEFORE UPDATE ON leases WHEN NEW.fence < OLD.fence
BEGIN SELECT RAISE(ABORT, 'a fence only grows'); END;
CREATE TRIGGER fence_is_kept BEFORE DELETE ON leases
BEGIN SELECT RAISE(ABORT, 'a fence only grows'); END;
${RECORD_TABLES_SQL}${RECORD_GUARDS_SQL}`,
  },
  {
    number: 3,
    // Columns, two indexes and a guard for each event were most of what an append took. An event is now its text and its hash
    // alone, and found by the row of the append that brought it: the events of one append are neighbours in the ledger and
    // in one stream. A step that goes on from an event without an append is refused. The head is the last event: a row for
    // it, or another order of appends, would be one more page in each commit. A guard undoes the whole transaction: to undo
    // one statement alone SQLite would copy pages before each.
    sql: `
DROP VIEW transitions;
ALTER TABLE events RENAME TO old_events;
CREATE TABLE events (
  position INTEGER PRIMARY KEY,
  body TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
INSERT INTO events SELECT position, body, hash FROM old_events ORDER BY position;

CREATE TABLE appends (
  stream TEXT NOT NULL,
  first_version INTEGER NOT NULL,
  first_position INTEGER NOT NULL,
  last_position INTEGER NOT NULL CHECK (last_position >= first_position),
  idempotency_key TEXT,
  PRIMARY KEY (stream, first_version)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX append_of_key ON appends (idempotency_key) WHERE idempotency_key IS NOT NULL;
-- Neighbours of one stream and one key are all as far from their place among the events of that stream and key.
INSERT INTO appends SELECT stream, min(version), min(position), max(position), idempotency_key FROM (
  SELECT position, version, ${toKey('stream')} AS stream, ${toKey('idempotencyKey')} AS idempotency_key,
    position - row_number() OVER (PARTITION BY stream, idempotency_key ORDER BY position) AS distance
  FROM old_events
) GROUP BY stream, idempotency_key, distance;
DROP TABLE old_events;

ALTER TABLE ledger_head RENAME TO old_head;
CREATE VIEW ledger_head AS
SELECT position, hash FROM (SELECT position, hash FROM events ORDER BY position DESC LIMIT 1)
UNION ALL
SELECT 0, '0000000000000000000000000000000000000000000000000000000000000000'
WHERE NOT EXISTS (SELECT 1 FROM events);
-- A head that was moved by hand must not be forgotten as if it had never been wrong.
CREATE TABLE agreement (is_so INTEGER CONSTRAINT head_is_the_last_event CHECK (is_so = 1)) STRICT;
INSERT INTO agreement SELECT (position, hash) = (SELECT position, hash FROM ledger_head) FROM old_head;
DROP TABLE agreement;
DROP TABLE old_head;

CREATE TRIGGER event_is_new BEFORE INSERT ON events
WHEN NEW.position <= coalesce((SELECT max(position) FROM events), 0)
BEGIN SELECT RAISE(ROLLBACK, 'the ledger is append-only'); END;
CREATE TRIGGER event_is_kept BEFORE UPDATE ON events
BEGIN SELECT RAISE(ROLLBACK, 'the ledger is append-only'); END;
CREATE TRIGGER event_stays BEFORE DELETE ON events
BEGIN SELECT RAISE(ROLLBACK, 'the ledger is append-only'); END;
CREATE TRIGGER append_continues BEFORE INSERT ON appends
BEGIN
  SELECT RAISE(ROLLBACK, 'an append continues its stream without a gap')
  WHERE NEW.first_version <> 1 + coalesce((
    SELECT first_version + last_position - first_position FROM appends
    WHERE stream = NEW.stream ORDER BY first_version DESC LIMIT 1), 0);
  SELECT RAISE(ROLLBACK, 'an append is of all events after those of the one before')
  WHERE (SELECT max(position) FROM events) IS NOT NEW.last_position
    OR (SELECT count(*) FROM events WHERE position >= NEW.first_position)
      <> NEW.last_position - NEW.first_position + 1
    OR NEW.first_position <> 1 AND NEW.first_position - 1 IS NOT (
      SELECT last_position FROM events JOIN appends
      ON stream = ${toKey('stream')} AND first_version <= body ->> '$.version'
      WHERE position = NEW.first_position - 1 ORDER BY first_version DESC LIMIT 1);
  SELECT RAISE(ROLLBACK, 'an append says what the text of its last event says')
  WHERE NOT EXISTS (SELECT 1 FROM events WHERE position = NEW.last_position
    AND body ->> '$.position' = NEW.last_position
    AND body ->> '$.version' = NEW.first_version + NEW.last_position - NEW.first_position
    AND ${toKey('stream')} = NEW.stream
    AND ${toKey('idempotencyKey')} IS NEW.idempotency_key);
  SELECT RAISE(ROLLBACK, 'a key is of one append')
  WHERE EXISTS (SELECT 1 FROM appends WHERE idempotency_key = NEW.idempotency_key); END;
CREATE TRIGGER append_is_kept BEFORE UPDATE ON appends
BEGIN SELECT RAISE(ROLLBACK, 'the ledger is append-only'); END;
CREATE TRIGGER append_stays BEFORE DELETE ON appends
BEGIN SELECT RAISE(ROLLBACK, 'the ledger is append-only'); END;

CREATE VIEW transitions AS SELECT
  substr(body ->> '$.stream', 1, instr(body ->> '$.stream', '/') - 1) AS entity_type,
  substr(body ->> '$.stream', instr(body ->> '$.stream', '/') + 1) AS entity_id,
  body ->> '$.version' AS version,
  body ->> '$.transition.from' AS from_state,
  body ->> '$.transition.to' AS to_state,
  body ->> '$.transition.trigger' AS trigger,
  body ->> '$.actor' AS actor,
  body ->> '$.at' AS at,
  body ->> '$.previousHash' AS previous_hash,
  hash
FROM events WHERE body ->> '$.transition.to' IS NOT NULL;
`,
  },
];
