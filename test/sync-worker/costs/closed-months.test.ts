import { describe, expect, it } from 'vitest';
import { microsToText } from '#shared/cost/index.ts';
import { type CostDimension, READABLE_TABLES, readBinding } from '#shared/doc/index.ts';
import { DAY_MS, toInstant } from '#shared/kernel/index.ts';
import { createCommand, toCommandRow, toRunId } from '#shared/ledger/index.ts';
import { describeCosts } from '#worker/cli/costs-text.ts';
import {
  type CloseOutcome,
  closeMonth,
  monthCosts,
  readCosts,
  toCostReport,
} from '#worker/costs/index.ts';
import { readClosedBooks } from '#worker/spending/index.ts';
import { sha256 } from '#worker/store/index.ts';
import { holdLease } from '#worker/sync/index.ts';
import { verifyStore } from '#worker/verify/index.ts';
import { createSyncScene, NINE } from '../sync/sync-scene.ts';

const RUN = { task: 'Interview', executed_by: 'Dana', actual_hours: 2 };

/** A doc on the 4th of May with two runs of April, and what a founder may ask of its costs. */
async function createCostScene() {
  const scene = await createSyncScene();
  const { doc, api, store, clock, rowOf, add } = scene;
  const edit = (table: string, [column, value]: readonly [string, string], cells: object) =>
    doc.person.editCell(table, rowOf(table, column, value).rowId, { ...cells });
  edit('people', ['name', 'Dana'], { cost_rate: 50, billable_rate: 120 });
  edit('projects', ['name', 'Acme'], { billable: true });
  add('execution_runs', { ...RUN, run_id: 'R1', ended_at: '2026-04-10T10:00:00Z' });
  add('execution_runs', { ...RUN, run_id: 'R2', ended_at: '2026-04-30T21:30:00Z' });

  const read = async <Value>(
    work: (costs: {
      readonly reading: Awaited<ReturnType<typeof readCosts>>;
      readonly under: Awaited<ReturnType<typeof holdLease>>['under'];
    }) => Promise<Value>,
    given = { timeZone: 'Europe/Berlin', currency: 'USD' },
  ): Promise<Value> => {
    const binding = await readBinding(api, doc.docId, { tables: READABLE_TABLES });
    const lease = await holdLease(store, clock);
    try {
      const { under } = lease;
      const target = { api, docId: doc.docId, binding };
      return await work({
        reading: await readCosts(target, store, { clock, given, under }),
        under,
      });
    } finally {
      await lease.release();
    }
  };
  const report = (month: string, by: readonly CostDimension[] = ['project', 'person']) =>
    read(async ({ reading }) => {
      const costs = toCostReport(monthCosts(reading.book, month), reading.settings, by);
      return { costs, text: describeCosts(costs, { outcome: undefined, reading }) };
    });
  const close = (month: string): Promise<CloseOutcome> =>
    read(({ reading, under }) =>
      closeMonth(store, reading, { month, now: toInstant(clock()), under }),
    );
  return { ...scene, edit, report, close, read };
}

describe('a month', () => {
  it('is what its runs cost, in the zone of its owner, with what an hour was worth', async () => {
    const { report, add } = await createCostScene();
    add('execution_runs', { ...RUN, run_id: 'R3', ended_at: '2026-04-30T22:30:00Z' });
    const { text } = await report('2026-04');
    expect(text.split('\n')).toEqual([
      'Costs of 2026-04 in Europe/Berlin, as of now; amounts without a currency are USD',
      'project, person  hours  currency    cost  billable  margin  per hour',
      'Acme · Dana       4.00       USD  200.00    480.00  280.00    120.00',
      'total             4.00       USD  200.00    480.00  280.00    120.00',
      '',
    ]);
    expect((await report('2026-05')).costs.total).toMatchObject({ hours: 2 });
    expect((await report('2026-03')).text).toContain('Nothing cost anything.');
  });

  it('keeps its price when a rate changes, and names whose rate is missing', async () => {
    const { report, edit, add, wait } = await createCostScene();
    await report('2026-04');
    await wait(DAY_MS);
    edit('people', ['name', 'Dana'], { cost_rate: 80 });
    add('people', { name: 'Lee' });
    add('execution_runs', { ...RUN, run_id: 'R3', ended_at: '2026-05-06T10:00:00Z' });
    add('execution_runs', { ...RUN, executed_by: 'Lee', ended_at: '2026-05-06T11:00:00Z' });
    expect((await report('2026-04')).costs.total?.totals).toMatchObject([
      { costMicros: 200_000_000n },
    ]);
    const { costs, text } = await report('2026-05', ['person']);
    expect(costs.rows.map(({ names, totals }) => [names, totals[0]?.costMicros])).toEqual([
      [['Dana'], 160_000_000n],
      [['Lee'], undefined],
    ]);
    expect(text).toContain('without a cost rate or price: Lee × 1');
    expect(text).toContain('billable without a billable rate: Lee × 1');
    expect(costs.total?.totals).toMatchObject([{ marginMicros: null }]);
  });
});

