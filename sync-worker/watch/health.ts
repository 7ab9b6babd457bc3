import { createServer } from 'node:http';
import { DomainError } from '#shared/kernel/index.ts';

/** How a watch is doing, for whoever looks after it. */
export interface Health {
  /** Whether a pass went well, or is not yet late by more than may be. */
  readonly isWell: boolean;
  readonly passes: number;
  /** How many passes have failed in a row. */
  readonly failures: number;
  /** Absent before the first pass has ended. */
  readonly lastPass?: { readonly outcome: string; readonly ageMs: number };
  /** How long ago a pass last went well; absent where none has. Units: ms. */
  readonly wellAgoMs?: number;
  /** Whether a pass is at work. */
  readonly isAtWork: boolean;
}

/** Keeps how a watch is doing. */
export interface HealthBook {
  readonly begin: () => void;
  /** Notes the outcome of a pass: `done`, or a code. */
  readonly end: (outcome: string) => void;
  /** Notes in how long the next pass is due, after which one that went well begins to be behind. Units: ms. */
  readonly expect: (nextInMs: number) => void;
  readonly failures: () => number;
  readonly read: () => Health;
}

/** What another worker's work is called: no failure of ours, and no pass either. */
const ELSEWHERE = 'LEASE_HELD';

/** A book on the clock that only goes on; `behindMs` says how late a good pass may be. Units: ms. */
export function createHealthBook(elapsed: () => number, behindMs: number): HealthBook {
  let passes = 0;
  let failures = 0;
  let isAtWork = false;
  let last: { readonly outcome: string; readonly atMs: number } | undefined;
  let wellMs: number | undefined;
  let dueMs = elapsed();
  return {
    begin: () => {
      isAtWork = true;
    },
    end: (outcome) => {
      isAtWork = false;
      passes += 1;
      last = { outcome, atMs: elapsed() };
      if (outcome === 'done') {
        failures = 0;
        wellMs = last.atMs;
      } else if (outcome !== ELSEWHERE) failures += 1;
    },
    expect: (nextInMs) => {
      if (last !== undefined && last.atMs === wellMs) dueMs = last.atMs + nextInMs;
    },
    failures: () => failures,
    read: () => {
      const nowMs = elapsed();
      return {
        isWell: nowMs - dueMs <= behindMs,
        passes,
        failures,
        ...(last === undefined
          ? {}
          : { lastPass: { outcome: last.outcome, ageMs: nowMs - last.atMs } }),
        ...(wellMs === undefined ? {} : { wellAgoMs: nowMs - wellMs }),
        isAtWork,
      };
    },
  };
}

const HOST = '127.0.0.1';
const PATHS: ReadonlySet<string> = new Set(['/', '/health']);

/**
 * Answers on this computer alone how a watch is doing: 200 where it is well, else 503. Port 0 takes a free one.
 * Errors: `DomainError` `PORT_IN_USE`, `PORT_REFUSED`.
 */
export async function serveHealth(
  read: () => Health,
  port: number,
): Promise<{ readonly port: number; readonly close: () => Promise<void> }> {
  const server = createServer(({ method = '', url = '' }, response) => {
    const isAsked = ['GET', 'HEAD'].includes(method) && PATHS.has(url);
    const health = read();
    const status = isAsked ? (health.isWell ? 200 : 503) : 404;
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(method === 'HEAD' || !isAsked ? '' : `${JSON.stringify(health)}\n`);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(toPortError(error, port)));
    server.listen(port, HOST, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function toPortError(cause: Error, port: number): DomainError {
  const isTaken = 'code' in cause && cause.code === 'EADDRINUSE';
  const text = isTaken ? 'is in use by another program' : `cannot be opened: ${cause.message}`;
  return new DomainError(isTaken ? 'PORT_IN_USE' : 'PORT_REFUSED', `port ${port} ${text}`, {
    cause,
  });
}
