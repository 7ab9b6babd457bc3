import * as z from 'zod/mini';

/** A `bigint` of the database, which comes as text, as a number. Range: what a number holds exactly. */
export const toSafeInteger = z.pipe(z.string(), z.pipe(z.transform(Number), z.int()));
