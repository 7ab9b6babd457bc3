import { DomainError } from '#shared/kernel/index.ts';
import type { StoreErrorCode } from '../store-error-code.ts';

/** What may stand behind the `?`: the way to the server. Anything else would undo what the store sets for itself. */
const SETTINGS: ReadonlySet<string> = new Set([
  'channel_binding',
  'host',
  'sslcert',
  'sslkey',
  'sslmode',
  'sslnegotiation',
  'sslrootcert',
  'uselibpqcompat',
]);

const FORM = 'it reads `postgres://user:password@host:port/database`';
const ESCAPES = 'write `/`, `?`, `#`, `@` and `%` of a password as %2F, %3F, %23, %40 and %25';

/** Whether a text names a store on a server, and no file. */
export const isServerUrl = (text: string): boolean => /^postgres(ql)?:\/\//i.test(text);

/**
 * A store's URL as it may appear in messages: without its password. A URL whose password might be taken for something else,
 * and so be shown, is refused, and never quoted. Errors: `DomainError` `STORE_UNREADABLE`.
 */
export function nameOfUrl(text: string): string {
  if (!isServerUrl(text) || !URL.canParse(text)) throw unreadable('is none', FORM);
  const url = new URL(text);
  const { username, password, pathname, search, hash } = url;
  if (hash !== '' || /@/.test(pathname + search) || !isDecodable(username + password + pathname)) {
    throw unreadable('has a character where none like it belongs', ESCAPES);
  }
  const unknown = [...url.searchParams.keys()].find((name) => !SETTINGS.has(name));
  if (unknown !== undefined) {
    const allowed = [...SETTINGS].join(', ');
    throw unreadable('sets behind its `?` what it may not', `it may set ${allowed}`);
  }
  url.password = '';
  url.search = '';
  return url.href;
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

const unreadable = (what: string, how: string): DomainError<StoreErrorCode> =>
  new DomainError('STORE_UNREADABLE', `the URL of the store ${what}; ${how}`);
