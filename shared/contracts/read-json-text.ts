import { accept, type Result, refuse } from '#shared/kernel/index.ts';
import { MAX_DEPTH, toPlainJson } from './plain-json.ts';
import { describe, type JsonRefusal, type JsonRefusalCode, toJsonPath } from './refusal.ts';

/** Characters of JSON that are read at once; a longer text is refused unread. */
export const MAX_TEXT_LENGTH = 4_194_304;

/** A list or an object that the scan is inside of. */
interface Open {
  /** Keys seen so far; absent in a list. */
  readonly keys?: Set<string>;
  /** Where the scan is inside it. */
  at: string | number;
}

/** Strings whole, and each sign that opens, closes or parts; numbers and words matter to the parser alone. */
const TOKEN = /"(?:[^"\\]|\\[^])*"|[[\]{},]/g;

/**
 * The value of a JSON text that comes from outside. It refuses what `JSON.parse` lets pass in silence: a key that stands
 * twice, numbers that lose digits, keys that mean something to the language, halves of a character, and more depth or
 * length than any document needs. It never throws and works without recursion.
 * Refusals: all of {@link JsonRefusalCode}. Source: RFC 8259; a byte order mark is refused as its section 8.1 allows.
 */
export function readJsonText(text: string): Result<unknown, JsonRefusal> {
  if (text.length > MAX_TEXT_LENGTH) {
    const expected = `at most ${MAX_TEXT_LENGTH} characters`;
    return refuse(fault('TEXT_TOO_LONG', [], expected, `${text.length}`));
  }
  const refusal = scan(text);
  if (refusal !== undefined) return refuse(refusal);
  const parsed = parse(text);
  return parsed.ok ? toPlainJson(parsed.value) : parsed;
}

/** Only depth and doubled keys are looked for; a text that is no JSON at all is left to the parser. */
function scan(text: string): JsonRefusal | undefined {
  const open: Open[] = [];
  let expectsKey = false;
  for (const [token] of text.matchAll(TOKEN)) {
    if (expectsKey && token.startsWith('"')) {
      const refusal = enterKey(open, token);
      if (refusal !== undefined) return refusal;
    }
    if ((token === '{' || token === '[') && open.length === MAX_DEPTH) {
      return fault('NESTED_TOO_DEEP', toPath(open), `at most ${MAX_DEPTH} levels`, `\`${token}\``);
    }
    expectsKey = step(open, token);
  }
  return undefined;
}

/** Moves in, out or on; gives whether a key comes next. */
function step(open: Open[], token: string): boolean {
  switch (token) {
    case '{':
      open.push({ keys: new Set(), at: '' });
      return true;
    case '[':
      open.push({ at: 0 });
      return false;
    case ',':
      return passComma(open.at(-1));
    case '}':
    case ']':
      open.pop();
      return false;
    default:
      return false;
  }
}

/** Whether a key comes next. */
function passComma(inside: Open | undefined): boolean {
  if (typeof inside?.at === 'number') inside.at += 1;
  return inside?.keys !== undefined;
}

function enterKey(open: readonly Open[], token: string): JsonRefusal | undefined {
  const inside = open.at(-1);
  // Two spellings of one key, `a` and `\u0061`, are the same key. What cannot be decoded the parser will refuse.
  const decoded = parse(token);
  if (inside?.keys === undefined || !decoded.ok) return undefined;
  const key = String(decoded.value);
  inside.at = key;
  if (inside.keys.has(key)) {
    return fault('KEY_REPEATED', toPath(open), 'each field once', describe(key));
  }
  inside.keys.add(key);
  return undefined;
}

function parse(text: string): Result<unknown, JsonRefusal> {
  try {
    const value: unknown = JSON.parse(text);
    return accept(value);
  } catch {
    return refuse(fault('TEXT_UNREADABLE', [], 'one JSON value and nothing else', describe(text)));
  }
}

const toPath = (open: readonly Open[]): readonly PropertyKey[] => open.map(({ at }) => at);

const fault = (
  code: JsonRefusalCode,
  path: readonly PropertyKey[],
  ...[expected, received]: readonly [string, string]
): JsonRefusal => ({ code, path: toJsonPath(path), expected, received });
