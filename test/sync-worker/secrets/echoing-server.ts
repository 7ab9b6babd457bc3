import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createSocketServer } from 'node:net';

/** What a server in the way answers, given all the ways in which it can say what it was sent. */
export interface Echo {
  readonly status: number;
  readonly body: (said: Said) => string;
  readonly headers?: (said: Said) => Record<string, string>;
  /** Which requests it answers by itself; the others reach the doc. @default all */
  readonly on?: (request: { readonly method: string; readonly path: string }) => boolean;
}

/** What the server was sent, as it may say it again. */
export interface Said {
  readonly authorization: string;
  readonly path: string;
}

const start = async (server: ReturnType<typeof createServer>) => {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return (server.address() as AddressInfo).port;
};
const stop = (server: ReturnType<typeof createServer>) =>
  new Promise((closed) => {
    server.closeAllConnections();
    server.close(closed);
  });

/**
 * A server between worker and doc that says again what it was sent. It knows the doc's own token; whoever asks it needs none. A second
 * server stands for another host and counts what it was sent.
 */
export async function serveEchoes(doc: { readonly baseUrl: string; readonly token: string }) {
  let echo: Echo | undefined;
  const elsewhere: (string | undefined)[] = [];
  const other = createServer(({ headers }, response) => {
    elsewhere.push(headers.authorization);
    response.end('{}');
  });
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const { method = 'GET', url = '/', headers } = incoming;
    const said = { authorization: headers.authorization ?? '', path: url };
    if (echo !== undefined && echo.on?.({ method, path: url }) !== false) {
      outgoing.writeHead(echo.status, {
        'content-type': 'application/json',
        ...echo.headers?.(said),
      });
      outgoing.end(echo.body(said));
      return;
    }
    const body = method === 'GET' ? {} : { body: Buffer.concat(chunks) };
    const reply = await fetch(new URL(url, doc.baseUrl), {
      method,
      headers: { authorization: `Bearer ${doc.token}`, 'content-type': 'application/json' },
      ...body,
    });
    outgoing.writeHead(reply.status, { 'content-type': 'application/json' });
    outgoing.end(await reply.text());
  };
  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch(() => outgoing.destroy());
  });
  const [port, otherPort] = [await start(server), await start(other)];
  return {
    baseUrl: `http://127.0.0.1:${port}/apis/v1`,
    otherUrl: `http://127.0.0.1:${otherPort}`,
    elsewhere,
    say: (next: Echo | undefined) => void (echo = next),
    close: () => Promise.all([stop(server), stop(other)]),
  };
}

/** A server that asks for a password as PostgreSQL does, and quotes it in its refusal. Answers its port. */
export async function serveLoudDatabase(sqlState: string) {
  const server = createSocketServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]));
      socket.once('data', (message) => {
        const password = message.subarray(5, -1).toString();
        const detail = `password "${password}" (${Buffer.from(password).toString('base64')}) is wrong`;
        const fields = `SFATAL\0VFATAL\0C${sqlState}\0M${detail}\0D${detail}\0\0`;
        const head = Buffer.alloc(5);
        head.write('E');
        head.writeInt32BE(4 + Buffer.byteLength(fields), 1);
        socket.end(Buffer.concat([head, Buffer.from(fields)]));
      });
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((closed) => server.close(closed)),
  };
}
