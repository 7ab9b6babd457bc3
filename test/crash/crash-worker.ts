/**
 * One whole run of the worker, made to be killed: an import, then ticks until nothing is left to do. It notes each
 * step in a file before it goes on, so that whoever kills it knows what it had just done, and can be told to stand
 * still after one of its writes was answered.
 */
import { createReadStream, openSync, writeSync } from 'node:fs';
import { type CodaTransport, createCodaApi } from '#shared/coda/index.ts';
import { createHttpTransport, createPacedTransport } from '#worker/coda/index.ts';
import { importHistory } from '#worker/import/index.ts';
import { openSqliteStore, type Store } from '#worker/store/index.ts';
import { openTarget, tick } from '#worker/sync/index.ts';

const [, , baseUrl = '', docId = '', token = '', csvFile = '', storeFile = '', halt = ''] =
  process.argv;
const TICKS_MAX = 10;

const diary = openSync(`${storeFile}.diary`, 'w');
const note = (step: 'send' | 'answer' | 'read' | 'commit'): void =>
  void writeSync(diary, `${step}\n`);

const clock = Date.now;
const wait = (): Promise<void> => Promise.resolve();
const http = createHttpTransport({ baseUrl, token });
let answers = 0;
const noted: CodaTransport = async (request) => {
  const isWrite = request.method !== 'GET';
  note(isWrite ? 'send' : 'read');
  const answer = await http(request);
  if (!isWrite) return answer;
  note('answer');
  answers += 1;
  if (answers === Number(halt)) {
    process.send?.('halted');
    await new Promise(() => setInterval(() => {}, 60_000));
  }
  return answer;
};
const { transport } = createPacedTransport(noted, { clock, wait, buckets: 'unlimited' });
const api = createCodaApi(transport);

await importHistory({
  source: createReadStream(csvFile),
  doc: { api, docId, clock, wait, lagMs: 0 },
});
const opened = await openSqliteStore({ file: storeFile });
const store: Store = {
  ...opened,
  transaction: async (...step) => {
    const value = await opened.transaction(...step);
    note('commit');
    return value;
  },
};
for (let ticks = 1, isSettled = false; !isSettled; ticks += 1) {
  if (ticks > TICKS_MAX) throw new Error('the ticks do not come to an end');
  const target = await openTarget(api, docId);
  isSettled = (await tick({ store, target, clock, wait, lagMs: 0, holdMs: 0 })).isSettled;
}
await store.close();
// A channel to the parent would keep a process alive that has nothing left to do.
process.disconnect?.();
