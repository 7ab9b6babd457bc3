import { describe, expect, it } from 'vitest';
import {
  createGateScenes,
  type FounderHqDoc,
  type GateSources,
  readGate,
} from '#shared/doc/index.ts';
import {
  describeCondition,
  type GateReading,
  type GateTerms,
  judgeReading,
  toGateCondition,
} from '#shared/lifecycle/index.ts';
import { docWith, to } from './small-doc.ts';

const doc: FounderHqDoc = docWith({
  workflows: [{ rowId: 'w', name: 'Audit' }],
  processTemplates: [
    { rowId: 'pt', name: 'Audit v1', workflow: to('w'), checklist: 'Interview (2 h)\nReport' },
  ],
  projects: [{ rowId: 'p', name: 'Acme', isBillable: true, processTemplate: to('pt') }],
  tasks: [
    { rowId: 't', name: 'Interview', status: 'Done', project: to('p') },
    { rowId: 'u', name: 'report ', status: 'In progress', project: to('p') },
    { rowId: 'x', name: 'Report', status: 'In progress', project: to('elsewhere') },
  ],
});

function read(
  terms: GateTerms,
  change: Partial<FounderHqDoc> = {},
  more: Partial<GateSources> = {},
) {
  const changed = { ...doc, ...change };
  const scene = createGateScenes(changed)({ runId: 'R', task: 'Interview' });
  const none = { driftOf: () => undefined, budgetsOf: () => [] };
  return readGate(terms, scene, { doc: changed, ...none, ...more });
}
const verdictOf = (reading: GateReading) =>
  reading.kind === 'measured' ? judgeReading(reading.conditions, 'aa').type : reading.reason;
const say = (reading: GateReading) =>
  reading.kind === 'measured'
    ? reading.conditions.map(toGateCondition).map(describeCondition)
    : reading.reason;

describe('a gate on deliverables', () => {
  const terms = { kind: 'deliverable_linked' } as const;

  it('has not run where the doc has no table of them', () => {
    expect(read(terms)).toEqual({
      kind: 'unreadable',
      reason: 'the doc has no table deliverables',
    });
  });

  it.each([
    ['fail', { rowId: 'd', name: 'Report', project: to('p'), link: '  ' }],
    ['fail', { rowId: 'd', name: 'Report', project: to('q'), link: 'https://x.example' }],
    ['pass', { rowId: 'd', name: 'Report', project: to('p'), link: 'https://x.example' }],
    ['pass', { rowId: 'd', name: 'Report', task: to('t'), link: 'https://x.example' }],
  ])('comes to %s', (verdict, row) => {
    expect(verdictOf(read(terms, { deliverables: [row] }))).toBe(verdict);
  });

  it('stays open where the row that would count cannot be read', () => {
    const row = { rowId: 'd', name: 'Report', unreadable: ['project'], link: 'https://x.example' };
    const reading = read(terms, { deliverables: [row] });
    expect(verdictOf(reading)).toBe('leave_open');
    expect(say(reading)).toEqual([
      'deliverables_linked, wanted ≥ 1 deliverables (n 0): not evaluated, nothing was measured',
    ]);
  });

  it('takes no row without a task for one of a run without a task', () => {
    const scene = createGateScenes(doc)({ runId: 'R', task: 'nobody knows it' });
    const deliverables = [{ rowId: 'd', name: 'Report', link: 'https://x.example' }];
    const sources = { doc: { ...doc, deliverables }, driftOf: () => undefined };
    const reading = readGate(terms, scene, { ...sources, budgetsOf: () => [] });
    expect(verdictOf(reading)).toBe('fail');
  });
});

describe('a gate on the checklist', () => {
  const terms = { kind: 'checklist_done' } as const;
  const tasks = (status: string) =>
    doc.tasks.map((task) => (task.rowId === 'u' ? { ...task, status } : task));

  it('fails while the task of a step is open, and passes when all are finished', () => {
    expect(say(read(terms))).toEqual(['checklist_steps_done 1, wanted ≥ 2 steps (n 1): unmet']);
    expect(verdictOf(read(terms, { tasks: tasks('done ') }))).toBe('pass');
    const finishedStatuses = ['Handed over', 'Done'];
    expect(verdictOf(read(terms, { tasks: tasks('Handed over') }, { finishedStatuses }))).toBe(
      'pass',
    );
  });

  it('takes a completion date for finished, whatever the status', () => {
    const dated = doc.tasks.map((task) => ({ ...task, completedOn: '2026-05-04' }));
    expect(verdictOf(read(terms, { tasks: dated }))).toBe('pass');
  });

  it('asks nothing of a step that was dropped, and has not run where all were', () => {
    expect(say(read(terms, { tasks: tasks('Canceled') }))).toEqual([
      'checklist_steps_done 1, wanted ≥ 1 steps (n 1): met',
    ]);
    const again = { rowId: 'v', name: 'Report', status: 'To do', project: to('p') };
    expect(say(read(terms, { tasks: [...tasks('Canceled'), again] }))).toEqual([
      'checklist_steps_done 1, wanted ≥ 2 steps (n 1): unmet',
    ]);
    const dropped = doc.tasks.map((task) => ({ ...task, status: 'Dropped' }));
    expect(say(read(terms, { tasks: dropped }))).toBe('every step of the checklist was dropped');
  });

  it('has not run where no task of the project is called like an open step', () => {
    const others = doc.tasks.filter(({ rowId }) => rowId !== 'u');
    expect(say(read(terms, { tasks: others }))).toBe(
      'nothing tells whether these steps are done, since no task of the project is called like them: `Report`',
    );
  });

  it('names a few of the steps nobody can judge, and counts the rest', () => {
    const processTemplates = doc.processTemplates.map((row) => ({
      ...row,
      checklist: 'A\nB\nC\nD\nE',
    }));
    expect(say(read(terms, { processTemplates }))).toMatch(/: `A`, `B`, `C`, 2 more$/);
  });

  it('has not run without a checklist', () => {
    expect(say(read(terms, { processTemplates: [] }))).toBe(
      'the process template has no checklist',
    );
  });
});

