import { toSecretPattern } from './secret-forms.ts';

/** What stands where a secret stood. */
export const MASK = '[secret]';

type Surroundings = Readonly<Record<string, string | undefined>>;

/** What this process has been trusted with; kept nowhere else than in its memory. */
const KNOWN = new Set<string>();
let pattern: RegExp | undefined;

/** A variable whose value is secret, and one that is a URL with a password in it. */
const SECRET_NAME = /^(CODA_API_TOKEN|PGPASSWORD|FOUNDER_HQ_\w*(TOKEN|PASSWORD|SECRET|KEY))$/;
const URL_NAME = /^(FOUNDER_HQ_STORE|CODA_API_BASE)$/;
/** The password of an address, up to the last `@`, since some write that sign into it as it is. */
const IN_ADDRESS = /^[a-z][a-z0-9+.-]*:\/\/[^:@/]*:(.*)@/i;

/** What gives a secret away by its place, whatever it says: in an address, a header, an assignment. */
const PLACES: readonly RegExp[] = [
  /(?<=\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"'`\\]*:)[^\s"'`\\]+(?=@)/gi,
  /(?<=\b(?:authorization|cookie|set-cookie|x-api-key|x-auth-token)["']?\s*[:=]\s*["']?)(?:bearer |basic |token )?[^\s"'`\\,;]+/gi,
  /(?<=\bbearer )[^\s"'`\\,;]{8,}/gi,
  /(?<=\b(?:password|passwd|pwd|secret|api[_-]?key|(?:access_|api_|refresh_)?token)=)[^\s"'`\\,;&]+/gi,
];

/** Keeps a text out of all that this process prints or logs from now on. */
export function learnSecret(text: string): void {
  const secret = text.trim();
  if (secret === '' || KNOWN.has(secret)) return;
  KNOWN.add(secret);
  pattern = toSecretPattern(KNOWN);
}

/** Learns the password of an address, as it is written there and as it is meant. */
export function learnSecretOfUrl(address: string): void {
  const written = IN_ADDRESS.exec(address)?.[1];
  if (written === undefined) return;
  learnSecret(written);
  const meant = URL.parse(address)?.password ?? '';
  for (const text of [meant, decode(meant)]) learnSecret(text);
}

/** Learns what the surroundings hold: the API's token, the server's password and whatever of ours is named a secret. */
export function learnSecretsOf(env: Surroundings): void {
  for (const [name, value = ''] of Object.entries(env)) {
    if (SECRET_NAME.test(name)) learnSecret(value);
    if (URL_NAME.test(name)) learnSecretOfUrl(value);
  }
}

/** A text without any secret this process knows, in whatever form it stands there. */
export const hideKnown = (text: string): string =>
  pattern === undefined ? text : text.replace(pattern, MASK);

/** A text about a failure without any secret: neither a known one, nor what stands where secrets stand. */
export const scrub = (text: string): string =>
  PLACES.reduce((rest, place) => rest.replace(place, MASK), hideKnown(text));

/** The surroundings of a program we start: everything but what holds a secret of ours. */
export const withoutSecrets = (env: Surroundings): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value === undefined || SECRET_NAME.test(name) || hideKnown(value) !== value
        ? []
        : [[name, value]],
    ),
  );

/** Calls what starts a program in the surroundings of this process, and cannot be told of others. */
export function callWithoutSecrets<Value>(start: () => Value): Value {
  const { env } = process;
  process.env = withoutSecrets(env);
  try {
    return start();
  } finally {
    process.env = env;
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
