import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { beforeAll, describe, expect, it } from 'vitest';
import { createCommand, toCommandRow } from '#shared/ledger/index.ts';
import { registerExport } from '#worker/cli/export.ts';
import { registerImportPrices } from '#worker/cli/import-prices.ts';
import { registerPlan } from '#worker/cli/plan.ts';
import type { Register } from '#worker/cli/program.ts';
import { registerReport } from '#worker/cli/report.ts';
import { registerSync } from '#worker/cli/sync.ts';
import { openSqliteStore, sha256 } from '#worker/store/index.ts';
import { runCommand } from './run-command.ts';
import { useServedDoc } from './served-doc.ts';

const DANA = 'dana@studio.example';
const { doc, add, folder } = useServedDoc([{ name: 'Dana', email: DANA }]);
const state = join(folder, '.founder-hq');
const ledger = join(state, `ledger-${doc.docId}.db`);
const old = join(folder, 'old.db');
const registerImport = (program: Command) => registerImportPrices(program.command('import'));
const sync = () => runCommand(registerSync, ['sync']);

/** A ledger that stayed behind when the doc went on with another one. */
beforeAll(async () => {
  add('people', { name: 'Dana', email: DANA, cost_rate: 50 });
  add('tasks', { name: 'Interview' });
  add('offers', { name: 'Audit' });
  await sync();
  copyFileSync(ledger, old);
  const data = { task: 'Interview', person: DANA };
  const command = createCommand({ type: 'StartRun', data, atMs: Date.now(), by: DANA }, sha256);
  doc.person.insertRow('Ledger', { ...toCommandRow(command, 'Start') });
  await sync();
  const files = readdirSync(state).filter((name) => name.startsWith(`ledger-${doc.docId}`));
  for (const name of files) rmSync(join(state, name));
  copyFileSync(old, ledger);
  const price = { input_cost_per_token: 1e-6 };
  writeFileSync(join(folder, 'prices.json'), JSON.stringify({ large: price }));
}, 60_000);

const positionOf = async (): Promise<number> => {
  const store = await openSqliteStore({ file: ledger });
  try {
    return (await store.head()).position;
  } finally {
    await store.close();
  }
};

const COMMANDS: readonly (readonly [Register, readonly string[]])[] = [
  [registerSync, ['sync']],
  [registerReport, ['report', '--month', '2026-04']],
  [registerReport, ['report', '--close', '2026-04']],
  [registerReport, ['report', '--dry-run']],
  [registerExport, ['export', 'costs']],
  [registerImport, ['import', 'prices', 'prices.json']],
  [registerPlan, ['plan', 'Audit', '--name', 'A', '--start', '2026-01-05', '--apply']],
];

describe('a ledger the doc was not last written by', () => {
  it.each(COMMANDS)('is refused and stays as it is %#', async (register, words) => {
    const before = await positionOf();
    const { code, out, err } = await runCommand(register, words);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('The ledger is not the one');
    expect(await positionOf()).toBe(before);
  });

  it('is known by what the doc says where nothing was witnessed on this computer', async () => {
    const file = join(state, `head-anchors-${doc.docId}.jsonl`);
    const witnessed = readFileSync(file, 'utf8');
    rmSync(file);
    for (const [register, words] of COMMANDS) {
      expect(await runCommand(register, words)).toMatchObject({
        code: 1,
        err: expect.stringMatching(/The doc was last written by another ledger .* --store/),
      });
    }
    rmSync(file, { force: true });
    writeFileSync(file, witnessed);
  });

  it('is known where the doc cannot be asked, by what was witnessed of the other one', async () => {
    rmSync(join(state, 'local-doc.json'));
    const words = ['import', 'prices', 'prices.json', '--doc', doc.docId];
    expect(await runCommand(registerImport, words)).toMatchObject({
      code: 1,
      err: expect.stringContaining('The ledger is not the one'),
    });
  });
});
