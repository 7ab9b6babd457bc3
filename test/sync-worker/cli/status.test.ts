import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { registerStatus } from '#worker/cli/status.ts';
import { registerSync } from '#worker/cli/sync.ts';
import { openSqliteStore, type StoredRecord } from '#worker/store/index.ts';
import { holdLease } from '#worker/sync/index.ts';
import { runCommand } from './run-command.ts';
import { useServedDoc } from './served-doc.ts';

const exampleOf = (name: string): StoredRecord['document'] =>
  JSON.parse(readFileSync(resolve(`docs/contracts/examples/${name}.valid.json`), 'utf8'))[0];
const alert = exampleOf('alert');
const budget = exampleOf('budget');
const ALERT_ID = '01K00000000000000000000080';
const BUDGET_ID = '01K00000000000000000000090';

const { doc, add } = useServedDoc();
const status = (...words: readonly string[]) => runCommand(registerStatus, ['status', ...words]);
const openLedger = () => openSqliteStore({ file: join('.founder-hq', `ledger-${doc.docId}.db`) });

beforeAll(async () => {
  add('tasks', { name: 'Interviews' });
  await runCommand(registerSync, ['sync']);
});

describe('founder-hq status', () => {
  it('tells that nobody is at work and how the last pass ended', async () => {
    const { code, out } = await status();
    expect(code).toBe(0);
    expect(out).toMatch(
      /^at work: nobody\nlast pass: done, 2\d{3}-.*Z\nledger: 0 events, chain intact$/m,
    );
  });

  it('tells who is at work, what fires, what of the limits is taken up and what of the budgets is used', async () => {
    const store = await openLedger();
    const lease = await holdLease(store, Date.now);
    const clear = { ...alert, alertId: '01K00000000000000000000081' };
    const { clearedAt: _, ...fires } = alert;
    await store.transaction(async (step) => {
      await step.putRecords('alerts', [
        { id: clear.alertId, document: clear },
        { id: ALERT_ID, document: fires },
      ]);
      await step.putRecords('budgets', [{ id: BUDGET_ID, document: budget }]);
    });
    const { out } = await status();
    await lease.release();
    const json = JSON.parse((await status('--json')).out);
    await store.close();
    expect(out).toMatch(new RegExp(`^at work: .*/${process.pid}/.*, until 2`, 'm'));
    expect(out).toContain('\nalert: error breaker_open, breaker/reader, since 2026-03-02T09:02');
    expect(out.match(/^alert:/gm)).toHaveLength(1);
    expect(out).toContain('\nbudgets used: project acme-audit 0 % (');
    expect(json).toMatchObject({
      atWork: null,
      lastPass: { outcome: 'done' },
      alerts: [{ rule: 'breaker_open', severity: 'error' }],
      budgets: [{ name: 'project acme-audit', usedPercent: 0 }],
    });
  });

  it.each(['0s', 'often'])('refuses to watch every %s', async (every) => {
    const { code, err } = await status('--watch', every);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('Expected a duration') });
  });

  it('is shown until a signal says stop, and then ends with 0', async () => {
    const watching = status('--watch', '1h');
    const stopOnceShown = (): void => {
      const { write } = process.stdout;
      if (vi.isMockFunction(write) && write.mock.calls.length > 0) process.emit('SIGTERM');
      else setImmediate(stopOnceShown);
    };
    stopOnceShown();
    const { code, out } = await watching;
    expect(code).toBe(0);
    expect(out).toMatch(
      /^2\S+Z at work: nobody; last pass: done, .*; ledger: 0 events, chain intact\n$/,
    );
  });
});
