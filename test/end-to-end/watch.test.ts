import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { FOUNDER_HQ_TABLES } from '#shared/doc/index.ts';
import { createDocFromTables } from '#worker/local-doc/index.ts';
import { openSqliteStore } from '#worker/store/index.ts';
import { serveEchoes } from '../sync-worker/secrets/echoing-server.ts';
import { useFolder } from './founder-hq.ts';

const folder = useFolder();

it('stops a watch in the middle of a pass: it ends with 0, the lease is free, and the next pass goes on', async () => {
  const doc = createDocFromTables(FOUNDER_HQ_TABLES);
  const { docId, token } = doc;
  const served = await doc.listen();
  const server = await serveEchoes({ baseUrl: served.baseUrl, token });
  onTestFinished(async () => {
    await server.close();
    await served.close();
    doc.close();
  });
  const asked = Promise.withResolvers<void>();
  // By the time rows are read the pass holds its lease; then it is told to wait for a minute.
  server.say({
    status: 429,
    body: () => '{"message":"later"}',
    on: ({ path }) => {
      if (path.includes('/rows')) asked.resolve();
      return path.includes('/rows');
    },
  });
  const env = { CODA_API_BASE: server.baseUrl, CODA_API_TOKEN: 'a-token-of-mine' };
  const log = join(folder.path, 'watch.log');
  const words = ['sync', '--watch', '--doc', docId, '--log', log, '--log-level', 'debug'];
  const watch = folder.begin(words, { env });
  await asked.promise;
  watch.kill('SIGTERM');
  expect(await watch.ended).toMatchObject({ code: 0, out: '' });
  expect(readFileSync(log, 'utf8')).toContain('"event":"tick_failed","codes":["INTERRUPTED"');
  const store = await openSqliteStore({
    file: join(folder.path, '.founder-hq', `ledger-${docId}.db`),
  });
  expect((await store.readLease('sync'))?.expiresAtMs).toBeLessThanOrEqual(Date.now());
  await store.close();
  server.say(undefined);
  const next = folder.begin(['sync', '--doc', docId], { env });
  expect(await next.ended).toMatchObject({ code: 0 });
}, 60_000);
