import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openSqliteStore } from '#worker/store/index.ts';
import { useStoreFiles } from '../store/store-files.ts';
import { appendMany } from './bus-scene.ts';

const newFile = useStoreFiles();
const PROGRAM = fileURLToPath(new URL('./consume-and-halt.ts', import.meta.url));

/** The positions a consumer dealt with until it ended, or halted and was killed. */
async function consume(file: string, haltAfter: number): Promise<readonly number[]> {
  const child = spawn(process.execPath, [PROGRAM, file, String(haltAfter), '5'], {
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

it('an event whose consumer is killed before its cursor is saved comes again, and none is skipped', async () => {
  const file = newFile();
  const store = await openSqliteStore({ file });
  await appendMany(store, 5);
  await store.close();
  expect(await consume(file, 2)).toEqual([1, 2]);
  expect(await consume(file, 6)).toEqual([2, 3, 4, 5]);
});
