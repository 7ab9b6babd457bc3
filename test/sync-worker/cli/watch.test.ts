import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { registerSync } from '#worker/cli/sync.ts';
import { openSqliteStore } from '#worker/store/index.ts';
import { readHolder } from '#worker/sync/index.ts';
import { runCommand } from './run-command.ts';
import { useServedDoc } from './served-doc.ts';

const { doc, folder } = useServedDoc();
const sync = (...words: readonly string[]) => runCommand(registerSync, ['sync', ...words]);

/** A port that nobody listens at. */
async function findPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

describe('founder-hq sync --watch', () => {
  it.each([
    [['--watch', '--accept-deletes'], 'cannot be used with'],
    [['--every', '5m'], 'go with --watch'],
    [['--health-port', '0'], 'go with --watch'],
    [['--behind', '5m'], 'go with --watch'],
    [['--watch', '--behind', 'long'], 'Expected a duration'],
    [['--watch', '--health-port', '70000'], '0 to 65535'],
    [['--watch', '--every', '5'], 'expected from 10s to 24h'],
  ])('refuses %j as a matter of usage', async (words, says) => {
    const { code, err } = await sync(...words);
    expect(code).toBe(2);
    expect(err).toContain(says);
  });

  it('ends at once where its first pass cannot go well by itself', async () => {
    const { code, err } = await sync('--watch', '--doc', 'https://coda.io/d/_dAbCdEfGhIj');
    expect(code).toBe(1);
    expect(err).toContain('CODA_API_TOKEN is not set');
  });

  it('makes its first pass at once, answers how it goes, and ends with 0 when it is told to', async () => {
    const port = await findPort();
    const health = Promise.withResolvers<Response>();
    const seen = vi.spyOn(process, 'emitWarning');
    const words = `sync --watch --every 1h --health-port ${port} --json --log`.split(' ');
    const watching = runCommand(registerSync, [...words, join(folder, 'watch.log')]);
    const ask = async (): Promise<void> => {
      const answer = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined);
      const text = await answer?.clone().text();
      if (answer !== undefined && text?.includes('"passes":1') === true) health.resolve(answer);
      else setImmediate(() => void ask());
    };
    void ask();
    const answer = await health.promise;
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ isWell: true, lastPass: { outcome: 'done' } });
    process.emit('SIGTERM');
    const { code, out } = await watching;
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      outcome: 'done',
      nextAt: expect.any(String),
      ticks: 1,
    });
    expect(seen).not.toHaveBeenCalled();
    const store = await openSqliteStore({ file: join('.founder-hq', `ledger-${doc.docId}.db`) });
    expect(await readHolder(store, Date.now())).toBeUndefined();
    await store.close();
    const events = readFileSync(join(folder, 'watch.log'), 'utf8').match(/"event":"\w+"/g);
    expect(events).toContain('"event":"tick"');
    await expect(fetch(`http://127.0.0.1:${port}/health`)).rejects.toThrow('fetch failed');
  });
});
