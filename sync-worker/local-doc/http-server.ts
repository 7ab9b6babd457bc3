import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { DomainError } from '#shared/kernel/index.ts';
import type { ApiReply, ApiRequest } from './request.ts';
import type { Router } from './router.ts';

/** A server at work. */
export interface Listening {
  /** The base address of the API, `http://127.0.0.1:<port>/apis/v1`. */
  readonly baseUrl: string;
  readonly port: number;
  /** Stops taking calls, ends the open ones and frees the port. */
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const BASE_PATH = '/apis/v1';
/** A body beyond this is not even read to its end; the refusal of the API itself comes long before. Units: bytes. */
const BODY_BYTES_MAX = 16_000_000;

/**
 * Serves a router over loopback HTTP; port 0 takes a free one.
 * Errors: `DomainError` `PORT_IN_USE`, `PORT_REFUSED`.
 */
export async function listenHttp(router: Router, port: number): Promise<Listening> {
  const server = createServer((incoming, outgoing) => {
    respond(router, incoming, outgoing).catch(() => incoming.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(toPortError(error, port)));
    server.listen(port, HOST, resolve);
  });
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return {
    baseUrl: `http://${HOST}:${bound}${BASE_PATH}`,
    port: bound,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function respond(
  router: Router,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const bodyText = await readBody(incoming);
  const url = new URL(incoming.url ?? '/', `http://${incoming.headers.host ?? HOST}`);
  const reply = url.pathname.startsWith(`${BASE_PATH}/`)
    ? handle(router, toRequest(incoming, url, bodyText))
    : notServed();
  if (reply.kind === 'reset') {
    incoming.socket.destroy();
    return;
  }
  const isText = typeof reply.body === 'string';
  outgoing.writeHead(reply.status, {
    'content-type': isText ? 'text/html' : 'application/json; charset=utf-8',
    ...reply.headers,
  });
  outgoing.end(isText ? reply.body : JSON.stringify(reply.body));
}

/** A full disk fails one call, not the server. */
function handle(router: Router, request: ApiRequest): ApiReply {
  try {
    return router.handle(request);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const body = { statusCode: 500, statusMessage: 'Internal Server Error', message };
    return { kind: 'answer', status: 500, body, headers: {} };
  }
}

function toRequest(incoming: IncomingMessage, url: URL, bodyText: string): ApiRequest {
  const { authorization = '', host = HOST } = incoming.headers;
  const docVersion = incoming.headers['x-coda-doc-version'];
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname.slice(BASE_PATH.length),
    query: Object.fromEntries(url.searchParams),
    bodyText,
    token: /^Bearer (.+)$/i.exec(authorization)?.[1],
    docVersion: typeof docVersion === 'string' ? docVersion : undefined,
    baseUrl: `http://${host}${BASE_PATH}`,
  };
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    const part: Buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    bytes += part.length;
    if (bytes > BODY_BYTES_MAX) throw new DomainError('BODY_TOO_LARGE', 'the body is too large');
    chunks.push(part);
  }
  return Buffer.concat(chunks).toString();
}

function notServed(): ApiReply {
  const message = `The API is below ${BASE_PATH}.`;
  const body = { statusCode: 404, statusMessage: 'Not Found', message };
  return { kind: 'answer', status: 404, body, headers: {} };
}

function toPortError(error: Error, port: number): DomainError {
  const isTaken = 'code' in error && error.code === 'EADDRINUSE';
  const text = isTaken ? 'is in use by another program' : `cannot be opened: ${error.message}`;
  return new DomainError(isTaken ? 'PORT_IN_USE' : 'PORT_REFUSED', `port ${port} ${text}`, {
    cause: error,
  });
}
