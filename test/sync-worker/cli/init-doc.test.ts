import { describe, expect, it } from 'vitest';
import { createCommand, toAnchorRow, toCommandRow } from '#shared/ledger/index.ts';
import { registerInit } from '#worker/cli/init.ts';
import { sha256 } from '#worker/store/index.ts';
import { runCommand } from './run-command.ts';
import { useServedDoc } from './served-doc.ts';

const { doc, add, rows } = useServedDoc([{ name: 'Dana', email: 'dana@studio.example' }]);
const init = (...words: readonly string[]) => runCommand(registerInit, ['init', ...words]);

describe('founder-hq init --adopt', () => {
  it('refuses a Ledger table that is the doc’s own', async () => {
    expect(await init('--adopt')).toMatchObject({
      code: 1,
      err: expect.stringContaining('nothing to adopt'),
    });
  });

  it('shows first what came along, and drops it only then', async () => {
    const anchor = { docId: 'OtherDoc12', position: 9, hash: 'ab', epoch: 1 };
    add('Ledger', { ...toAnchorRow(anchor) });
    add('Ledger', { title: 'Start · Audit · Dana', kind: 'settled', key: 'K1' });
    const shown = await init('--adopt');
    expect(shown.out).toContain('2 rows of the Ledger table came along from doc OtherDoc12');
    expect(shown.out).toContain('  Start · Audit · Dana');
    expect(rows('Ledger')).toHaveLength(2);
    const json = await init('--adopt', '--apply', '--json');
    expect(JSON.parse(json.out)).toMatchObject({
      isApplied: true,
      kinds: { state: 1, settled: 1 },
    });
    expect(rows('Ledger')).toEqual([]);
  });
});

describe('founder-hq init --seal', () => {
  it('shows the presses that wait, and decides them all only then', async () => {
    add('people', { name: 'Dana', email: 'dana@studio.example' });
    add('workflows', { name: 'Audit', external_id: 'W1' });
    add('tasks', { name: 'Interview', external_id: 'T1', status: 'In progress' });
    const presses = [
      ['StartRun', Date.UTC(2026, 0, 5, 9)],
      ['FinishRun', Date.UTC(2026, 0, 5, 11)],
    ] as const;
    for (const [type, atMs] of presses) {
      const data = { task: 'Interview', person: 'Dana' };
      const command = createCommand({ type, data, atMs, by: 'dana@studio.example' }, sha256);
      add('Ledger', { ...toCommandRow(command, `${type} · Interview · Dana`) });
    }
    const shown = await init('--seal');
    expect(shown.out).toContain('2 presses of buttons wait to be decided');
    expect(rows('execution_runs')).toEqual([]);
    const { code, out } = await init('--seal', '--apply');
    expect({ code, out }).toMatchObject({
      code: 0,
      out: expect.stringContaining('2 commands decided, 0 waiting'),
    });
    expect(rows('execution_runs')).toMatchObject([{ task: 'Interview', actual_hours: '2' }]);
    expect(await init('--seal')).toMatchObject({ out: expect.stringContaining('0 presses') });
    expect(doc.docId).not.toBe('');
  });
});
