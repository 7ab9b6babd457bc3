/**
 * A name as the database can hold it: a backslash, a NUL and half a surrogate pair are written as their escape. The database
 * takes no NUL in a text and the wire no half pair, and two names that differ must never become one. `field` of the
 * migrations writes the same.
 */
export const toKeyText = (name: string): string => name.replace(UNSAFE, toEscape);

/** The name that {@link toKeyText} was given. */
export const fromKeyText = (text: string): string => text.replace(ESCAPE, fromEscape);

const UNSAFE = /[\\\0\p{Cs}]/gu;
const ESCAPE = /\\u([0-9a-f]{4})/g;
const toEscape = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
const fromEscape = (_escape: string, hex: string): string =>
  String.fromCharCode(Number.parseInt(hex, 16));
