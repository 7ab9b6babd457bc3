import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CostEntry,
  type CostRow,
  type LabourRate,
  openLabourRates,
  rollUp,
} from '#shared/cost/index.ts';
import {
  COST_DIMENSIONS,
  type ExecutionRunRow,
  type FounderHqDoc,
  namesOf,
  toDocCosts,
} from '#shared/doc/index.ts';
import { HOUR_MS, toInstant } from '#shared/kernel/index.ts';
import type { ViewRun } from '#shared/ledger/index.ts';
import { docWith, to } from './small-doc.ts';

const at = (month: number, day: number, hour = 12) =>
  toInstant(Date.UTC(2026, month - 1, day, hour));
const rate = (person: string, given: Partial<LabourRate> = {}): LabourRate => ({
  person,
  currency: 'EUR',
  costMicrosPerHour: 50_000_000n,
  billableMicrosPerHour: 120_000_000n,
  validFrom: at(1, 1),
  ...given,
});
const ENTRY: CostEntry = {
  entryId: 'E1',
  entryType: 'charge',
  idempotencyKey: 'k',
  resourceType: 'api_call',
  resourceName: 'large',
  usageType: 'input',
  quantity: '1',
  unit: 'token',
  amountMicros: 5n,
  currency: 'USD',
  source: 'measured',
  projectId: 'elsewhere',
  occurredAt: at(3, 31),
  recordedAt: at(4, 1),
};
const RATES = [
  rate('dana', { validTo: at(4, 1, 0) }),
  rate('dana', { validFrom: at(4, 1, 0), costMicrosPerHour: 60_000_000n }),
  { person: 'lee', currency: 'USD', costMicrosPerHour: 40_000_000n, validFrom: at(1, 1) },
];
const run = (rowId: string, given: Partial<ExecutionRunRow> = {}): ExecutionRunRow => ({
  rowId,
  name: rowId,
  task: to('t1'),
  executedBy: to('dana'),
  endedAt: at(3, 10),
  netMs: 2 * HOUR_MS,
  ...given,
});
const DOC = docWith({
  ventures: [{ rowId: 'studio', name: 'Studio' }],
  offers: [{ rowId: 'audit', name: 'Audit', venture: to('studio') }],
  engagements: [{ rowId: 'acme', name: 'Acme retainer', offer: to('audit') }],
  projects: [
    { rowId: 'p1', name: 'Site', isBillable: true, engagement: to('acme') },
    { rowId: 'p2', name: 'Own books', isBillable: false },
  ],
  people: [
    { rowId: 'dana', name: 'Dana' },
    { rowId: 'lee', name: 'Lee' },
  ],
  tasks: [
    { rowId: 't1', name: 'Interview', status: 'Done', project: to('p1') },
    { rowId: 't2', name: 'Books', status: 'Done', project: to('p2'), completedOn: '2026-02-03' },
  ],
});
const costsOf = (
  tables: Partial<FounderHqDoc>,
  facts: { runs?: readonly ViewRun[]; entries?: readonly CostEntry[]; timeZone?: string } = {},
) => {
  const priceLabour = openLabourRates(RATES);
  if (!priceLabour.ok) throw new Error(priceLabour.refusal.code);
  return toDocCosts(
    { ...DOC, ...tables },
    { runs: [], entries: [], timeZone: 'UTC', ...facts, priceLabour: priceLabour.value },
  );
};
const leavesOf = (...executionRuns: readonly ExecutionRunRow[]) =>
  costsOf({ executionRuns }).leaves;

