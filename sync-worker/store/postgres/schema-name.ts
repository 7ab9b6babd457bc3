import { sha256 } from '../sha256.ts';

const PREFIX = 'founder_hq_';
/** What a schema's name may hold without more ado; with the prefix it fits into the 63 bytes of a PostgreSQL name. */
const PLAIN_ID = /^[A-Za-z0-9_-]{1,36}$/;
/** Longer than any plain id, so that no doc can be called like the hash of another. */
const HASH_DIGITS = 40;

/** The schema a doc's store lies in: one a doc, so that two docs can never share a chain. It needs quotes in SQL. */
export const toSchemaName = (docId: string): string =>
  PREFIX + (PLAIN_ID.test(docId) ? docId : sha256(docId).slice(0, HASH_DIGITS));

/** A name in quotes, as SQL takes it. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
