/** One whole run of the worker, made to be killed: an import, then ticks until nothing is left to do. */
import { createReadStream } from 'node:fs';
import { createCodaApi } from '#shared/coda/index.ts';
import { createHttpTransport, createPacedTransport } from '#worker/coda/index.ts';
import { importHistory } from '#worker/import/index.ts';
import { openSqliteStore } from '#worker/store/index.ts';
import { openTarget, tick } from '#worker/sync/index.ts';

const [, , baseUrl = '', docId = '', token = '', csvFile = '', storeFile = ''] = process.argv;
const TICKS_MAX = 10;

const clock = Date.now;
const wait = (): Promise<void> => Promise.resolve();
const { transport } = createPacedTransport(createHttpTransport({ baseUrl, token }), {
  clock,
  wait,
  buckets: 'unlimited',
});
const api = createCodaApi(transport);

await importHistory({
  source: createReadStream(csvFile),
  doc: { api, docId, clock, wait, lagMs: 0 },
});
const store = await openSqliteStore({ file: storeFile });
for (let ticks = 1, isSettled = false; !isSettled; ticks += 1) {
  if (ticks > TICKS_MAX) throw new Error('the ticks do not come to an end');
  const target = await openTarget(api, docId);
  isSettled = (await tick({ store, target, clock, wait, lagMs: 0, holdMs: 0 })).isSettled;
}
await store.close();
