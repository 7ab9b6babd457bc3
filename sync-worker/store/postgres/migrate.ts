import * as z from 'zod/mini';
import { DomainError } from '#shared/kernel/index.ts';
import { sha256 } from '../sha256.ts';
import type { Migration } from './migrations.ts';
import { quoteName } from './schema-name.ts';
import type { Place, Session } from './session.ts';

const CREATE_HISTORY =
  'CREATE TABLE schema_migrations (number integer PRIMARY KEY, checksum text NOT NULL)';
const appliedSchema = z.array(z.object({ number: z.number(), checksum: z.string() }));
const foundSchema = z.tuple([
  z.object({ has_schema: z.boolean(), has_history: z.boolean(), lacks_grants: z.boolean() }),
]);

/** What a schema is to hold, and who may do what in it. */
export interface SchemaPlan {
  readonly migrations: readonly Migration[];
  /** SQL that passes the rights on, run after every change. */
  readonly grants: string;
}

/**
 * Brings a doc's schema to today's tables in one transaction, or leaves it as it was; one that is there already is only read,
 * so that a user without the right to change it can open it.
 * Errors: `DomainError` `STORE_CORRUPT` for a schema of something else, `STORE_NEWER` for steps this program does not know,
 * `MIGRATION_CHANGED` for a step that was edited after it had run.
 */
export async function migrate(session: Session, place: Place, plan: SchemaPlan): Promise<void> {
  if (await isUpToDate(session, place, plan)) return;
  await session.query({ text: 'BEGIN' });
  try {
    // Another process may have got here first: what is pending is asked again, now that no one else can change it.
    const text = 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))';
    await session.query({ text, values: [place.schema] });
    await applyPending(session, place, plan);
    await session.query({ text: 'COMMIT' });
  } catch (error) {
    await session.query({ text: 'ROLLBACK' }).catch(() => undefined);
    throw error;
  }
}

async function applyPending(
  session: Session,
  place: Place,
  { migrations, grants }: SchemaPlan,
): Promise<void> {
  const found = await look(session, place);
  const applied = found.has_history ? await readApplied(session, place) : [];
  const pending = findPending(applied, { place, migrations });
  if (!found.has_history) {
    await session.query({ text: `CREATE SCHEMA ${quoteName(place.schema)}` });
    await session.query({ text: CREATE_HISTORY });
  }
  for (const { number, sql } of pending) {
    await session.query({ text: sql });
    const text = 'INSERT INTO schema_migrations VALUES ($1, $2)';
    await session.query({ text, values: [number, sha256(sql)] });
  }
  await session.query({ text: grants });
}

async function isUpToDate(
  session: Session,
  place: Place,
  { migrations }: SchemaPlan,
): Promise<boolean> {
  const found = await look(session, place);
  if (!found.has_history) {
    if (!found.has_schema) return false;
    const text = `\`${place.name}\` has a schema \`${place.schema}\` that is no store of Founder HQ; choose another database`;
    throw new DomainError('STORE_CORRUPT', text);
  }
  const pending = findPending(await readApplied(session, place), { place, migrations });
  return pending.length === 0 && !found.lacks_grants;
}

async function look(session: Session, { schema }: Place): Promise<z.infer<typeof foundSchema>[0]> {
  const text = `
    SELECT n.oid IS NOT NULL AS has_schema, h.oid IS NOT NULL AS has_history,
      -- The roles may have been set up after the schema: its owner then passes the rights on.
      coalesce(pg_has_role(n.nspowner, 'USAGE') AND r.oid IS NOT NULL
        AND NOT has_schema_privilege(r.oid, n.oid, 'USAGE'), false) AS lacks_grants
    FROM (VALUES ($1)) AS asked (name)
    LEFT JOIN pg_namespace n ON n.nspname = asked.name
    LEFT JOIN pg_class h ON h.relnamespace = n.oid AND h.relname = 'schema_migrations'
    LEFT JOIN pg_roles r ON r.rolname = 'founder_hq_writer'`;
  const { rows } = await session.query({ text, values: [schema] });
  return foundSchema.parse(rows)[0];
}

async function readApplied(
  session: Session,
  { schema }: Place,
): Promise<z.infer<typeof appliedSchema>> {
  const text = `SELECT number, checksum FROM ${quoteName(schema)}.schema_migrations ORDER BY number`;
  return appliedSchema.parse((await session.query({ text })).rows);
}

interface Asked {
  readonly place: Place;
  readonly migrations: readonly Migration[];
}

function findPending(
  applied: z.infer<typeof appliedSchema>,
  { place: { name }, migrations }: Asked,
): readonly Migration[] {
  for (const { number, checksum } of applied) {
    const known = migrations.find((migration) => migration.number === number);
    if (known === undefined) {
      const text = `expected at most step ${migrations.length}, received step ${number}`;
      throw new DomainError(
        'STORE_NEWER',
        `\`${name}\` was written by a newer Founder HQ (${text}); update the program`,
      );
    }
    if (sha256(known.sql) !== checksum) {
      throw new DomainError(
        'MIGRATION_CHANGED',
        `\`${name}\` was made by another text of step ${number}; use the version of Founder HQ that made it`,
      );
    }
  }
  return migrations.slice(applied.length);
}
