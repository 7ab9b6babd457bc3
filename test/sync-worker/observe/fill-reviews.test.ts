import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type CodaTransport, createCodaApi } from '#shared/coda/index.ts';
import { FOUNDER_HQ_TABLES } from '#shared/doc/index.ts';
import type { TemplatePerformanceRow } from '#shared/planning/index.ts';
import { createPacedTransport } from '#worker/coda/index.ts';
import {
  createDocFromTables,
  type LocalDocOptions,
  type TableSpec,
} from '#worker/local-doc/index.ts';
import { fillReviews } from '#worker/observe/index.ts';
import { openSqliteStore } from '#worker/store/index.ts';

const STRICT_LAG_MS = 400_000;
const text = (name: string) => ({ name, type: 'text' }) as const;
const number = (name: string) => ({ name, type: 'number' }) as const;
const THREAD: TableSpec = {
  name: 'Daily Thread',
  columns: [
    { name: 'Date', type: 'date' },
    text('Reflection'),
    text('Metrics'),
    text('external_id'),
  ],
};
const PERFORMANCE: TableSpec = {
  name: 'template_performance',
  columns: [
    text('external_id'),
    { name: 'template', type: 'lookup', lookupTable: 'process_templates' },
    text('window'),
    number('n'),
    { name: 'typical_variance_pct', type: 'percent' },
    { name: 'total_variance_pct', type: 'percent' },
    number('range_low'),
    number('range_high'),
    text('variance_state'),
    { name: 'since', type: 'date' },
  ],
};
const DAY = '2026-05-04';

/** A doc with the tables a review fills, a ledger beside it, and a clock that only waiting moves. */
async function createReviewScene(
  tables: readonly TableSpec[] = [THREAD, PERFORMANCE],
  options: Partial<LocalDocOptions> = {},
) {
  let nowMs = Date.UTC(2026, 4, 4, 9);
  const clock = () => nowMs;
  const wait = async (ms: number) => {
    nowMs += ms;
  };
  const doc = createDocFromTables([...FOUNDER_HQ_TABLES, ...tables], {
    seed: 7,
    clock,
    ...options,
  });
  const folder = mkdtempSync(join(tmpdir(), 'founder-hq-observe-'));
  const store = await openSqliteStore({ file: join(folder, 'ledger.db') });
  onTestFinished(async () => {
    await store.close();
    doc.close();
    rmSync(folder, { recursive: true });
  });
  const isStrict = options.profile === 'strict';
  const lagMs = isStrict ? STRICT_LAG_MS : 0;
  const { lease } = await store.acquireLease({
    name: 'sync',
    owner: 'me',
    ttlMs: 1_800_000,
    nowMs,
  });
  const template = doc.person.insertRow('process_templates', { name: 'Four weeks' });
  await wait(lagMs);
  const fill = async (
    metrics: string,
    { kind = 'daily', performance = [] as readonly TemplatePerformanceRow[] } = {},
    carrier: CodaTransport = doc.transport,
  ) => {
    const buckets = isStrict ? {} : ({ buckets: 'unlimited' } as const);
    const paced = createPacedTransport(carrier, { clock, wait, random: () => 0, ...buckets });
    const target = { api: createCodaApi(paced.transport), docId: doc.docId };
    const dailyThread = { key: `${DAY}/${kind}`, date: DAY, metrics };
    const names = new Map([[template, 'Four weeks']]);
    const filling = { store, under: lease, names, options: { clock, wait, lagMs } };
    return fillReviews(target, { dailyThread, templatePerformance: performance }, filling);
  };
  const rows = (table: string) => doc.person.readRows(table).map(({ cells }) => cells);
  const edit = (table: string, cells: Record<string, string>, place = 0) =>
    doc.person.editCell(table, doc.person.readRows(table)[place]?.rowId ?? '', cells);
  return { doc, fill, rows, edit, wait, template, add: doc.person.insertRow.bind(doc.person) };
}

/** Of the first change of rows the answer is lost; `isCarriedOut` says whether the change was. */
function loseFirst(inner: CodaTransport, isCarriedOut: boolean): CodaTransport {
  let isLost = false;
  return async (request) => {
    if (request.method !== 'POST' || isLost) return inner(request);
    isLost = true;
    if (isCarriedOut) await inner(request);
    return { status: 503, headers: {}, body: { message: 'gone' } };
  };
}

