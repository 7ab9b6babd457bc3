import { describe, expect, it } from 'vitest';
import { createCommand, toCommandRow } from '#shared/ledger/index.ts';
import { describeCondition } from '#shared/lifecycle/index.ts';
import { sha256 } from '#worker/store/index.ts';
import { readOpenGates } from '#worker/sync/index.ts';
import { createFinishedScene, DANA } from './gate-scene.ts';

/** Dana has finished a task whose project asks for a budget that holds, and writes down what things cost. */
async function createBudgetScene(gates: string) {
  const scene = await createFinishedScene(gates);
  const { doc, clock, rowOf, settle, api, store } = scene;
  const [dana] = doc.person.readRows('people');
  doc.person.editCell('people', dana?.rowId ?? '', { cost_rate: '50' });
  const edit = (table: string, name: string, cells: Record<string, string>) =>
    doc.person.editCell(table, rowOf(table, 'name', name).rowId, cells);
  const spend = async (amount: string, currency = 'USD') => {
    const data = { target: 'Acme', amount, currency, category: 'x', day: '2026-05-04', note: '' };
    const asked = { type: 'RecordCost', data: { ...data, entry: 1 }, by: DANA } as const;
    const command = createCommand({ ...asked, atMs: clock() }, sha256);
    doc.person.insertRow('Ledger', { ...toCommandRow(command, 'Cost') });
    await settle();
  };
  const look = async () => {
    const { runs } = await readOpenGates(store, { api, docId: doc.docId, nowMs: clock() });
    return runs.flatMap(({ gates: all }) =>
      all.map(({ next, conditions, why }) => [next, ...conditions.map(describeCondition), why]),
    );
  };
  return { ...scene, edit, spend, look };
}

describe('a gate on the budget of a project', () => {
  it('holds at exactly the limit, and not a millionth beyond it', async () => {
    const { edit, spend, look, runTick } = await createBudgetScene(
      'budget <= 100 %; client approval',
    );
    expect((await look())[0]).toEqual([
      'NOT_RUN',
      'no budget is kept for the project, nor for its engagement',
    ]);
    edit('projects', 'Acme', { budget: '100' });
    await spend('100');
    expect((await look())[0]).toEqual(['PASSED', 'budget_used 100, wanted ≤ 100 % (n 1): met', '']);
    expect(await runTick()).toMatchObject({ events: 0 });
    await spend('0.000001');
    const { gates } = await runTick();
    expect(gates[0]?.gates[0]).toMatchObject({ status: 'FAILED', isOpen: false });
    expect((await look())[0]?.[1]).toBe('budget_used 100.00005, wanted ≤ 100 % (n 1): unmet');
  });

  it('is judged by the budget of the engagement where the project has none', async () => {
    const { add, edit, spend, look, settle } = await createBudgetScene('budget < 50 %');
    add('engagements', { name: 'Retainer', budget: 200 });
    edit('projects', 'Acme', { engagement: 'Retainer' });
    await spend('99');
    // Its only gate is open, so that the run is done.
    expect(await look()).toEqual([]);
    expect(await settle()).toMatchObject({ gates: [] });
  });

  it('is not passed while something has another currency, and fails on the rest', async () => {
    const { edit, spend, look } = await createBudgetScene('budget <= 100 %');
    edit('projects', 'Acme', { budget: '100' });
    await spend('5', 'EUR');
    expect((await look())[0]?.slice(0, 3)).toEqual([
      'INCONCLUSIVE',
      'budget_used 0, wanted ≤ 100 % (n 1): met',
      'costs_uncounted 1, wanted ≤ 0 lines (n 1): between met and unmet',
    ]);
    await spend('101');
    expect((await look())[0]?.[0]).toBe('FAILED');
  });
});
