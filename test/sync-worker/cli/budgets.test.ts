import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Budget, toBudgetStep } from '#shared/cost/index.ts';
import { toInstant } from '#shared/kernel/index.ts';
import { registerObserve } from '#worker/cli/observe.ts';
import { openDocStore } from '#worker/cli/open-store.ts';
import { registerReport } from '#worker/cli/report.ts';
import { createWorkLedger } from '#worker/work/index.ts';
import { idOf, sha256 } from '../../shared/ledger/record/work-scene.ts';
import { runCommand } from './run-command.ts';
import { useServedDoc } from './served-doc.ts';

const NOW = Date.UTC(2026, 3, 11);
const { doc, add, folder } = useServedDoc();
beforeAll(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  add('people', { name: 'Dana', cost_rate: 50, billable_rate: 100 });
  add('people', { name: 'Lee', cost_rate: 40 });
  add('engagements', { name: 'Retainer', budget: 4_000 });
  add('projects', { name: 'Acme', budget: 1_000, engagement: 'Retainer', billable: true });
  add('projects', { name: 'Free', budget: 0 });
  const row = { name: 'Interview', project: 'Acme', scheduled_start_date: '2026-04-01' };
  add('tasks', { ...row, scheduled_end_date: '2026-04-20' });
  add('tasks', { name: 'Errand', project: 'Free' });
  const run = { task: 'Interview', executed_by: 'Dana', ended_at: '2026-04-02T10:00:00Z' };
  add('execution_runs', { ...run, actual_hours: 12 });
  add('execution_runs', { ...run, actual_hours: 1, executed_by: 'Kim' });
  const errand = { task: 'Errand', executed_by: 'Lee', ended_at: '2026-04-09T10:00:00Z' };
  add('execution_runs', { ...errand, actual_hours: 2 });
});
afterAll(() => void vi.useRealTimers());

const report = (...words: readonly string[]) => runCommand(registerReport, ['report', ...words]);
const observe = (...words: readonly string[]) => runCommand(registerObserve, ['observe', ...words]);
const partOf = (out: string, start: string) => out.slice(out.indexOf(start)).trimEnd().split('\n');

/** A budget of the ledger, as a program of the founder's would write it. */
async function keepBudget(change: Partial<Budget>): Promise<void> {
  const budget: Budget = {
    budgetId: idOf('monthly'),
    scope: { level: 'global', id: 'all' },
    currency: 'USD',
    limitMicros: 0n,
    thresholdsPercent: [50, 80, 95, 100],
    mode: 'halt',
    period: 'month',
    timeZone: 'UTC',
    startsAt: toInstant(Date.UTC(2026, 0, 1)),
    ...change,
  };
  const asked = { at: toInstant(NOW), by: 'dana@studio.example' };
  const store = await openDocStore(doc.docId, {});
  const documents = [toBudgetStep(budget, asked)];
  await createWorkLedger(store, sha256).carryOut({
    key: 'budget',
    runIds: [],
    plan: () => [],
    documents,
  });
  await store.close();
}

describe('founder-hq report, budgets', () => {
  it('tells how each budget stands: spent, reserved, share, threshold, pace and what is in no sum', async () => {
    await keepBudget({});
    const { code, out } = await report();
    expect(code).toBe(0);
    expect(partOf(out, 'Budgets as of')).toEqual([
      'Budgets as of 2026-04-11T00:00:00.000Z; used is spent and reserved, a pace of 1 is on time:',
      '                     currency    limit   spent  reserved  used  past  pace  lasts until',
      'project Acme         USD       1000.00  600.00      0.00  60 %  50 %  1.20   2026-04-17',
      'project Free         USD          0.00   80.00      0.00     –     –     –            –',
      'engagement Retainer  USD       4000.00  600.00      0.00  15 %     –  0.30   2026-06-06',
      'global all           USD          0.00    0.00      0.00     –     –     –            –',
      '  project Acme: 1 without a price or in another currency, in no sum of it',
      '  project Free: 80.00 USD over its limit',
      '  engagement Retainer: 1 without a price or in another currency, in no sum of it',
      '  global all: used up, to the limit',
      '  global all: hard stop, it gives no more',
    ]);
  });

  it('gives the same as JSON, in exact amounts', async () => {
    const { out } = await report('--month', '2026-01', '--json');
    const { budgets, budgetsAsOf, total } = JSON.parse(out);
    expect([budgetsAsOf, total]).toEqual(['2026-04-11T00:00:00.000Z', null]);
    expect(budgets).toHaveLength(4);
    expect(budgets[0]).toMatchObject({
      origin: 'doc',
      scope: { level: 'project' },
      name: 'Acme',
      limitMicros: '1000000000',
      spentMicros: '600000000',
      usedPercent: 60,
      state: 'warning',
      thresholdPercent: 50,
      isStopped: false,
      uncounted: 1,
      burn: { pace: 1.2 },
    });
    expect(budgets[3]).toMatchObject({ origin: 'ledger', mode: 'halt', isStopped: true });
  });
});

