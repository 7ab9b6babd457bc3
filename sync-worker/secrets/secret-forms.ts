/** Below this a text is too common to be looked for: it would hide half of every message. Units: characters. */
const SHORTEST = 6;
/** So much of a long secret gives it away even where the rest was cut off. Units: characters. */
const HEAD = 12;
/** A form this long is still known by its head. Units: characters. */
const LONG = 16;
const BITS_OF_BYTE = 8;
const BITS_OF_DIGIT = 6;

/**
 * A pattern that finds each secret as it is and as it travels: percent-encoded, in base64 wherever it begins inside
 * the encoded text, in hex, inside a JSON text or HTML; and what is left of a long one that was cut off. Nothing where no secret is long
 * enough to be told from ordinary words.
 */
export function toSecretPattern(secrets: Iterable<string>): RegExp | undefined {
  const forms = [...new Set([...secrets].filter(isTelling).flatMap(listForms))];
  if (forms.length === 0) return undefined;
  // The longest first: where one form holds another, the whole has to go.
  const whole = forms.sort((one, other) => other.length - one.length).map(escape);
  const heads = forms.filter(({ length }) => length >= LONG).map((form) => form.slice(0, HEAD));
  const cut = heads.map((head) => `${escape(head)}[^\\s"'<>\`\\\\,;)\\]}&]*`);
  return new RegExp([...whole, ...cut].join('|'), 'gi');
}

const isTelling = (secret: string): boolean => secret.length >= SHORTEST;

function listForms(secret: string): readonly string[] {
  const percent = encodeURIComponent(secret.toWellFormed());
  const inJson = JSON.stringify(secret).slice(1, -1);
  const forms = [
    secret,
    percent,
    // As a form or a query writes it, with `+` for a blank and more signs encoded.
    new URLSearchParams({ s: secret }).toString().slice(2),
    encodeURIComponent(percent),
    encodeURI(secret.toWellFormed()),
    inJson,
    JSON.stringify(inJson).slice(1, -1),
    secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;'),
    Buffer.from(secret).toString('hex'),
    ...listBase64(secret),
  ];
  return forms.filter(isTelling);
}

/** The digits that the secret alone decides, for each of the three places a byte can have among the digits. */
function listBase64(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].flatMap((before) => {
    const digits = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const first = Math.ceil((before * BITS_OF_BYTE) / BITS_OF_DIGIT);
    const end = Math.floor(((before + bytes.length) * BITS_OF_BYTE) / BITS_OF_DIGIT);
    const own = digits.slice(first, end);
    return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

const escape = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
