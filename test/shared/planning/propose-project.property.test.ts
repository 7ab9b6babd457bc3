import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, HOUR_MS } from '#shared/kernel/index.ts';
import type { KnownTask, KnownWork, PatternTemplate } from '#shared/planning/index.ts';
import { make, pattern, propose, remember, template } from './proposal-samples.ts';

const anyStep = fc
  .record({ name: fc.constantFrom('Call', 'Draft', 'Review', 'Send'), hours: fc.nat({ max: 30 }) })
  .map(({ name, hours }) => (hours === 0 ? name : `${name} (${hours / 2} h)`));
const anyTemplate = (rowId: string): fc.Arbitrary<PatternTemplate> =>
  fc
    .array(anyStep, { minLength: 1, maxLength: 8 })
    .map((steps) => template({ rowId, name: `Template ${rowId}`, checklist: steps.join('\n') }));
const anyPattern = fc
  .oneof(fc.tuple(anyTemplate('t1')), fc.tuple(anyTemplate('t1'), anyTemplate('t2')))
  .map((templates) => pattern(templates));

/** What a person may do to a task between two plans. */
type Edit = 'none' | 'rename' | 'estimate' | 'unestimate' | 'reschedule' | 'move' | 'delete';
const anyEdits = fc.array(
  fc.constantFrom<Edit>('none', 'rename', 'estimate', 'unestimate', 'reschedule', 'move', 'delete'),
  { minLength: 16, maxLength: 16 },
);

function edit(task: KnownTask, how: Edit): readonly KnownTask[] {
  switch (how) {
    case 'none':
      return [task];
    case 'rename':
      return [{ ...task, name: `${task.name}, for Acme` }];
    case 'estimate':
      return [{ ...task, estimateMs: (task.estimateMs ?? 0) + HOUR_MS }];
    case 'unestimate': {
      const { estimateMs: _, ...rest } = task;
      return [rest];
    }
    case 'reschedule':
      return [{ ...task, scheduledStart: addDays(task.scheduledStart ?? '2026-01-05', 1) }];
    case 'move':
      return [{ ...task, projectId: 'elsewhere' }];
    case 'delete':
      return [];
  }
}

/** How often each kind of difference has to be named after these edits. */
function countNamed(tasks: readonly KnownTask[], edits: readonly Edit[]) {
  const count = (wanted: readonly Edit[]): number =>
    tasks.filter((_, at) => wanted.includes(edits[at] ?? 'none')).length;
  const blanked = tasks.filter(
    ({ estimateMs }, at) => edits[at] === 'unestimate' && estimateMs !== undefined,
  ).length;
  return {
    renamed: count(['rename']),
    re_estimated: count(['estimate']) + blanked,
    rescheduled: count(['reschedule']),
    moved: count(['move']),
    unplanned: 0,
    copied: 0,
  };
}

describe('planning any pattern', () => {
  it('has nothing to do the second time, whatever order the doc lists its rows in', () => {
    const law = fc.property(anyPattern, (any) => {
      const made = make(propose(any));
      const turned: KnownWork = {
        ...made,
        projects: made.projects.toReversed(),
        tasks: made.tasks.toReversed(),
      };
      const again = propose(any, turned);
      expect([again.rows, again.differences]).toEqual([[], []]);
      expect(again.present).toBe(propose(any).rows.length);
    });
    fc.assert(law);
  });

  it('after any edits proposes what is missing alone, under keys no row has, and names every edit', () => {
    const law = fc.property(anyPattern, anyEdits, fc.boolean(), (any, edits, isRemembered) => {
      const first = propose(any);
      const made = make(first);
      const tasks = made.tasks.flatMap((task, at) => edit(task, edits[at] ?? 'none'));
      const { madeKeys } = isRemembered ? remember(made) : made;
      const { rows, differences } = propose(any, { ...made, tasks, madeKeys });
      const kept = new Set(tasks.map(({ externalId }) => externalId));
      const gone = made.tasks.filter(({ externalId }) => !kept.has(externalId));
      const goneKeys = gone.map(({ externalId }) => externalId);
      expect(rows.map(({ key }) => key)).toEqual(isRemembered ? [] : goneKeys);
      const deleted = differences.flatMap((one) => (one.kind === 'deleted' ? [one.key] : []));
      expect(deleted).toEqual(isRemembered ? goneKeys : []);
      const named = countNamed(made.tasks, edits);
      for (const [kind, times] of Object.entries(named)) {
        expect([kind, differences.filter((one) => one.kind === kind).length]).toEqual([
          kind,
          times,
        ]);
      }
    });
    fc.assert(law);
  });

  it('makes what is missing once: the rows proposed after edits leave the third plan nothing', () => {
    const law = fc.property(anyPattern, anyEdits, (any, edits) => {
      const made = make(propose(any));
      const tasks = made.tasks.flatMap((task, at) => edit(task, edits[at] ?? 'none'));
      const edited = { ...made, tasks };
      const repaired = make(propose(any, edited), edited);
      expect(propose(any, repaired).rows).toEqual([]);
      // What a person left stands word for word.
      expect(repaired.tasks.slice(0, tasks.length)).toEqual(tasks);
    });
    fc.assert(law);
  });
});
