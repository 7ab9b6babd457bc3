import {
  type CodaAnswer,
  type CodaRequest,
  type CodaTransport,
  createCodaError,
} from '#shared/coda/index.ts';
import { assert, DomainError } from '#shared/kernel/index.ts';
import { MASK, scrub, toSecretPattern } from '#worker/secrets/index.ts';

/** Where the API is and who asks. */
export interface HttpTransportOptions {
  /** Without a trailing slash: `https://coda.io/apis/v1`. Plain `http` only on this computer. */
  readonly baseUrl: string;
  readonly token: string;
  /** @default Node's own */
  readonly fetch?: typeof fetch;
  /** Told of each request just before it is sent, repeats included. */
  readonly onRequest?: (request: CodaRequest) => void;
  /** Told what the server's clock says with each answer that tells it, to the second. Units: ms since 1970. */
  readonly onServerTime?: (serverMs: number) => void;
  /** How long to wait for a whole answer. Units: ms. @default 60_000 */
  readonly timeoutMs?: number;
}

/** Coda's own service. */
export const CODA_BASE_URL = 'https://coda.io/apis/v1';

const TIMEOUT_MS = 60_000;
const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);
const HEADER_SAFE = /^[\x21-\x7e]+$/;

/**
 * Carries requests over HTTP with the token, and takes it to no other host: redirects fail.
 * Errors: BAD_BASE_URL and UNAUTHORIZED at once, for an address or a token that could never work; NETWORK where no
 * answer came, so that nobody can say whether the request was carried out.
 */
export function createHttpTransport(options: HttpTransportOptions): CodaTransport {
  const { token, onRequest, onServerTime, timeoutMs = TIMEOUT_MS } = options;
  const base = parseBaseUrl(options.baseUrl);
  const send = options.fetch ?? fetch;
  // Node would quote such a token in its own error message.
  if (!HEADER_SAFE.test(token)) {
    const expected = 'expected one line of letters, digits and hyphens';
    throw new DomainError('UNAUTHORIZED', `The API token is not usable: ${expected}.`);
  }
  const pattern = toSecretPattern([token]);
  // What is refused is quoted, printed and kept, and a server in the way may have put our own headers into it.
  const hide = ({ ok }: Response, text: string): string =>
    ok || pattern === undefined ? text : text.replace(pattern, MASK);
  return async (request) => {
    const url = toUrl(base, request);
    onRequest?.(request);
    try {
      const response = await send(url, {
        method: request.method,
        headers: toHeaders(token, request),
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      const serverMs = Date.parse(response.headers.get('date') ?? '');
      if (!Number.isNaN(serverMs)) onServerTime?.(serverMs);
      return {
        status: response.status,
        body: parseBody(hide(response, await response.text())),
        ...readRetryAfter(response.headers.get('retry-after')),
      };
    } catch (cause) {
      throw createCodaError('NETWORK', { request, happening: 'no answer came', cause });
    }
  };
}

function parseBaseUrl(text: string): URL {
  const base = URL.parse(text);
  const isSafe =
    base?.protocol === 'https:' || (base?.protocol === 'http:' && LOOPBACK.has(base.hostname));
  const isBare =
    base !== null && `${base.username}${base.password}${base.search}${base.hash}` === '';
  if (isSafe && isBare) return base;
  const expected =
    'expected https://…, or http:// on this computer, without name, password or query';
  throw new DomainError(
    'BAD_BASE_URL',
    `The API's base URL: ${expected}, received \`${scrub(text)}\`.`,
  );
}

function toUrl(base: URL, { path, query }: CodaRequest): URL {
  assert(path.startsWith('/'), `the path \`${path}\` does not begin with a slash`);
  const url = new URL(`${base.origin}${base.pathname.replace(/\/$/, '')}${path}`);
  url.search = new URLSearchParams(query).toString();
  assert(url.origin === base.origin, `\`${url.origin}\` is not where the token may go`);
  return url;
}

const toHeaders = (token: string, request: CodaRequest): Record<string, string> => ({
  Authorization: `Bearer ${token}`,
  Accept: 'application/json',
  ...(request.body === undefined ? {} : { 'Content-Type': 'application/json' }),
});

/** Seconds, or a moment; what is neither says nothing. */
function readRetryAfter(header: string | null): Pick<CodaAnswer, 'retryAfterMs'> {
  if (header === null) return {};
  const ms = /^\d{1,6}$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return ms > 0 ? { retryAfterMs: ms } : {};
}

// Error pages of a gateway are no JSON; their text says more than a parser's complaint would.
function parseBody(text: string): CodaAnswer['body'] {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
