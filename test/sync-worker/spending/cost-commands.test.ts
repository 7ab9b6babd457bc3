import { describe, expect, it, vi } from 'vitest';
import { toCostStep, toTakenBackEntry } from '#shared/cost/index.ts';
import { READABLE_TABLES, readBinding } from '#shared/doc/index.ts';
import { toInstant } from '#shared/kernel/index.ts';
import {
  createCommand,
  type LedgerRow,
  type RecordCostCommand,
  toCommandRow,
} from '#shared/ledger/index.ts';
import { monthCosts, readCosts, toCostReport } from '#worker/costs/index.ts';
import { readEntries } from '#worker/spending/index.ts';
import { sha256 } from '#worker/store/index.ts';
import { verifyStore } from '#worker/verify/index.ts';
import { createSyncScene } from '../sync/sync-scene.ts';

const DANA = 'dana@studio.example';
const HOSTING: RecordCostCommand['data'] = {
  target: 'Interview',
  amount: '49.90',
  currency: 'EUR',
  category: 'Software',
  day: '2026-05-04',
  note: 'hosting',
  entry: 1,
};
type Given = Partial<RecordCostCommand['data']>;

/** A doc with the project `Acme` and its task `Interview`, where Dana writes down what things cost. */
async function createCostScene() {
  const scene = await createSyncScene();
  const { doc, api, store, clock, rowOf } = scene;
  const record = (data: Given = {}, cells: Partial<LedgerRow> = {}) => {
    const asked = { type: 'RecordCost', by: DANA, atMs: clock() } as const;
    const command = createCommand({ ...asked, data: { ...HOSTING, ...data } }, sha256);
    doc.person.insertRow('Ledger', { ...toCommandRow(command, 'Cost · Acme'), ...cells });
    return command.key;
  };
  const entries = async () => (await store.listRecords('costs')).map(({ document }) => document);
  const reportOf = async (month: string, given: { readonly timeZone?: string } = {}) => {
    const binding = await readBinding(api, doc.docId, { tables: READABLE_TABLES });
    const target = { api, docId: doc.docId, binding };
    const { book, settings } = await readCosts(target, store, { clock, given });
    return toCostReport(monthCosts(book, month), settings, ['engagement', 'category']);
  };
  return { ...scene, record, entries, reportOf, acme: rowOf('projects', 'name', 'Acme').rowId };
}

