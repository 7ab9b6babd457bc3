import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { restoreBackup, writeBackup } from '#worker/backup/index.ts';
import { openStore } from '#worker/store/index.ts';
import { verifyStore } from '#worker/verify/index.ts';
import { HAS_NO_POSTGRES, newDocId, POSTGRES_URL } from '../store/postgres/postgres-docs.ts';
import { useStoreFiles } from '../store/store-files.ts';
import { clock, fillStore } from './backup-scene.ts';

const newFile = useStoreFiles();
const PROGRAM = fileURLToPath(new URL('./restore-and-halt.ts', import.meta.url));

async function killMidway(...words: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [PROGRAM, ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await ended;
  expect(child.signalCode).toBe('SIGKILL');
}

function describeKilledRestore(name: string, where: () => string): void {
  it(`leaves ${name} as empty as it was, and the next one fills it`, async () => {
    const place = where();
    const docId = newDocId();
    const source = await openStore({ store: newFile(), docId });
    await fillStore(source);
    const file = newFile();
    const witness = { docId, anchors: [] };
    const summary = await writeBackup(source, { file, witness, clock });
    await source.close();
    await killMidway(file, place, docId);
    const store = await openStore({ store: place, docId });
    expect([(await store.head()).position, await store.listOutbox()]).toEqual([0, []]);
    expect(await restoreBackup(store, { file, witness })).toEqual(summary);
    expect(await verifyStore(store)).toMatchObject({ ok: true, head: summary.head });
    await store.close();
  });
}

describe('a restore that is killed midway', () => {
  describeKilledRestore('a file', newFile);
  describe.skipIf(HAS_NO_POSTGRES)('on a server', () => {
    describeKilledRestore('a schema', () => POSTGRES_URL);
  });
});
