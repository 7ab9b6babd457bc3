import { RECORD_GUARDS_SQL } from './record-guards-sql.ts';
import { RECORD_TABLES_SQL } from './record-tables-sql.ts';

/** One step from an empty file to today's tables. What was released is never edited: the next change is the next step. */
export interface Migration {
  /** From 1, without gaps. */
  readonly number: number;
  readonly sql: string;
}

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
];
