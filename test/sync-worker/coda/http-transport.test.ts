import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CodaRequest } from '#shared/coda/index.ts';
import { CODA_BASE_URL, createHttpTransport } from '#worker/coda/index.ts';

const TOKEN = 'a1b2-secret';
const WHOAMI: CodaRequest = { method: 'GET', path: '/whoami' };

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A server on this computer that answers as the test tells it to. */
async function startServer(answer: (response: ServerResponse, seen: Seen) => void) {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString('utf8');
    });
    request.on('end', () => {
      const { method, url, headers } = request;
      seen.push({ method, url, headers, body });
      answer(response, { method, url, headers, body });
    });
  });
  await new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', listening);
  });
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.closeAllConnections();
    return new Promise((closed) => {
      server.close(closed);
    });
  };
  return { baseUrl: `http://127.0.0.1:${port}/apis/v1`, seen, close };
}

type Server = Awaited<ReturnType<typeof startServer>>;
let server: Server;
let answer: (response: ServerResponse, seen: Seen) => void;

beforeEach(async () => {
  answer = (response) => response.end('{}');
  server = await startServer((response, seen) => answer(response, seen));
});
afterEach(() => server.close());

describe('createHttpTransport', () => {
  it('sends the token, the query and the body', async () => {
    answer = (response) => response.writeHead(202).end('{"requestId":"mutate:1"}');
    const sent: CodaRequest[] = [];
    const send = createHttpTransport({
      baseUrl: `${server.baseUrl}/`,
      token: TOKEN,
      onRequest: (request) => sent.push(request),
    });
    const request = {
      method: 'POST',
      path: '/docs/d%2F1/tables/t/rows',
      query: { disableParsing: 'true', query: 'c-1:"a & ü"' },
      body: { rows: [{ cells: [{ column: 'c-1', value: 'Ü\n' }] }] },
    } as const;
    expect(await send(request)).toEqual({ status: 202, body: { requestId: 'mutate:1' } });
    expect(sent).toEqual([request]);
    const [seen] = server.seen;
    const url = new URL(seen?.url ?? '', 'http://x');
    expect(seen?.method).toBe('POST');
    expect(url.pathname).toBe('/apis/v1/docs/d%2F1/tables/t/rows');
    expect(Object.fromEntries(url.searchParams)).toEqual(request.query);
    expect(seen?.headers.authorization).toBe(`Bearer ${TOKEN}`);
    expect(seen?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(seen?.body ?? '')).toEqual(request.body);
  });

  it.each([
    ['90', { retryAfterMs: 90_000 }],
    [new Date(Date.now() + 3_600_000).toUTCString(), { retryAfterMs: expect.any(Number) }],
    ['Mon, 04 May 2020 09:00:00 GMT', {}],
    ['soon', {}],
    ['0', {}],
  ])('reads for how long the service wants to be left alone: %s', async (header, expected) => {
    answer = (response) => response.writeHead(429, { 'Retry-After': header }).end('{}');
    const send = createHttpTransport({ baseUrl: server.baseUrl, token: TOKEN });
    expect(await send(WHOAMI)).toEqual({ status: 429, body: {}, ...expected });
  });

  it('sends a read without a body or its type', async () => {
    await createHttpTransport({ baseUrl: server.baseUrl, token: TOKEN })(WHOAMI);
    expect(server.seen[0]?.url).toBe('/apis/v1/whoami');
    expect(server.seen[0]?.body).toBe('');
    expect(server.seen[0]?.headers).not.toHaveProperty('content-type');
  });

  it('brings back every status, and text where there is no JSON', async () => {
    answer = (response) => response.writeHead(502).end('<html>Bad Gateway</html>');
    const send = createHttpTransport({ baseUrl: server.baseUrl, token: TOKEN });
    expect(await send(WHOAMI)).toEqual({ status: 502, body: '<html>Bad Gateway</html>' });
    answer = (response) => response.writeHead(429).end('{"statusCode":429}');
    expect(await send(WHOAMI)).toEqual({ status: 429, body: { statusCode: 429 } });
    answer = (response) => response.writeHead(202).end();
    expect(await send(WHOAMI)).toEqual({ status: 202, body: '' });
  });

  it('follows no redirect, so that the token stays where it belongs', async () => {
    const other = await startServer((response) => response.end('{}'));
    answer = (response) => response.writeHead(307, { location: `${other.baseUrl}/whoami` }).end();
    const send = createHttpTransport({ baseUrl: server.baseUrl, token: TOKEN });
    await expect(send(WHOAMI)).rejects.toMatchObject({ code: 'NETWORK' });
    expect(other.seen).toEqual([]);
    await other.close();
  });

  it('takes the token to no other host by way of the path', async () => {
    const send = createHttpTransport({ baseUrl: 'http://127.0.0.1', token: TOKEN });
    const elsewhere = { method: 'GET', path: '@evil.example/whoami' } as const;
    await expect(send(elsewhere)).rejects.toThrow('does not begin with a slash');
  });

  it.each([
    ['before the answer', (response: ServerResponse) => response.destroy()],
    [
      'in the middle of the answer',
      (response: ServerResponse) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('{"name"', () => response.destroy());
      },
    ],
  ])('says that no answer came when the connection breaks %s', async (_, breakOff) => {
    answer = breakOff;
    const send = createHttpTransport({ baseUrl: server.baseUrl, token: TOKEN });
    await expect(send(WHOAMI)).rejects.toMatchObject({ code: 'NETWORK', retryable: true });
  });

  it('says that no answer came when it takes too long', async () => {
    answer = () => undefined;
    const send = createHttpTransport({ baseUrl: server.baseUrl, token: TOKEN, timeoutMs: 30 });
    await expect(send(WHOAMI)).rejects.toMatchObject({ code: 'NETWORK' });
  });

  it('says that no answer came when nobody listens, and never what the token is', async () => {
    await server.close();
    const send = createHttpTransport({ baseUrl: server.baseUrl, token: TOKEN });
    const error: unknown = await send(WHOAMI).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'NETWORK' });
    expect(String(error)).not.toContain(TOKEN);
  });

  it('speaks to a real service over https', async () => {
    const urls: unknown[] = [];
    const send = createHttpTransport({
      baseUrl: CODA_BASE_URL,
      token: TOKEN,
      fetch: async (url) => {
        urls.push(url);
        return Response.json({});
      },
    });
    expect(await send(WHOAMI)).toEqual({ status: 200, body: {} });
    expect(urls).toEqual([new URL('https://coda.io/apis/v1/whoami')]);
  });

  it.each(['http://coda.example/apis/v1', 'ftp://127.0.0.1', 'coda.io', ''])(
    'refuses the base URL "%s" before anything is sent',
    (baseUrl) => {
      const create = () => createHttpTransport({ baseUrl, token: TOKEN });
      expect(create).toThrow(expect.objectContaining({ code: 'BAD_BASE_URL' }));
      expect(create).toThrow(`received \`${baseUrl}\``);
    },
  );

  it.each(['', 'two words', 'line\nbreak', 'tökén'])('refuses the token %j unseen', (token) => {
    const create = () => createHttpTransport({ baseUrl: server.baseUrl, token });
    expect(create).toThrow(expect.objectContaining({ code: 'UNAUTHORIZED' }));
    expect(create).toThrow(/^The API token is not usable: expected one line/);
  });
});
