import * as z from 'zod';
import { type Instant, isInstant } from '#shared/kernel/index.ts';

/** A ULID: 26 Crockford characters whose first carries three bits. Source: ULID specification. */
export const ULID = z
  .string()
  .regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/, 'a ULID of 26 Crockford characters');
/** A name that people and files give: a task kind, a gate, a tool. */
export const ID = z
  .string()
  .regex(/^[A-Za-z0-9._:-]{1,128}$/, '1 to 128 letters, digits or any of `._:-`');
/** A SHA-256 in lower-case hex. */
export const HASH = z.string().regex(/^[0-9a-f]{64}$/, '64 lower-case hex digits');
/** An ISO 4217 currency code, by its form. */
export const CURRENCY = z.string().regex(/^[A-Z]{3}$/, 'three capital letters');
/** A version of three numbers. Source: Semantic Versioning 2.0.0, without build metadata. */
export const SEMVER = z
  .string()
  .regex(
    /^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})(-[0-9A-Za-z.-]{1,64})?$/,
    'a version such as `1.4.0`',
  );
/** A moment in UTC to the millisecond. JSON Schema says its form, and not whether the calendar has that day. */
export const AT = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/, 'an instant `YYYY-MM-DDTHH:mm:ss.sssZ`')
  .refine(isInstant, 'an instant that exists on the calendar')
  .pipe(z.custom<Instant>());

/** Integer milliseconds. Range: 0 to 2^53 − 1. */
export const MS = z.int().min(0);
/** A count. Range: 0 to 2^53 − 1. */
export const COUNT = z.int().min(0);
/** A place in an order, or a number of tries. Range: from 1. */
export const ORDINAL = z.int().min(1);
/** A seed of the random generator. Range: 0 to 2^32 − 1. */
export const UINT32 = z.int().min(0).max(4_294_967_295);
/** Percent of a whole. Range: 0 to 100. */
export const PERCENT = z.number().min(0).max(100);
/** Any number that JSON can say. */
export const NUMBER = z.number();
/** Yes or no. */
export const FLAG = z.boolean();

/**
 * Money that cannot be owed, in millionths of a currency unit, as decimal text: JSON numbers lose 2^53 + 1.
 * Range: 0 to 10^19 − 1, without leading zeros, so that one sum has one text.
 */
export const MICROS = z
  .string()
  .regex(/^(0|[1-9]\d{0,18})$/, 'whole micros as decimal text, such as `1500000`');
/** Money with a sign, in millionths of a currency unit, as decimal text without leading zeros. */
export const SIGNED_MICROS = z
  .string()
  .regex(/^(0|-?[1-9]\d{0,18})$/, 'whole micros as decimal text, such as `-1500000`');
/** A quantity as decimal text: it is multiplied by a price, and no float may come between. */
export const QUANTITY = z
  .string()
  .regex(/^-?\d{1,18}(\.\d{1,12})?$/, 'a quantity as decimal text, such as `1250.5`');

/** Text of at most so many characters; a character is a code point, as JSON Schema counts. */
export const text = (most: number): z.ZodString =>
  z
    .string()
    .refine((value) => countCharacters(value, most) <= most, `at most ${most} characters`)
    .meta({ maxLength: most });

/** Text of at least one and at most so many characters. */
export const words = (most: number): z.ZodString => text(most).min(1, 'text that is not empty');

/** A person's account or a worker's name, as the ledger writes who did something. */
export const ACCOUNT = words(254);
/** A path pattern. */
export const GLOB = words(1_000);
/** A path from the root of its folder: it neither starts at a root nor climbs out. */
export const RELATIVE_PATH = words(1_000).regex(
  /^(?![/\\])(?![A-Za-z]:)(?!(.*[/\\])?\.\.([/\\]|$))/,
  'a relative path that stays below its folder',
);

/** Names in a list. */
export const IDS = z.array(ID);
/** ULIDs in a list. */
export const ULIDS = z.array(ULID);

/** A field whose usual value is known: JSON Schema shows it, and whoever writes a document puts it in. */
export const usually = <Kind extends z.ZodType>(kind: Kind, value: z.output<Kind>): Kind =>
  kind.meta({ default: value });

/** A list without repeats. */
export const unique = <Item extends z.ZodType>(item: Item): z.ZodArray<Item> =>
  z
    .array(item)
    .refine((items) => new Set(items).size === items.length, 'no value twice')
    .meta({ uniqueItems: true });

/** Code points of a text, counted no further than just beyond the limit. */
function countCharacters(value: string, most: number): number {
  if (value.length <= most) return value.length;
  let count = 0;
  for (const _ of value) {
    count += 1;
    if (count > most) break;
  }
  return count;
}