describe('toDocCosts', () => {
  it('prices a run at its rates and counts it under all it belongs to', () => {
    expect(leavesOf(run('r1'))).toEqual([
      {
        leafId: 'run/r1',
        name: 'Dana',
        dimensions: {
          project: 'p1',
          engagement: 'acme',
          offer: 'audit',
          venture: 'studio',
          person: 'dana',
          category: 'labour',
          currency: 'EUR',
          day: '2026-03-10',
          week: '2026-W11',
          month: '2026-03',
        },
        effortMs: 2 * HOUR_MS,
        currency: 'EUR',
        costMicros: 100_000_000n,
        billableMicros: 240_000_000n,
      },
    ]);
  });

  it('takes the rate of the day, bills billable projects alone, and names a missing rate', () => {
    const leaves = leavesOf(
      run('1 april', { endedAt: at(4, 2) }),
      run('2 own', { task: to('t2') }),
      run('3 lee', { executedBy: to('lee') }),
      run('4 gone', { executedBy: to('kim') }),
      run('5 early', { endedAt: toInstant(Date.UTC(2025, 11, 31)) }),
    );
    expect(leaves).toMatchObject([
      { costMicros: 120_000_000n, billableMicros: 240_000_000n },
      { costMicros: 100_000_000n },
      { name: 'Lee', currency: 'USD', costMicros: 80_000_000n, isUnbilled: true },
      { name: 'kim', isUnbilled: true },
      { name: 'Dana', isUnbilled: true },
    ]);
    expect(leaves[1]).not.toHaveProperty('billableMicros');
    expect(leaves[1]).not.toHaveProperty('isUnbilled');
    for (const unpriced of leaves.slice(3)) expect(unpriced).not.toHaveProperty('currency');
  });

  it('counts a run on the day it ended in the zone, else began, else its task was completed', () => {
    const { endedAt: _, ...undated } = run('undated', { task: to('t2') });
    const executionRuns = [
      run('late', { endedAt: at(3, 31, 23) }),
      { ...undated, rowId: 'open end', startedAt: at(3, 2) },
      undated,
      { ...undated, rowId: 'never', task: to('t1') },
    ];
    const { leaves } = costsOf({ executionRuns }, { timeZone: 'Europe/Berlin' });
    const dayOf = new Map(leaves.map(({ leafId, dimensions }) => [leafId, dimensions['day']]));
    expect(Object.fromEntries(dayOf)).toEqual({
      'run/late': '2026-04-01',
      'run/open end': '2026-03-02',
      'run/undated': '2026-02-03',
      'run/never': undefined,
    });
    expect(leaves.find(({ leafId }) => leafId === 'run/never')).not.toHaveProperty('costMicros');
  });

  it('counts hours logged for a day on that day wherever the owner is', () => {
    const logged: ViewRun = {
      runId: 'L1',
      deskId: 'desk/dana',
      task: 'Interview',
      state: 'succeeded',
      startedAtMs: Date.UTC(2026, 2, 1),
      endedAtMs: Date.UTC(2026, 2, 1, 1),
      netMs: HOUR_MS,
      day: '2026-03-01',
      isPending: false,
    };
    const { leaves } = costsOf({}, { runs: [logged], timeZone: 'America/Los_Angeles' });
    expect(leaves).toMatchObject([
      {
        leafId: 'run/L1',
        name: 'Dana',
        dimensions: { person: 'dana', day: '2026-03-01', project: 'p1' },
      },
    ]);
  });

  it('counts touchpoints too, a run in row and ledger once, and no run without hours to believe', () => {
    const { endedAt: _, netMs: __, ...open } = run('open', { startedAt: at(3, 3) });
    const { leaves, uncounted } = costsOf({
      executionRuns: [
        run('call', { runType: 'Touchpoint' }),
        run('r1', { runId: 'X' }),
        run('r2', { runId: 'X' }),
        open,
      ],
    });
    expect(leaves.map(({ leafId }) => leafId).sort()).toEqual(['run/X', 'run/call']);
    expect(uncounted).toEqual({ open: 1, suspect: 0, invalid: 0 });
  });

  it('puts a cost entry beside the run it belongs to, and a contradiction under its own name', () => {
    const entry = { ...ENTRY, runId: 'r1' };
    const clash = run('r2', { project: to('p2') });
    const { runId: _, ...alone } = { ...entry, entryId: 'E2', workerId: 'w' };
    const costs = costsOf({ executionRuns: [run('r1'), clash] }, { entries: [entry, alone] });
    expect(rollUp(costs.leaves, ['project', 'category', 'month']).map(({ key }) => key)).toEqual([
      { project: 'conflict', category: 'labour', month: '2026-03' },
      { project: 'elsewhere', category: 'api_call', month: '2026-03' },
      { project: 'p1', category: 'api_call', month: '2026-03' },
      { project: 'p1', category: 'labour', month: '2026-03' },
    ]);
    expect(costs.leaves.at(-1)).toMatchObject({ leafId: 'cost/E2', dimensions: { person: 'w' } });
  });

  it('puts a cost of a project under all the project leads to, and under the word it was recorded with', () => {
    const named = { resourceType: 'custom', usageType: 'Travel' } as const;
    const ofProject = { ...ENTRY, ...named, projectId: 'p1' };
    const whole = { ...ENTRY, ...named, entryId: 'E2', usageType: 'total', projectId: 'p2' };
    const { leaves } = costsOf({}, { entries: [ofProject, whole] });
    const lineage = { project: 'p1', engagement: 'acme', offer: 'audit', venture: 'studio' };
    expect(leaves).toMatchObject([
      { dimensions: { ...lineage, category: 'Travel' } },
      { dimensions: { project: 'p2', category: 'custom' } },
    ]);
  });

  it('adds up to the same whole by any dimensions in any order, no session twice', () => {
    const pick = (...ids: readonly string[]) =>
      fc.option(fc.constantFrom(...ids).map(to), { nil: undefined });
    const anyRun = fc.record({
      rowId: fc.constantFrom(...Array.from({ length: 12 }, (_, index) => `r${index}`)),
      task: pick('t1', 't2', 'deleted'),
      project: pick('p1', 'p2'),
      executedBy: pick('dana', 'lee', 'kim'),
      endedAt: fc.integer({ min: 0, max: 200 }).map((days) => at(1, days + 1)),
      netMs: fc.nat(30_000_000),
    });
    const runs = fc.uniqueArray(anyRun, { selector: ({ rowId }) => rowId });
    const law = fc.property(runs, fc.shuffledSubarray([...COST_DIMENSIONS]), (drawn, by) => {
      const executionRuns = drawn.map((one) => ({ ...run(one.rowId), ...withoutBlanks(one) }));
      const { leaves } = costsOf({ executionRuns });
      expect(leaves).toHaveLength(executionRuns.length);
      const rows = rollUp(leaves, by);
      const effortMs = executionRuns.reduce((sum, { netMs = 0 }) => sum + netMs, 0);
      expect(rows.reduce((sum, row) => sum + row.effortMs, 0)).toBe(effortMs);
      expect(moneyOf(rows)).toEqual(moneyOf(rollUp(leaves, [])));
      const unpriced = rows.reduce((sum, { unpricedCount }) => sum + unpricedCount, 0);
      expect(unpriced).toBe(leaves.filter((leaf) => leaf.costMicros === undefined).length);
    });
    fc.assert(law, { numRuns: 200, seed: 1 });
  });
});

const withoutBlanks = (row: object): object =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));

function moneyOf(rows: readonly CostRow[]) {
  const sums: Record<string, [bigint, bigint]> = {};
  for (const { currency, costMicros, billableMicros } of rows.flatMap(({ totals }) => totals)) {
    const [cost, billable] = sums[currency] ?? [0n, 0n];
    sums[currency] = [cost + costMicros, billable + billableMicros];
  }
  return sums;
}

describe('namesOf', () => {
  it('tells what every value of a dimension is called', () => {
    const names = namesOf(DOC);
    expect(['p1', 'acme', 'audit', 'studio', 'dana', 't1'].map((id) => names.get(id))).toEqual([
      'Site',
      'Acme retainer',
      'Audit',
      'Studio',
      'Dana',
      undefined,
    ]);
  });
});
