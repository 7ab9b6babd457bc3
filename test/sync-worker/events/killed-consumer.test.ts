import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openStore, type StorePlace } from '#worker/store/index.ts';
import { HAS_NO_POSTGRES, newDocId, POSTGRES_URL } from '../store/postgres/postgres-docs.ts';
import { useStoreFiles } from '../store/store-files.ts';
import { appendMany } from './bus-scene.ts';

const newFile = useStoreFiles();
const PROGRAM = fileURLToPath(new URL('./consume-and-halt.ts', import.meta.url));

/** The positions a consumer dealt with until it ended, or halted and was killed. */
async function consume(
  { store, docId }: StorePlace,
  haltAfter: number,
): Promise<readonly number[]> {
  const child = spawn(process.execPath, [PROGRAM, store, docId, String(haltAfter), '5'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const dealtWith: number[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'halted') child.kill('SIGKILL');
    else dealtWith.push(Number(line));
  }
  await ended;
  expect(child.signalCode).toBe(haltAfter < 5 ? 'SIGKILL' : null);
  return dealtWith;
}

function describeKilledConsumer(name: string, store: () => string): void {
  it(`comes again from ${name}, and none is skipped`, async () => {
    const place = { store: store(), docId: newDocId() };
    const opened = await openStore(place);
    await appendMany(opened, 5);
    await opened.close();
    expect(await consume(place, 2)).toEqual([1, 2]);
    expect(await consume(place, 6)).toEqual([2, 3, 4, 5]);
  });
}

describe('an event whose consumer is killed before its cursor is saved', () => {
  describeKilledConsumer('a file', newFile);
  describe.skipIf(HAS_NO_POSTGRES)('on a server', () => {
    describeKilledConsumer('a schema', () => POSTGRES_URL);
  });
});