describe('closing a month', () => {
  it('freezes it: a later correction stands in the month it was recorded in, with its reason', async () => {
    const { report, close, edit, store, runTick, wait } = await createCostScene();
    expect(await close('2026-04')).toBe('closed');
    const before = await report('2026-04');
    const { head } = before.costs.closed ?? {};
    expect([head?.position, before.costs.closed?.closedAt]).toEqual([3, toInstant(NINE)]);

    await wait(DAY_MS);
    edit('execution_runs', ['run_id', 'R1'], { actual_hours: 3 });
    edit('projects', ['name', 'Acme'], { name: 'Acme Ltd' });
    await runTick();
    await wait(DAY_MS);
    const may = await report('2026-05');
    expect(await report('2026-04')).toEqual(before);
    expect(may.costs.adjustments).toEqual([
      {
        leafId: 'run/R1',
        closedMonth: '2026-04',
        recordedAt: toInstant(NINE + DAY_MS),
        reason: 'hours 2 → 3, cost 100 → 150, billable value 240 → 360',
        name: 'Dana',
        hours: 1,
        totals: [
          {
            currency: 'USD',
            costMicros: 50_000_000n,
            billableMicros: 120_000_000n,
            marginMicros: 70_000_000n,
          },
        ],
      },
    ]);
    expect([may.costs.total, may.costs.adjusted?.hours]).toEqual([null, 1]);
    expect(may.text).toContain('2026-04 Dana (run/R1), 2026-05-05T09:00:00.000Z: hours 2 → 3');

    expect(await close('2026-04')).toBe('already closed');
    expect(microsToText((await report('2026-04')).costs)).toEqual(microsToText(before.costs));
    expect((await report('2026-05')).costs.adjustments).toHaveLength(1);
    expect(await verifyStore(store)).toMatchObject({ ok: true });
  });

  it('tells a cost written down for a closed month as a correction of it', async () => {
    const { report, close, doc, clock, settle } = await createCostScene();
    await close('2026-04');
    const data = { target: 'Acme', amount: '30', currency: 'USD', category: 'Travel' };
    const when = { day: '2026-04-20', note: 'train', entry: 1 };
    const draft = { type: 'RecordCost', by: 'dana@studio.example', atMs: clock() } as const;
    const command = createCommand({ ...draft, data: { ...data, ...when } }, sha256);
    doc.person.insertRow('Ledger', { ...toCommandRow(command, 'Cost') });
    await settle();
    expect((await report('2026-04')).costs.total?.totals).toMatchObject([
      { costMicros: 200_000_000n },
    ]);
    const { costs, text } = await report('2026-05');
    expect(costs.adjustments).toMatchObject([{ closedMonth: '2026-04', name: 'train', hours: 0 }]);
    expect(text).toContain('entered after the month was closed: +0 h, cost +30.00 USD');
  });

  it('stays as it was when a run of it is corrected, and tells the reason in the month of the correction', async () => {
    const { report, close, press, correct, settle, outcomeOf } = await createCostScene();
    const start = press('StartRun', { atMs: Date.parse('2026-04-20T09:00:00Z') });
    press('FinishRun', { atMs: Date.parse('2026-04-20T12:00:00Z') });
    await settle();
    await close('2026-04');
    const before = await report('2026-04');
    expect(before.costs.total).toMatchObject({ hours: 7 });
    const end = toInstant(Date.parse('2026-04-20T11:00:00Z'));
    const key = correct({ run: toRunId(start, sha256), reason: 'Left at eleven.', end });
    await settle();
    expect(outcomeOf(key)).toMatch(/^accepted/);
    expect((await report('2026-04')).costs.total).toEqual(before.costs.total);
    const { costs, text } = await report('2026-05');
    expect(costs.adjustments).toMatchObject([
      { closedMonth: '2026-04', reason: 'Left at eleven.', hours: -1 },
    ]);
    expect(text).toContain('Left at eleven.: -1 h, cost -50.00 USD');
    expect((await report('2026-05')).costs.adjustments).toHaveLength(1);
  });

  it('puts what is recorded too late for a closed month into the current one, and takes back what was undone', async () => {
    const { report, close, edit, add, rowOf, doc, wait } = await createCostScene();
    await close('2026-04');
    doc.person.deleteRow('execution_runs', rowOf('execution_runs', 'run_id', 'R2').rowId);
    await report('2026-05');
    await wait(40 * DAY_MS);
    await close('2026-05');
    const may = await report('2026-05');
    expect(may.costs.adjustments).toMatchObject([{ reason: 'no longer in the month', hours: -2 }]);

    add('execution_runs', { ...RUN, run_id: 'R2', ended_at: '2026-04-30T21:30:00Z' });
    edit('execution_runs', ['run_id', 'R1'], { ended_at: '2026-05-02T10:00:00Z' });
    const june = await report('2026-06');
    expect(june.costs.adjustments).toMatchObject([
      { closedMonth: '2026-04', leafId: 'run/R1', hours: -2, reason: 'no longer in the month' },
      { closedMonth: '2026-04', leafId: 'run/R2', hours: 2 },
      { closedMonth: '2026-05', leafId: 'run/R1', hours: 2 },
    ]);
    expect(june.costs.adjusted).toMatchObject({ hours: 2 });
    expect(await report('2026-05')).toEqual(may);
  });

  it('is refused before its end in the zone, and while a press waits', async () => {
    const { close, press, runTick, wait, read } = await createCostScene();
    await expect(close('2026-05')).rejects.toMatchObject({
      code: 'MONTH_OPEN',
      message: '2026-05 is not over in Europe/Berlin: close it from 2026-06-01 on.',
    });
    // Nine o'clock on the 4th, and 27 days and 13 hours until June begins in Berlin.
    await wait(27 * DAY_MS + 13 * 3_600_000 - 1);
    await expect(close('2026-05')).rejects.toMatchObject({ code: 'MONTH_OPEN' });
    await wait(1);
    press('StartRun');
    await runTick({ holdMs: 10_000 });
    await expect(close('2026-05')).rejects.toMatchObject({ code: 'NOT_SETTLED' });
    await wait(10_001);
    await runTick();
    expect(await close('2026-05')).toBe('closed');
    for (const given of [
      { timeZone: 'UTC', currency: 'USD' },
      { timeZone: 'Europe/Berlin', currency: 'EUR' },
    ]) {
      await expect(read(async () => undefined, given)).rejects.toMatchObject({
        code: 'SETTINGS_CLOSED',
      });
    }
  });

  it('is found out where what was frozen was changed in the store', async () => {
    const { close, store } = await createCostScene();
    await close('2026-04');
    const frozen = await store.get('closed_month', '2026-04');
    const changed = JSON.parse(JSON.stringify(frozen).replace('"100000000"', '"90000000"'));
    await store.transaction((step) => step.put('closed_month', '2026-04', changed));
    await expect(readClosedBooks(store)).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
    await store.transaction((step) => step.remove('closed_month', '2026-04'));
    await expect(readClosedBooks(store)).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
  });
});
