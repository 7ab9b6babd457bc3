import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { registerSync } from '#worker/cli/sync.ts';
import { openSqliteStore } from '#worker/store/index.ts';
import { holdLease } from '#worker/sync/index.ts';
import { runCommand } from './run-command.ts';
import { useServedDoc } from './served-doc.ts';

const { doc } = useServedDoc();

it('tells of a first pass that another worker stands in the way of, and goes on watching', async () => {
  await runCommand(registerSync, ['sync']);
  const store = await openSqliteStore({ file: join('.founder-hq', `ledger-${doc.docId}.db`) });
  const lease = await holdLease(store, Date.now);
  const watching = runCommand(registerSync, ['sync', '--watch', '--every', '1h']);
  const stopOnceShown = (): void => {
    const { write } = process.stdout;
    if (vi.isMockFunction(write) && write.mock.calls.length > 0) process.emit('SIGTERM');
    else setImmediate(stopOnceShown);
  };
  stopOnceShown();
  const { code, out, err } = await watching;
  expect(code).toBe(0);
  expect(err).toMatch(/^error: Another worker .* is at work on this doc until/);
  expect(out).toMatch(/^2\S+Z LEASE_HELD; next 2\S+Z\n$/);
  await lease.release();
  await store.close();
});