describe('a gate on the budget', () => {
  const terms = { kind: 'budget', op: 'lte', percent: 110 } as const;
  const withBudget = (usedPercent: number | null, unpriced = 0) =>
    read(terms, {}, { budgetsOf: (id) => (id === 'p' ? [{ usedPercent, unpriced }] : []) });

  it('judges the used share', () => {
    expect(say(withBudget(110))).toEqual(['budget_used 110, wanted ≤ 110 % (n 1): met']);
    expect(say(withBudget(110.0001))).toEqual([
      'budget_used 110.0001, wanted ≤ 110 % (n 1): unmet',
    ]);
  });

  it('is not evaluated without a budget, and has no share of a budget of 0', () => {
    expect(read(terms)).toMatchObject({ kind: 'unreadable' });
    expect(verdictOf(withBudget(null))).toBe('leave_open');
  });

  it('does not pass on costs nobody could price, and still fails on the others', () => {
    expect(verdictOf(withBudget(20, 1))).toBe('leave_open');
    expect(verdictOf(withBudget(120, 1))).toBe('fail');
  });
});

describe('a gate on the variance', () => {
  const terms = { kind: 'variance_state', states: ['stable', 'drifting under'] } as const;
  const withDrift = (state: 'stable' | 'drifting over' | 'insufficient', needed = 0) =>
    read(terms, {}, { driftOf: (id) => (id === 'w' ? { state, n: 20, needed } : undefined) });

  it('passes in a state it names and fails in one it does not', () => {
    expect(verdictOf(withDrift('stable'))).toBe('pass');
    expect(say(withDrift('drifting over'))).toEqual([
      'variance_drifting_over 1, wanted = 0 of 1 (n 20): unmet',
      'variance_conflict 0, wanted = 0 of 1 (n 20): met',
    ]);
  });

  it('is inconclusive on too few tasks and says how many it needs', () => {
    const reading = withDrift('insufficient', 12);
    expect(say(reading)).toContain(
      'variance_drifting_over, wanted = 0 of 1 (n 20): not evaluated, needs ≈12 more',
    );
    const conditions = reading.kind === 'measured' ? reading.conditions : [];
    expect(judgeReading(conditions, 'aa')).toMatchObject({
      type: 'leave_open',
      sampleSize: 20,
      neededSize: 32,
    });
  });

  it('is inconclusive before any task of the workflow is finished', () => {
    expect(verdictOf(read(terms))).toBe('leave_open');
  });

  it('has not run where the run leads to no workflow', () => {
    expect(say(read(terms, { processTemplates: [] }))).toBe(
      'the run leads to no workflow, or to several',
    );
  });
});

describe('a gate that somebody has to answer', () => {
  it('is never read from the doc', () => {
    expect(read({ kind: 'client_approval' })).toMatchObject({ kind: 'awaited' });
    expect(read({ kind: 'tests', checkType: 'unit_tests' })).toEqual({
      kind: 'awaited',
      reason: 'no result of unit tests has been recorded yet',
    });
  });
});

describe('a reading', () => {
  it('without a condition is left open, since nothing was judged', () => {
    expect(judgeReading([], 'aa')).toMatchObject({ type: 'leave_open' });
  });

  it('shows what lies between two thresholds, with the operator as it was', () => {
    const condition = { metricKey: 'x', op: 'gt', threshold: 5, unit: 's', minSamples: 3 } as const;
    const shown = toGateCondition({ ...condition, actual: 4, sampleSize: 2, outcome: 'between' });
    expect(shown).toEqual({
      metric: 'x',
      operator: 'gt',
      threshold: 5,
      unit: 's',
      actual: 4,
      n: 2,
      needed: 1,
      state: 'between',
    });
    expect(describeCondition(shown)).toBe('x 4, wanted > 5 s (n 2): between met and unmet');
  });
});