describe('founder-hq report --in', () => {
  const RATES = join(folder, 'rates.csv');
  const write = (...rows: readonly string[]) =>
    writeFileSync(RATES, ['from,to,rate,valid_from,valid_to', ...rows, ''].join('\n'));

  it('shows the same beside it at the rates of each day, and names what has none', async () => {
    write('USD,EUR,0.5,2026-03-01,', 'USD,EUR,0.9,2026-04-01,2026-04-02');
    const { code, out } = await report('--in', 'EUR', '--rates', 'rates.csv');
    expect(code).toBe(0);
    expect(partOf(out, 'The same in EUR').slice(0, 7)).toEqual([
      'The same in EUR, each amount at the rate of its day:',
      'project  hours  currency    cost  billable  margin  per hour',
      expect.stringMatching(/^Acme {5}13\.00 {7}EUR {2}540\.00 {3}1080\.00 {7}– {9}–$/),
      'Free      2.00         –       –         –       –         –',
      'total    15.00       EUR  540.00   1080.00       –         –',
      '  without an exchange rate, and in no sum of these: USD to EUR on 2026-04-09 × 1',
      expect.stringMatching(/^Budgets/),
    ]);
    const json = JSON.parse((await report('--in', 'EUR', '--rates', 'rates.csv', '--json')).out);
    expect(json.converted).toMatchObject({
      currency: 'EUR',
      missing: [{ name: 'USD to EUR on 2026-04-09', count: 1 }],
      total: { totals: [{ currency: 'EUR', costMicros: '540000000', marginMicros: null }] },
    });
  });

  it.each([
    ['USD,EUR,nine,2026-04-01,', 'the rate `nine` is no number'],
    ['USD,EUR,0,2026-04-01,', 'the rate `0` is not above 0'],
    ['USD,Euro,0.9,2026-04-01,', '`Euro` is no currency'],
    ['USD,EUR,0.9,April,', 'line 2: valid_from'],
    ['USD,EUR,0.9,,', 'line 2: valid_from is blank'],
    ['USD,EUR,0.9,2026-04-01,\nUSD,EUR,0.8,2026-04-01,', 'two rates from USD to EUR hold at'],
  ])('refuses the rates %j', async (row, why) => {
    write(row);
    const { code, err } = await report('--in', 'EUR', '--rates', 'rates.csv');
    expect([code, err]).toEqual([1, expect.stringContaining(why)]);
  });

  it('takes neither of the two without the other', async () => {
    for (const words of [
      ['--in', 'EUR'],
      ['--rates', 'rates.csv'],
    ]) {
      expect(await report(...words)).toMatchObject({
        code: 2,
        err: expect.stringContaining('`--in` and `--rates` need each other'),
      });
    }
  });
});

describe('founder-hq observe, budgets', () => {
  it('names the budgets that go faster than their time, with the rows they are of', async () => {
    const { out } = await observe('daily');
    expect(out.split('\n').filter((text) => text.startsWith('Budget'))).toEqual([
      'Budget Acme: 60 % used, 1.20 times its pace',
      'Budget Free: spent',
    ]);
    const { budgetsAhead } = JSON.parse((await observe('daily', '--json')).out);
    const ids = doc.person.readRows('projects').map(({ rowId }) => rowId);
    expect(budgetsAhead.map(({ rowId }: { rowId: string }) => rowId)).toEqual(ids);
  });

  it('looks back on a day as it was: what was spent later is not in it', async () => {
    const { out } = await observe('daily', '--date', '2026-04-08');
    expect(out).toContain('Budget Acme: 60 % used, 1.50 times its pace');
    expect(out).not.toContain('Budget Free');
  });
});
