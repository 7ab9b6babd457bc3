import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net';
import type { Random } from '../random.ts';

/** Connections that were broken, by how. */
export interface Breaks {
  /** Before a byte of the request went on. */
  before: number;
  /** After the request went on, with no byte of its answer. */
  after: number;
  /** In the middle of the answer to a read. */
  withinRead: number;
  /** In the middle of the answer to a write. */
  withinWrite: number;
}

/** A TCP proxy on this computer that breaks connections. */
export interface FaultyProxy {
  readonly port: number;
  readonly close: () => Promise<void>;
}

type Fate = 'carry' | 'before' | 'after' | 'within';

/** Share of requests that break, whichever way. */
const BROKEN = 0.06;
const WAYS: readonly Fate[] = ['before', 'after', 'within', 'within', 'within'];

/** Carries connections to a port of this computer, and breaks some before, within or after what they carry. */
export async function createFaultyProxy(
  target: number,
  random: Random,
  breaks: Breaks,
): Promise<FaultyProxy> {
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = dial(target, '127.0.0.1');
    for (const socket of [near, far]) {
      open.add(socket);
      // A broken connection is what this is for.
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    carry(near, far, { random, breaks });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}

function carry(
  near: Socket,
  far: Socket,
  { random, breaks }: { readonly random: Random; readonly breaks: Breaks },
): void {
  let fate: Fate = 'carry';
  let isRead = true;
  const cut = (): void => {
    near.destroy();
    far.destroy();
  };
  near.on('data', (chunk) => {
    const method = /^(GET|POST|PUT|DELETE) /.exec(chunk.toString('latin1'))?.[1];
    // What follows the first bytes of a request belongs to it.
    if (method !== undefined) {
      isRead = method === 'GET';
      fate = random.chance(BROKEN) ? random.pick(WAYS) : 'carry';
    }
    if (fate === 'before') {
      breaks.before += 1;
      cut();
    } else far.write(chunk);
  });
  far.on('data', (chunk) => {
    if (fate === 'after') {
      breaks.after += 1;
      cut();
    } else if (fate === 'within') {
      breaks[isRead ? 'withinRead' : 'withinWrite'] += 1;
      near.write(chunk.subarray(0, Math.floor(chunk.length * random.next())), cut);
    } else near.write(chunk);
  });
}
