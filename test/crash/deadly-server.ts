import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CodaRequest, CodaTransport } from '#shared/coda/index.ts';

/** How far the doc has come with a call: taken off the wire, carried out, or answered. */
export type CallStage = 'received' | 'carried-out' | 'answered';

/** One call, as the doc sees it. Calls and writes are counted from 1, from the last `reset`. */
export interface Call {
  readonly call: number;
  /** Which write it is; absent for reads. */
  readonly write: number | undefined;
}

/** A doc's API over loopback that tells of every stage of every call, so that a kill can be aimed. */
export interface DeadlyServer {
  readonly baseUrl: string;
  /** Told each stage; a call that is dropped once received never reaches the doc. */
  onStage: (call: Call, stage: CallStage) => 'drop' | undefined;
  /** Writes since the last `reset`. */
  readonly writes: () => number;
  readonly reset: () => void;
  readonly close: () => Promise<void>;
}

const BASE_PATH = '/apis/v1';

/** Serves a transport on a free port of this computer. */
export async function serveDeadly(transport: CodaTransport): Promise<DeadlyServer> {
  let calls = 0;
  let writes = 0;
  const deadly: Pick<DeadlyServer, 'onStage' | 'writes' | 'reset'> = {
    onStage: () => undefined,
    writes: () => writes,
    reset: () => {
      calls = 0;
      writes = 0;
    },
  };
  const respond = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const request = await readRequest(incoming);
    const isWrite = request.method !== 'GET';
    calls += 1;
    writes += Number(isWrite);
    const call = { call: calls, write: isWrite ? writes : undefined };
    if (deadly.onStage(call, 'received') === 'drop') {
      incoming.socket.destroy();
      return;
    }
    const answer = await transport(request);
    deadly.onStage(call, 'carried-out');
    outgoing.writeHead(answer.status, { 'content-type': 'application/json' });
    outgoing.end(JSON.stringify(answer.body), () => deadly.onStage(call, 'answered'));
  };
  const server = createServer((incoming, outgoing) => void respond(incoming, outgoing));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return Object.assign(deadly, { baseUrl: `http://127.0.0.1:${port}${BASE_PATH}`, close });
}

async function readRequest(incoming: IncomingMessage): Promise<CodaRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
  const body = Buffer.concat(chunks).toString('utf8');
  return {
    method: (incoming.method ?? 'GET') as CodaRequest['method'],
    path: url.pathname.slice(BASE_PATH.length),
    query: Object.fromEntries(url.searchParams),
    ...(body === '' ? {} : { body: JSON.parse(body) as unknown }),
  };
}