describe('RecordCost', () => {
  it('becomes one cost entry of its project, in the place its answer names', async () => {
    const { record, entries, settle, outcomeOf, store, acme } = await createCostScene();
    const key = record();
    await settle();
    expect(await entries()).toMatchObject([
      {
        projectId: acme,
        resourceType: 'custom',
        usageType: 'Software',
        resourceName: 'hosting',
        amountMicros: '49900000',
        currency: 'EUR',
        occurredAt: '2026-05-04T00:00:00.000Z',
        idempotencyKey: key,
      },
    ]);
    const [, position] = /^accepted (\d+)$/.exec(outcomeOf(key) ?? '') ?? [];
    const [event] = await store.readAll(Number(position) - 1, 1);
    expect(event).toMatchObject({ type: 'cost_recorded', actor: DANA });
  });

  it('is written together with its answer or not at all', async () => {
    const { record, runTick, entries, store, settle } = await createCostScene();
    await settle();
    const key = record();
    const real = store.transaction.bind(store);
    const spy = vi.spyOn(store, 'transaction');
    const fail = (): never => {
      throw new Error('the power went');
    };
    // The first transaction of a tick keeps what was read, the second what was decided.
    const decideInVain: typeof real = (work, options) =>
      real((step) => work(step).then(fail), options);
    spy.mockImplementationOnce(real).mockImplementationOnce(decideInVain);
    await expect(runTick()).rejects.toThrow('the power went');
    expect([await entries(), await store.findByKey(key)]).toEqual([[], undefined]);
    // What was read is kept by now, so deciding comes first.
    spy.mockImplementationOnce(real).mockImplementation(fail);
    await expect(runTick()).rejects.toThrow('the power went');
    expect(await entries()).toHaveLength(1);
    expect(await store.findByKey(key)).toMatchObject({ type: 'command_decided' });
  });

  it('is told in the report of its month, under all its project belongs to', async () => {
    const { record, settle, add, doc, acme, reportOf, rowOf } = await createCostScene();
    add('engagements', { name: 'Acme retainer' });
    doc.person.editCell('projects', acme, { engagement: 'Acme retainer' });
    record();
    record({ note: 'train', category: 'Travel', amount: '100' });
    await settle();
    const engagement = rowOf('engagements', 'name', 'Acme retainer').rowId;
    const { rows, total } = await reportOf('2026-05');
    expect(rows).toMatchObject([
      { key: { engagement, category: 'Software' }, totals: [{ costMicros: 49_900_000n }] },
      { key: { engagement, category: 'Travel' }, totals: [{ costMicros: 100_000_000n }] },
    ]);
    expect(total).toMatchObject({
      hours: 0,
      totals: [{ currency: 'EUR', costMicros: 149_900_000n }],
    });
  });

  it('stays on the day that was written, in whatever zone the report is', async () => {
    const { record, settle, reportOf } = await createCostScene();
    record({ day: '2026-05-01' });
    record({ day: '2026-05-01', note: 'by mistake' });
    await settle();
    record({ day: '2026-05-01', note: 'by mistake', amount: '-49.90' });
    await settle();
    for (const timeZone of ['UTC', 'America/Los_Angeles', 'Pacific/Auckland']) {
      const { total } = await reportOf('2026-05', { timeZone });
      expect(total?.totals).toMatchObject([{ currency: 'EUR', costMicros: 49_900_000n }]);
    }
  });

  it('is one effect from whoever and whenever, until the entry is raised', async () => {
    const { record, settle, entries, rows, wait, runTick } = await createCostScene();
    record();
    await settle();
    await wait(7 * 86_400_000);
    record({ category: 'Hosting' });
    await settle();
    expect(await entries()).toHaveLength(1);
    const outcomes = new Set(
      rows('Ledger').flatMap(({ type, outcome }) => (type === 'RecordCost' ? outcome : [])),
    );
    expect(outcomes.size).toBe(1);
    record({ entry: 2 });
    await settle();
    expect(await entries()).toHaveLength(2);
    expect(await runTick()).toMatchObject({ events: 0, rowsSent: 0, commands: 0 });
  });

  it.each([
    [{ amount: '5,00' }, /^refused: AMOUNT_INVALID – `5,00` is no amount: write /],
    [{ amount: '0' }, /^refused: AMOUNT_INVALID/],
    [{ currency: 'euro' }, /^refused: CURRENCY_UNKNOWN – `euro` is no currency: write /],
    [{ currency: 'EUT' }, /^refused: CURRENCY_UNKNOWN/],
    [{ day: '2026-02-30' }, /^refused: DAY_INVALID – .* write it as /],
    [{ day: '2026-05-05' }, /^refused: DAY_AHEAD – `2026-05-05` has not come yet: record /],
  ])('is refused at once with %j, and says what to write', async (data, text) => {
    const { record, settle, outcomeOf, entries } = await createCostScene();
    const key = record(data);
    await settle();
    expect(outcomeOf(key)).toMatch(text);
    expect(await entries()).toEqual([]);
  });

  it('waits for a target nobody knows yet, and is refused after its patience', async () => {
    const { record, runTick, wait, settle, outcomeOf, add, entries } = await createCostScene();
    const lost = record({ target: 'Cedar' });
    const early = record({ target: 'Birch' });
    const whose = record({ person: 'Kim' });
    expect(await runTick()).toMatchObject({ waiting: 3, isSettled: false });
    add('projects', { name: 'Birch' });
    await runTick();
    expect(outcomeOf(early)).toMatch(/^accepted/);
    await wait(15 * 60_000);
    await settle();
    expect(outcomeOf(lost)).toMatch(
      /^refused: TARGET_UNKNOWN – no project, task or run is called `Cedar`: write /,
    );
    expect(outcomeOf(whose)).toMatch(/^refused: PERSON_UNKNOWN/);
    expect(await entries()).toHaveLength(1);
  });

  it('is charged to nobody while two people are called so', async () => {
    const { record, settle, runTick, wait, outcomeOf, add, entries } = await createCostScene();
    add('people', { name: 'Dana', email: 'dana.two@studio.example' });
    const unclear = record({ person: 'Dana' });
    record({ person: DANA, note: 'by address' });
    await runTick();
    expect(await entries()).toHaveLength(1);
    await wait(15 * 60_000);
    await settle();
    expect(outcomeOf(unclear)).toMatch(/^refused: PERSON_UNKNOWN – .* or more than one: /);
  });

  it('is refused where its target leads to no project or to several', async () => {
    const { record, settle, outcomeOf, add } = await createCostScene();
    add('tasks', { name: 'Loose', status: 'In progress' });
    add('projects', { name: 'Twin' });
    add('projects', { name: 'Twin' });
    const [loose, twin] = [record({ target: 'Loose' }), record({ target: 'Twin' })];
    await settle();
    expect(outcomeOf(loose)).toMatch(/^refused: TARGET_UNCLEAR – it leads to no project: write /);
    expect(outcomeOf(twin)).toMatch(
      /^refused: TARGET_UNCLEAR – it leads to several projects: write /,
    );
  });

  it('counts for a run of a button, and for a person by any of their names', async () => {
    const { record, settle, press, rows, entries, rowOf, acme } = await createCostScene();
    press('StartRun');
    await settle();
    const run = rows('execution_runs')[0]?.['run_id'] ?? '';
    record({ target: run, person: DANA.toUpperCase() });
    await settle();
    const workerId = rowOf('people', 'name', 'Dana').rowId;
    expect(await entries()).toMatchObject([{ projectId: acme, workerId }]);
  });

  it('is taken back by the same cost below 0: another entry, once and for all', async () => {
    const { record, settle, entries, outcomeOf, wait, reportOf, store } = await createCostScene();
    const first = record();
    await settle();
    const back = record({ amount: '-49.90' });
    await settle();
    await wait(60_000);
    record({ amount: '-49.9', note: 'hosting ' });
    await settle();
    expect(outcomeOf(back)).toMatch(/^accepted/);
    const all = await entries();
    const charge = all.find(({ reverses }) => reverses == null);
    const reversal = all.find(({ reverses }) => reverses != null);
    expect(charge).toMatchObject({ entryType: 'charge', amountMicros: '49900000' });
    expect(reversal).toMatchObject({
      entryType: 'reversal',
      amountMicros: '-49900000',
      reverses: charge?.['entryId'],
    });
    expect(await entries()).toHaveLength(2);
    expect((await reportOf('2026-05')).total?.totals).toMatchObject([{ costMicros: 0n }]);
    expect(outcomeOf(first)).toMatch(/^accepted/);
    expect(await verifyStore(store)).toMatchObject({ ok: true });
  });

  it('is already so where somebody else has taken it back', async () => {
    const { record, settle, outcomeOf, store, clock, entries } = await createCostScene();
    record();
    await settle();
    const [charge] = await readEntries(store);
    if (charge === undefined) throw new Error('nothing was recorded');
    const asked = { at: toInstant(clock()), by: 'lee', entryId: '7ZZZZZZZZZZZZZZZZZZZZZZZZZ' };
    const { id, document } = toCostStep(
      toTakenBackEntry(charge, { ...asked, idempotencyKey: 'by hand' }),
      'lee',
    );
    await store.transaction((transaction) => transaction.putRecords('costs', [{ id, document }]));
    const back = record({ amount: '-49.90' });
    await settle();
    expect(outcomeOf(back)).toBe('already so');
    expect(await entries()).toHaveLength(2);
  });

  it('takes nothing back that was never recorded', async () => {
    const { record, settle, outcomeOf, wait, runTick } = await createCostScene();
    record();
    const other = record({ amount: '-49' });
    expect(await runTick()).toMatchObject({ waiting: 1 });
    await wait(15 * 60_000);
    await settle();
    expect(outcomeOf(other)).toMatch(/^refused: COST_UNKNOWN – no cost of exactly this target/);
  });

  it('is refused where its row was changed by hand', async () => {
    const { record, settle, rows, entries } = await createCostScene();
    record({}, { data: JSON.stringify({ ...HOSTING, amount: '4.99' }) });
    await settle();
    expect(rows('Ledger').map(({ outcome }) => outcome)).toContainEqual(
      expect.stringMatching(/^refused: EDITED – the row was changed by hand/),
    );
    expect(await entries()).toEqual([]);
  });
});
