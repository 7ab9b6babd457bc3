import { RECORD_TABLES } from '../record-tables.ts';
import { quoteName } from './schema-name.ts';
import { ROLES } from './session.ts';

/**
 * Makes the two roles of a server, once; to be run by a user who may make roles. Who is to run the worker is given both:
 * `GRANT founder_hq_writer, founder_hq_reader TO dana`. Their rights in a doc's schema come with the schema.
 */
export const CREATE_ROLES = `
DO $$ BEGIN
  CREATE ROLE ${ROLES.write} NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
DO $$ BEGIN
  CREATE ROLE ${ROLES.read} NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
`;

/** Passes the rights in a schema to the roles where they exist: of the ledger and of what is kept for ever, nothing may be updated or deleted. */
export function toGrants(schema: string): string {
  const changing = Object.entries(RECORD_TABLES).flatMap(([table, { isAppendOnly }]) =>
    isAppendOnly === true ? [] : [table],
  );
  const kept = Object.keys(RECORD_TABLES).filter((table) => !changing.includes(table));
  const name = quoteName(schema);
  return `
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${ROLES.write}')
    OR NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${ROLES.read}') THEN
    RETURN;
  END IF;
  GRANT USAGE ON SCHEMA ${name} TO ${ROLES.write}, ${ROLES.read};
  GRANT SELECT ON ALL TABLES IN SCHEMA ${name} TO ${ROLES.write}, ${ROLES.read};
  GRANT INSERT ON events, ${kept.join(', ')} TO ${ROLES.write};
  GRANT UPDATE ON ledger_head TO ${ROLES.write};
  GRANT INSERT, UPDATE ON leases, ${changing.join(', ')} TO ${ROLES.write};
  GRANT INSERT, UPDATE, DELETE ON collections, outbox TO ${ROLES.write};
END $$;
`;
}
