import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSqliteStore } from '#worker/store/index.ts';
import { createSyncScene } from './sync-scene.ts';

const TTL_MS = 120_000;

describe('two workers on one doc', () => {
  it('do not work at the same time: the second is told who is at work and until when', async () => {
    const { runTick, store, clock, rows, press } = await createSyncScene();
    press('StartRun');
    const owner = 'elsewhere/7/x';
    await store.acquireLease({ name: 'sync', owner, ttlMs: TTL_MS, nowMs: clock() });
    await expect(runTick()).rejects.toMatchObject({
      code: 'LEASE_HELD',
      message: expect.stringContaining('`elsewhere/7/x`'),
    });
    expect(rows('execution_runs')).toEqual([]);
    expect(await store.head()).toMatchObject({ position: 0 });
  });

  it('of one process are two all the same', async () => {
    const { runTick } = await createSyncScene();
    const both = await Promise.allSettled([runTick(), runTick()]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'LEASE_HELD' },
    });
  });

  it('take over at once from one of this machine that is no more, but not from one that lives', async () => {
    const { runTick, store, clock } = await createSyncScene();
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const owner = `${hostname()}/${child.pid}/x`;
    await store.acquireLease({ name: 'sync', owner, ttlMs: TTL_MS, nowMs: clock() });
    await expect(runTick()).rejects.toMatchObject({ code: 'LEASE_HELD' });
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(await runTick()).toMatchObject({ isSettled: true });
  });

  it('take over from a forerunner that had the number of this process', async () => {
    const { runTick, store, clock } = await createSyncScene();
    const owner = `${hostname()}/${process.pid}/of-before-the-restart`;
    await store.acquireLease({ name: 'sync', owner, ttlMs: TTL_MS, nowMs: clock() });
    expect(await runTick()).toMatchObject({ isSettled: true });
  });

  it('take over when the time is up, and the one that was fenced writes nothing more', async () => {
    const scene = await createSyncScene();
    const { runTick, press, wait, folder, rows, counts, clock, store, settle } = scene;
    press('StartRun');
    const other = await openSqliteStore({ file: join(folder, 'ledger.db') });
    const takeOver = async () => {
      await wait(TTL_MS + 1);
      const owner = 'elsewhere/7/x';
      const { granted, lease } = await other.acquireLease({
        name: 'sync',
        owner,
        ttlMs: 1_000,
        nowMs: clock(),
      });
      expect(granted).toBe(true);
      await other.releaseLease(lease);
    };
    const before = rows('Ledger');
    let taken = Promise.resolve();
    const onStep = (step: string) => {
      if (step === 'push') taken = takeOver();
    };
    await expect(runTick({ onStep })).rejects.toMatchObject({
      code: expect.stringMatching(/^STALE_LEASE|LEASE_LOST$/),
    });
    await taken;
    expect(rows('execution_runs')).toEqual([]);
    expect(rows('Ledger')).toEqual(before);
    expect(counts().writes).toBe(0);
    expect((await store.readAll(0, 9)).map(({ type }) => type)).toContain('command_decided');
    await settle();
    expect(rows('execution_runs')).toHaveLength(1);
    await other.close();
  });
});
