import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PatternStatement, REVIEW_LINES, reviewText } from '#shared/planning/index.ts';
import type { Drift } from '#shared/variance/index.ts';
import { FRIDAY, history, hours, named, reviewOf } from './review-samples.ts';

const NOTHING = reviewOf();
const pattern = (name: string, state: Drift['state'], facts: Partial<PatternStatement> = {}) => ({
  of: 'workflow' as const,
  groupId: name,
  name,
  state,
  n: 40,
  nTasks: 41,
  needed: 0,
  sinceDate: null,
  factor: null,
  slowChangeSince: null,
  tasksForFactors: [],
  typical: 0.25,
  total: -0.1,
  low: 0.5,
  high: 2,
  suggestion: null,
  isActive: true,
  rowIds: ['k1', 'k2'],
  ...facts,
});
const finished = (index: number) => ({
  taskId: `k${index}`,
  name: `Task ${index}`,
  completedDate: FRIDAY,
  actualMs: hours(2),
  baselineMs: null,
  variance: null,
  rowIds: [],
});

describe('the text of a review', () => {
  it('is one line where there is nothing to say', () => {
    expect(reviewText(NOTHING)).toBe('Week 2026-01-03 to 2026-01-09 (UTC)');
  });

  it('says first what asks for a decision, each with its evidence', () => {
    const suggestion = { ratio: 1.3, low: 0.6, high: 2.5, n: 40 };
    const drift = { sinceDate: '2025-12-01', factor: 1.9, suggestion };
    const text = reviewText({
      ...NOTHING,
      patterns: [
        pattern('Audit', 'drifting_over', drift),
        pattern('Posts', 'drifting_under', { factor: 0.5, sinceDate: '2025-12-02' }),
        pattern('Calls', 'conflict'),
        pattern('Hiring', 'stable', { slowChangeSince: '2025-11-03' }),
        pattern('Report', 'stable'),
        pattern('Small', 'insufficient', { n: 5, needed: 27 }),
        pattern('Asleep', 'insufficient', { isActive: false }),
      ],
      blockers: [
        {
          of: 'workflow',
          groupId: 'w',
          name: 'Audit',
          taskIds: ['a', 'b', 'c'],
          runIds: ['r1', 'r2'],
          rowIds: [],
        },
      ],
      overdueGates: [
        { gateId: 'g', name: 'Client approval', rowIds: [], dueDate: '2026-01-05', isMet: false },
      ],
      budgetsAhead: [
        {
          ...named('Acme'),
          burn: { state: 'ok', used: 1n, left: 1n, usedShare: 0.625, pace: 1.25, runsOutAt: null },
        },
      ],
      runway: { weeks: 8, billableShare: 0.5, target: 0.55, rowIds: [] },
      overlappingSprints: [named('W1'), named('W2')],
      trend: { finished: 6, before: 10, isFewer: true, rowIds: [] },
      loggedNothing: [named('Mika')],
      ventures: [
        {
          of: 'workflow',
          name: 'audit',
          rowIds: [],
          ventures: [
            { venture: 'North', n: 9, typical: 0.2, low: 0.5, high: 2, rowIds: [] },
            { venture: 'Tide', n: 2, typical: null, low: 0.4, high: 2.5, rowIds: [] },
          ],
        },
      ],
    });
    expect(text.split('\n').slice(1)).toEqual([
      'Drift: Audit takes ×1.90 since 2025-12-01 (2 of 40 tasks); typical +25 %, total -10 % (n 41)',
      '  next estimates of Audit may be taken ×1.30 (four of five end between ×0.60 and ×2.50, n 40)',
      'Drift: Posts takes ×0.50 since 2025-12-02 (2 of 40 tasks); typical +25 %, total -10 % (n 41)',
      'Unclear: measures of Calls contradict each other; typical +25 %, total -10 % (n 41)',
      'Slow change suspected in Hiring since 2025-11-03, not proved (n 40)',
      'Held up: 3 tasks of Audit say so in their notes (runs r1, r2)',
      'Gate overdue, due 2026-01-05: Client approval',
      'Budget Acme: 62.5 % used, 1.25 times its pace',
      'Runway 8 weeks: at least 60 % should be billable, 50 % was, 55 % is the sprint’s target',
      'Sprints overlap: W1, W2',
      'Finished: 6 tasks, 10 the week before: 40 % fewer',
      'Logged nothing: Mika',
      'audit: North typical +20 %, ×0.5–2.0 (n 9) | Tide too few for a typical one, ×0.4–2.5 (n 2)',
      'Small: n too small (5), needs ≈27 more finished tasks',
    ]);
  });

  it('offers no correction for what does not drift, and calls nothing proved', () => {
    const steady = reviewOf(history({ before: 40, after: 0, factor: 1 }));
    expect(steady.patterns.map(({ state }) => state)).toEqual(['stable', 'stable']);
    expect(reviewText(steady)).not.toMatch(/Drift|next estimates|proved|stable/);
  });

  it('lists a few finished tasks and counts the rest', () => {
    const few = reviewText({
      ...NOTHING,
      finished: Array.from({ length: 8 }, (_, at) => finished(at)),
    });
    expect(few.split('\n')).toHaveLength(9);
    const many = reviewText({
      ...NOTHING,
      finished: Array.from({ length: 11 }, (_, at) => finished(at)),
    });
    expect(many.split('\n').slice(-2)).toEqual([
      'Done: Task 7, 2 h, no estimate',
      '  and 3 more finished tasks',
    ]);
  });

  it('never has more lines than a minute’s reading, and counts what it leaves out', () => {
    const law = fc.property(fc.nat({ max: 90 }), (count) => {
      const patterns = Array.from({ length: count }, (_, at) => pattern(`W${at}`, 'conflict'));
      const lines = reviewText({ ...NOTHING, patterns }).split('\n');
      expect(lines.length).toBe(Math.min(count + 1, REVIEW_LINES));
      const left = /^… and (\d+) more lines$/.exec(lines.at(-1) ?? '')?.[1];
      const said = lines.filter((line) => line.startsWith('Unclear')).length;
      expect(said + Number(left ?? 0)).toBe(count);
    });
    fc.assert(law);
  });
});
