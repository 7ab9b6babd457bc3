import { describe, expect, it } from 'vitest';
import type { CostLeaf } from '#shared/cost/index.ts';
import {
  createBudgetReadings,
  type DocBudgetFacts,
  type FounderHqDoc,
  toDocBudgets,
} from '#shared/doc/index.ts';
import { startOfDay, toInstant } from '#shared/kernel/index.ts';
import { docWith, to } from './small-doc.ts';

const ZONE = 'America/Los_Angeles';
const at = (day: string) => toInstant(startOfDay(day, ZONE));
const money = (amount: string, currency = '') => ({ amount, currency });
const project = (rowId: string, change: Partial<FounderHqDoc['projects'][number]> = {}) => ({
  rowId,
  name: `Project ${rowId}`,
  isBillable: false,
  ...change,
});
const DOC = docWith({
  engagements: [{ rowId: 'e', name: 'Retainer', budget: money('2000', 'EUR') }],
  projects: [
    project('p', { budget: money('1000'), engagement: to('e') }),
    project('q', { engagement: to('e') }),
    project('r'),
  ],
  tasks: [
    { rowId: 't', name: 'T', status: '', project: to('p'), scheduledStart: '2026-03-02' },
    { rowId: 'u', name: 'U', status: '', project: to('p'), scheduledEnd: '2026-03-11' },
    { rowId: 'v', name: 'V', status: '', project: to('q'), scheduledEnd: '2026-03-20' },
  ],
});
const leaf = (projectId: string, change: Partial<CostLeaf> = {}): CostLeaf => ({
  leafId: 'l',
  name: 'Dana',
  dimensions: { project: projectId, engagement: 'e' },
  currency: 'USD',
  costMicros: 400_000_000n,
  ...change,
});
const FACTS: DocBudgetFacts = {
  leaves: [leaf('p'), leaf('q', { currency: 'EUR', costMicros: 5n })],
  held: [{ projectId: 'p', currency: 'USD', micros: 100_000_000n }],
  at: at('2026-03-07'),
  timeZone: ZONE,
  currency: 'USD',
};
const linesOf = (facts: Partial<DocBudgetFacts> = {}, doc = DOC) =>
  toDocBudgets(doc, { ...FACTS, ...facts });

describe('toDocBudgets', () => {
  it('holds each column `budget` against all that was spent and what is held', () => {
    const [own, wider, ...others] = linesOf();
    expect(others).toEqual([]);
    expect(own).toMatchObject({
      budgetId: 'project/p',
      origin: 'doc',
      name: 'Project p',
      currency: 'USD',
      spentMicros: 400_000_000n,
      heldMicros: 100_000_000n,
      usedPercent: 50,
      thresholdPercent: 50,
      isStopped: false,
      counted: 1,
      uncounted: 0,
    });
    expect(wider).toMatchObject({
      budgetId: 'engagement/e',
      currency: 'EUR',
      spentMicros: 5n,
      heldMicros: 0n,
      // The dollars of its other project are in no sum of euros.
      uncounted: 1,
    });
  });

  it('is on time where the used share is the share of its days that is over, the last day counted whole', () => {
    expect(linesOf()[0]).toMatchObject({
      // Ten days, in which the clocks of the zone leap an hour.
      span: { startAt: at('2026-03-02'), endAt: at('2026-03-12') },
      burn: { pace: expect.closeTo((0.5 * 239) / 120, 9) },
    });
    const tasks = DOC.tasks.filter(({ rowId }) => rowId === 't');
    expect(linesOf({}, { ...DOC, tasks })[0]?.burn).toMatchObject({ pace: null });
    const backward = DOC.tasks.map((task) => ({ ...task, scheduledEnd: '2026-03-01' }));
    expect(linesOf({}, { ...DOC, tasks: backward })[0]).not.toHaveProperty('span');
  });

  it('counts what has no price, and no currency whose sum was taken back', () => {
    const { costMicros: _, currency: __, ...unpriced } = leaf('p');
    const francs = leaf('p', { currency: 'CHF' });
    const back = leaf('p', { currency: 'CHF', costMicros: -400_000_000n });
    expect(linesOf({ leaves: [unpriced, francs, back] })[0]).toMatchObject({ uncounted: 1 });
    expect(linesOf({ leaves: [unpriced, francs] })[0]).toMatchObject({ uncounted: 2 });
  });

  it.each(['-1', 'much'])('takes `%s` for no budget', (amount) => {
    const projects = [project('p', { budget: money(amount) })];
    expect(linesOf({}, { ...DOC, projects, engagements: [] })).toEqual([]);
  });
});

describe('createBudgetReadings', () => {
  const read = (projectId: string, doc = DOC) =>
    createBudgetReadings(doc, linesOf({}, doc))(projectId);

  it('reads the budgets of a project, and that of its engagement only where it has none', () => {
    expect(read('p')).toEqual([{ usedPercent: 50, unpriced: 0 }]);
    expect(read('q')).toEqual([{ usedPercent: 0.00005, unpriced: 1 }]);
    expect(read('r')).toEqual([]);
    expect(read('nobody knows it')).toEqual([]);
  });

  it('does not take the engagement for a budget that cannot be read', () => {
    const projects = [
      project('q', { engagement: to('e'), unreadable: ['budget'] }),
      project('p', { engagement: to('e'), budget: money('-5') }),
    ];
    expect(read('q', { ...DOC, projects })).toEqual([]);
    expect(read('p', { ...DOC, projects })).toEqual([]);
  });
});
