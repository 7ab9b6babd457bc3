import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '#shared/kernel/index.ts';
import { createHealthBook, serveHealth } from '#worker/watch/index.ts';
import { createTwoClocks } from './two-clocks.ts';

const createBook = () => {
  const clocks = createTwoClocks('2026-03-02T09:00:00Z');
  return { clocks, book: createHealthBook(clocks.elapsed, 15 * MINUTE_MS) };
};

describe('createHealthBook', () => {
  it('is well from the start, and no longer where no pass has gone well for too long', () => {
    const { clocks, book } = createBook();
    expect(book.read()).toEqual({ isWell: true, passes: 0, failures: 0, isAtWork: false });
    clocks.pass(15 * MINUTE_MS);
    expect(book.read().isWell).toBe(true);
    clocks.pass(1);
    expect(book.read().isWell).toBe(false);
  });

  it('counts from when the pass after a good one is due', () => {
    const { clocks, book } = createBook();
    book.begin();
    expect(book.read().isAtWork).toBe(true);
    book.end('done');
    book.expect(60 * MINUTE_MS);
    clocks.pass(75 * MINUTE_MS);
    expect(book.read()).toMatchObject({ isWell: true, isAtWork: false, wellAgoMs: 75 * MINUTE_MS });
    clocks.pass(1);
    expect(book.read().isWell).toBe(false);
  });

  it('is not well for passes that fail, however many, and well again after one that does not', () => {
    const { clocks, book } = createBook();
    for (let pass = 1; pass <= 4; pass += 1) {
      book.end('NETWORK');
      book.expect(5 * MINUTE_MS);
      clocks.pass(5 * MINUTE_MS);
    }
    expect(book.read()).toEqual({
      isWell: false,
      passes: 4,
      failures: 4,
      lastPass: { outcome: 'NETWORK', ageMs: 5 * MINUTE_MS },
      isAtWork: false,
    });
    book.end('done');
    book.expect(5 * MINUTE_MS);
    expect(book.read()).toMatchObject({ isWell: true, failures: 0 });
  });
});

describe('serveHealth', () => {
  it('answers 200 or 503 with how it is, to whoever asks for that alone', async () => {
    const { clocks, book } = createBook();
    const { port, close } = await serveHealth(book.read, 0);
    const ask = (path: string, method = 'GET') =>
      fetch(`http://127.0.0.1:${port}${path}`, { method });
    book.end('done');
    book.expect(0);
    clocks.pass(4_000);
    const well = await ask('/health');
    expect(well.status).toBe(200);
    expect(await well.json()).toMatchObject({ lastPass: { outcome: 'done', ageMs: 4_000 } });
    clocks.pass(15 * MINUTE_MS);
    expect((await ask('/')).status).toBe(503);
    expect((await ask('/health', 'HEAD')).status).toBe(503);
    expect((await ask('/metrics')).status).toBe(404);
    expect((await ask('/health', 'POST')).status).toBe(404);
    await close();
    await expect(ask('/health')).rejects.toThrow('fetch failed');
  });

  it('says which port is taken', async () => {
    const other = createServer();
    await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening));
    const { port } = other.address() as AddressInfo;
    await expect(serveHealth(createBook().book.read, port)).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: expect.stringContaining(`${port}`),
    });
    other.close();
  });
});
