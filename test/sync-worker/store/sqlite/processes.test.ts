import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openSqliteStore, type Store } from '#worker/store/index.ts';
import { verifyStore } from '#worker/verify/index.ts';
import { useStoreFiles } from '../store-files.ts';

const newFile = useStoreFiles();
const PROGRAM = fileURLToPath(new URL('../append-and-acknowledge.ts', import.meta.url));
const EVENTS_PER_ROUND = 3;

const startAppending = (file: string, name: string, count: number): ChildProcess =>
  spawn(process.execPath, [PROGRAM, file, name, String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });

/** What a process said was durable, until it ended; it is killed with no warning after so many acknowledgements. */
async function listenTo(child: ChildProcess, killAfter = Number.POSITIVE_INFINITY) {
  const ended = once(child, 'close');
  const acknowledged: string[] = [];
  if (child.stdout === null) throw new Error('the process has no output');
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(line);
    if (acknowledged.length === killAfter) child.kill('SIGKILL');
  }
  await ended;
  return { acknowledged, signal: child.signalCode };
}

const keysOf = async (store: Store) =>
  new Set((await store.readStream('shared')).map(({ idempotencyKey }) => idempotencyKey));

describe('a SQLite store among processes', () => {
  it('has every acknowledged event after a kill without warning, and no half of a step', async () => {
    const file = newFile();
    let rounds = 0;
    for (const killAfter of [1, 7, 40]) {
      const name = `worker-${killAfter}`;
      const child = startAppending(file, name, 100_000);
      const { acknowledged, signal } = await listenTo(child, killAfter);
      expect(signal).toBe('SIGKILL');
      expect(acknowledged.length).toBeGreaterThanOrEqual(killAfter);
      const store = await openSqliteStore({ file });
      const keys = await keysOf(store);
      expect(acknowledged.filter((key) => !keys.has(key))).toEqual([]);
      // One step may have landed after the last acknowledgement was read; then all of it has.
      const landed = (await store.readStream(name)).length;
      expect(await store.get('round', name)).toBe(landed);
      rounds += landed;
      const value = { position: rounds * EVENTS_PER_ROUND };
      expect(await verifyStore(store)).toMatchObject({ ok: true, head: value });
      await store.close();
    }
  });

  it('numbers without gaps or doubles while two processes append at once', async () => {
    const file = newFile();
    const count = 60;
    const names = ['worker-a', 'worker-b'];
    const heard = await Promise.all(
      names.map((name) => listenTo(startAppending(file, name, count))),
    );
    expect(heard.map(({ acknowledged }) => acknowledged.length)).toEqual([count, count]);
    const store = await openSqliteStore({ file });
    const value = { position: names.length * count * EVENTS_PER_ROUND };
    expect(await verifyStore(store)).toMatchObject({ ok: true, head: value });
    const shared = await store.readStream('shared');
    expect(shared.map(({ version }) => version)).toEqual(shared.map((_, index) => index + 1));
    expect((await keysOf(store)).size).toBe(names.length * count);
    await store.close();
  });
});
