import { RECORD_TABLES_SQL } from './record-tables-sql.ts';

/** One step from an empty schema to today's tables. What was released is never edited: the next change is the next step. */
export interface Migration {
  /** From 1, without gaps. */
  readonly number: number;
  readonly sql: string;
}

/** Every step, in order. Each runs with the schema of the doc as its only search path. */
export const MIGRATIONS: readonly Migration[] = [
  {
    number: 1,
    // The server reads no JSON that holds an escaped NUL or half a surrogate pair, and takes neither as text: `safe_json` gives
    // them, and the backslash they are told by, as the escape they are written with (see key-text.ts). The ledger keeps the
    // text as it was hashed. That its columns tell no other story is asked once for all events of a statement: generated
    // columns read the text once each, which made the append of fifty events a third slower.
    sql: `
CREATE DOMAIN key AS text COLLATE "C";
CREATE FUNCTION safe_json(body text) RETURNS json
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF strpos(body, '\\') = 0 THEN
    RETURN body::json;
  END IF;
  RETURN regexp_replace(
    replace(replace(body, '\\\\', '\\\\u005c'), '\\u0000', '\\\\u0000'),
    '\\\\u(d[89a-f][0-9a-f]{2})', '\\\\\\\\u\\1', 'g'
  )::json;
END $$;
CREATE FUNCTION field(body text, VARIADIC path text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT AS $$
BEGIN
  RETURN safe_json(body) #>> path;
END $$;

CREATE TABLE events (
  position bigint PRIMARY KEY,
  stream key NOT NULL,
  version bigint NOT NULL,
  type key NOT NULL,
  idempotency_key key,
  body text NOT NULL,
  hash text NOT NULL CHECK (length(hash) = 64),
  UNIQUE (stream, version)
);
CREATE INDEX event_of_key ON events (idempotency_key, position) WHERE idempotency_key IS NOT NULL;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE FUNCTION events_continue() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  all_of record;
BEGIN
  SELECT count(*) AS count, min(a.position) AS first, max(a.position) AS last,
    min(a.stream) AS stream, min(a.stream) <> max(a.stream) AS is_mixed,
    min(a.version) AS first_version, max(a.version) AS last_version,
    bool_or((a.position, a.stream, a.version, a.type, a.idempotency_key) IS DISTINCT FROM
      (said.position, said.stream, said.version, said.type, said."idempotencyKey")) AS is_unlike
  INTO all_of
  FROM added a, json_to_record(safe_json(a.body)) AS said (
    position bigint, stream text, version bigint, type text, "idempotencyKey" text);
  IF all_of.is_unlike THEN
    RAISE EXCEPTION 'the columns of an event say what its text says'
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF all_of.last - all_of.first + 1 <> all_of.count
    OR all_of.first > 1 AND NOT EXISTS (SELECT FROM events WHERE position = all_of.first - 1)
    -- An append is of one stream; only a backup brings more at once.
    OR NOT all_of.is_mixed AND (
      all_of.last_version - all_of.first_version + 1 <> all_of.count
      OR all_of.first_version > 1 AND NOT EXISTS (
        SELECT FROM events WHERE stream = all_of.stream AND version = all_of.first_version - 1))
    OR all_of.is_mixed AND EXISTS (
      SELECT FROM added a WHERE a.version > 1 AND NOT EXISTS (
        SELECT FROM events e WHERE e.stream = a.stream AND e.version = a.version - 1))
  THEN
    RAISE EXCEPTION 'an event continues the ledger and its stream without a gap'
      USING ERRCODE = 'restrict_violation';
  END IF;
  -- A hint, heard when the transaction has landed.
  PERFORM pg_notify(TG_TABLE_SCHEMA, '');
  RETURN NULL;
END $$;
CREATE TRIGGER events_continue AFTER INSERT ON events REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION events_continue();
CREATE TRIGGER events_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON events
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE VIEW transitions AS SELECT
  split_part(stream, '/', 1) AS entity_type,
  substr(stream, strpos(stream, '/') + 1) AS entity_id,
  version,
  field(body, 'transition', 'from') AS from_state,
  field(body, 'transition', 'to') AS to_state,
  field(body, 'transition', 'trigger') AS trigger,
  field(body, 'actor') AS actor,
  field(body, 'at') AS at,
  field(body, 'previousHash') AS previous_hash,
  hash
FROM events WHERE field(body, 'transition', 'to') IS NOT NULL;

CREATE TABLE ledger_head (
  id integer PRIMARY KEY CHECK (id = 1),
  position bigint NOT NULL,
  hash text NOT NULL
);
INSERT INTO ledger_head VALUES (1, 0, repeat('0', 64));
CREATE FUNCTION head_moves_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.position <= OLD.position THEN
    RAISE EXCEPTION 'the head of the ledger only moves on' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER head_moves_on BEFORE UPDATE ON ledger_head
FOR EACH ROW EXECUTE FUNCTION head_moves_on();
CREATE TRIGGER head_is_kept BEFORE DELETE OR TRUNCATE ON ledger_head
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE collections (
  collection key NOT NULL,
  id key NOT NULL,
  body text NOT NULL,
  PRIMARY KEY (collection, id)
);
CREATE TABLE outbox (
  number bigint PRIMARY KEY,
  id key NOT NULL UNIQUE,
  body text NOT NULL
);
CREATE TABLE leases (
  name key PRIMARY KEY,
  owner key NOT NULL,
  fence bigint NOT NULL,
  expires_at_ms bigint NOT NULL
);
CREATE FUNCTION fence_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.fence < OLD.fence THEN
    RAISE EXCEPTION 'a fence only grows' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER fence_grows BEFORE UPDATE ON leases FOR EACH ROW EXECUTE FUNCTION fence_grows();
CREATE TRIGGER fence_is_kept BEFORE DELETE OR TRUNCATE ON leases
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
${RECORD_TABLES_SQL}`,
  },
];
