import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openPostgresStore } from '#worker/store/postgres/postgres-store.ts';
import { append, eventOf } from '../sync-worker/store/append-event.ts';
import { HAS_NO_POSTGRES } from '../sync-worker/store/postgres/postgres-docs.ts';
import { createCluster } from './cluster.ts';

const HOLDER = fileURLToPath(new URL('hold-cluster.ts', import.meta.url));
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

describe.skipIf(HAS_NO_POSTGRES)('a cluster', () => {
  it('keeps what it was told over a sudden end, and a store refuses it where it would not', async () => {
    const cluster = await createCluster({ copiesPrograms: true });
    expect(cluster.runsAs).toContain('from a copy of the programs');
    // Nobody has set up the two roles here: its owner does all.
    const open = () => openPostgresStore({ url: cluster.url, docId: 'dana' });
    const store = await open();
    await append(store, 'desk', [eventOf(1)]);
    await store.close();
    await cluster.stop('immediate');
    await cluster.start({ fsync: 'off' });
    await expect(open()).rejects.toMatchObject({
      code: 'STORE_UNSAFE',
      message: expect.stringContaining('"fsync":"off"'),
    });
    await cluster.stop('fast');
    await cluster.start();
    const again = await open();
    expect((await again.head()).position).toBe(1);
    await again.close();
    await cluster.remove();
    expect(existsSync(cluster.folder)).toBe(false);
  });

  it('runs as an ordinary user too, and goes away where its starter was killed', async () => {
    const user = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
    const holder = spawn(process.execPath, [HOLDER], {
      ...user,
      cwd: tmpdir(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(createInterface({ input: holder.stdout }), 'line');
    const { folder, runsAs } = JSON.parse(String(line));
    expect(runsAs).toBe('the user the tests run as');
    expect(existsSync(folder)).toBe(true);
    const ended = once(holder, 'close');
    holder.kill('SIGKILL');
    // Its output is closed when its guard has ended too.
    await ended;
    expect(existsSync(folder)).toBe(false);
  });
});