describe('fillReviews', () => {
  it('puts a review into a row of its own, once, however often it is made', async () => {
    const { fill, rows } = await createReviewScene();
    expect(await fill('Worked: 2 h')).toMatchObject({
      tables: { daily_thread: { wanted: 1, found: 1, sent: 1 } },
      differences: [],
      isWhole: true,
    });
    expect(rows('Daily Thread')).toEqual([
      {
        Date: '2026-05-04T00:00:00.000Z',
        Reflection: '',
        Metrics: 'Worked: 2 h',
        external_id: '2026-05-04/daily',
      },
    ]);
    expect(await fill('Worked: 2 h')).toMatchObject({ tables: { daily_thread: { sent: 0 } } });
    await fill('Week', { kind: 'weekly' });
    expect(rows('Daily Thread')).toHaveLength(2);
  });

  it('goes over what it wrote itself, and not over what a person typed', async () => {
    const { fill, rows, edit } = await createReviewScene();
    await fill('Worked: 2 h');
    await fill('Worked: 3 h');
    expect(rows('Daily Thread')).toMatchObject([{ Metrics: 'Worked: 3 h' }]);
    edit('Daily Thread', { Metrics: 'a good day' });
    expect(await fill('Worked: 4 h')).toMatchObject({
      differences: [
        { table: 'daily_thread', kind: 'changed', message: 'metrics is `a good day` in the doc' },
      ],
    });
    expect(rows('Daily Thread')).toMatchObject([{ Metrics: 'a good day' }]);
  });

  it('goes into the row a person has begun for the day, where there is only one', async () => {
    const { fill, rows, add } = await createReviewScene();
    add('Daily Thread', { Date: '2026-05-03', Reflection: 'tired' });
    add('Daily Thread', { Date: '2026-05-04', Reflection: 'awake' });
    for (const metrics of ['Worked: 2 h', 'Worked: 3 h']) await fill(metrics);
    expect(rows('Daily Thread')).toMatchObject([
      { Reflection: 'tired', Metrics: '' },
      { Reflection: 'awake', Metrics: 'Worked: 3 h', external_id: '' },
    ]);
    add('Daily Thread', { Date: '2026-05-04', Reflection: 'again' });
    await fill('Worked: 4 h');
    expect(rows('Daily Thread').map(({ Metrics }) => Metrics)).toEqual([
      '',
      'Worked: 3 h',
      '',
      'Worked: 4 h',
    ]);
  });

  it('fills a row for each template with its figures and a link to it', async () => {
    const { fill, rows, template } = await createReviewScene();
    const figures = {
      n: 24,
      typical: 0.25,
      total: -0.1,
      low: 0.5,
      high: 2.25,
      state: 'drifting over',
    };
    const row = {
      ...figures,
      key: `${template}/${DAY}`,
      templateId: template,
      window: `all up to ${DAY}`,
    };
    const performance = [{ ...row, sinceDate: '2026-04-01' }];
    expect(await fill('Week', { kind: 'weekly', performance })).toMatchObject({
      tables: { template_performance: { wanted: 1, found: 1 } },
      differences: [],
    });
    expect(await fill('Week', { kind: 'weekly', performance })).toMatchObject({
      tables: { template_performance: { sent: 0 } },
    });
    expect(rows('template_performance')).toMatchObject([
      {
        template: 'Four weeks',
        n: '24',
        typical_variance_pct: '0.25',
        since: '2026-04-01T00:00:00.000Z',
      },
    ]);
  });

  it.each([true, false])(
    'sends again what was lost, and never twice, where the change was carried out: %s',
    async (isCarriedOut) => {
      const { doc, fill, rows, wait } = await createReviewScene([THREAD], { profile: 'strict' });
      const filled = await fill('Worked: 2 h', {}, loseFirst(doc.transport, isCarriedOut));
      expect(filled.isWhole).toBe(true);
      await fill('Worked: 2 h');
      await wait(STRICT_LAG_MS);
      expect(rows('Daily Thread')).toHaveLength(1);
    },
  );

  it('asks for a table it can fill, and for the columns it cannot do without', async () => {
    const { fill } = await createReviewScene([]);
    await expect(fill('x')).rejects.toMatchObject({
      code: 'DOC_NOT_READY',
      message: expect.stringContaining('no table `daily_thread` or `template_performance`'),
    });
    const bare = { ...THREAD, columns: THREAD.columns.slice(0, 2) };
    const other = await createReviewScene([bare]);
    await expect(other.fill('x')).rejects.toMatchObject({
      message: expect.stringContaining('`Daily Thread.external_id`, `Daily Thread.metrics`'),
    });
  });
});
