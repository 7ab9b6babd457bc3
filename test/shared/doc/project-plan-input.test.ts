import { describe, expect, it } from 'vitest';
import { type ProcessTemplateRow, toKnownWork, toProjectPattern } from '#shared/doc/index.ts';
import { HOUR_MS } from '#shared/kernel/index.ts';
import { docWith, to } from './small-doc.ts';

const hours = (count: number) => count * HOUR_MS;
const named = (rowId: string) => ({ rowId, name: rowId });
const OFFER = { ...named('o1'), serviceBlueprint: to('b1') };
const template = (rowId: string, facts: Partial<ProcessTemplateRow> = {}): ProcessTemplateRow => ({
  ...named(rowId),
  workflow: to('w1'),
  checklist: 'Call (1 h)',
  ...facts,
});
/** Finished tasks of a template with estimate 1 h and 2 h of work each, and what they hang below. */
function finished(templateId: string, count: number) {
  const project = {
    ...named(`p-${templateId}`),
    isBillable: true,
    processTemplate: to(templateId),
  };
  const tasks = Array.from({ length: count }, (_, at) => ({
    ...named(`k-${templateId}-${at}`),
    project: to(project.rowId),
    status: 'Done',
    estimateMs: hours(1),
  }));
  const executionRuns = tasks.map(({ rowId }) => ({
    ...named(`r-${rowId}`),
    task: to(rowId),
    netMs: hours(2),
  }));
  return { project, tasks, executionRuns };
}
const docOf = (
  templates: readonly ProcessTemplateRow[],
  work: readonly ReturnType<typeof finished>[] = [],
) =>
  docWith({
    serviceBlueprints: [named('b1')],
    offers: [OFFER],
    workflows: [
      { ...named('w1'), serviceBlueprint: to('b1') },
      { ...named('old'), serviceBlueprint: to('b1'), isDeprecated: true },
      { ...named('w9'), serviceBlueprint: to('b9') },
    ],
    processTemplates: templates,
    projects: work.map(({ project }) => project),
    tasks: work.flatMap(({ tasks }) => tasks),
    executionRuns: work.flatMap(({ executionRuns }) => executionRuns),
  });

describe('toProjectPattern', () => {
  it('follows the offer to the workflows and templates in use', () => {
    const doc = docOf([
      template('t1', { templateType: 'Operational' }),
      template('t2', { isDeprecated: true }),
      template('t3', { templateType: ' communication ' }),
      template('t4', { workflow: to('w9') }),
      template('t5', { workflow: to('old') }),
      { ...named('t6'), workflow: to('w1') },
    ]);
    const { blueprint, workflows, templates } = toProjectPattern(doc, OFFER);
    expect([blueprint, workflows]).toEqual([named('b1'), [named('w1')]]);
    expect(templates.map(({ rowId, workflow, checklist }) => [rowId, workflow, checklist])).toEqual(
      [
        ['t1', named('w1'), 'Call (1 h)'],
        ['t6', named('w1'), ''],
      ],
    );
  });

  it('knows nothing of an offer without a blueprint, or with one that was deleted', () => {
    for (const offer of [named('o2'), { ...named('o3'), serviceBlueprint: to('b9') }]) {
      const found = toProjectPattern(docOf([template('t1')]), offer);
      expect(found).toEqual({ offer: named(offer.rowId), workflows: [], templates: [] });
    }
  });

  const evidenceOf = (...counts: readonly (readonly [string, number])[]) =>
    toProjectPattern(
      docOf(
        [template('t1'), template('t2')],
        counts.map(([rowId, count]) => finished(rowId, count)),
      ),
      OFFER,
    ).templates[0]?.evidence;

  it('judges a template by its own work from 20 finished tasks on, before that by its workflow’s', () => {
    expect(evidenceOf(['t1', 20], ['t2', 30])).toMatchObject({ of: 'process_template', n: 20 });
    expect(evidenceOf(['t1', 19], ['t2', 30])).toMatchObject({ of: 'workflow', n: 49 });
    expect(evidenceOf(['t1', 19])).toMatchObject({ of: 'process_template', n: 19 });
  });

  it('takes the range of its group, and without any finished task that of work at large', () => {
    const measured = evidenceOf(['t1', 20]);
    // Half of the weight is that of 20 tasks at twice their estimate, half that of usual ones of their size.
    expect(measured?.ratio).toBeCloseTo(Math.sqrt(2), 12);
    expect(evidenceOf()).toEqual({
      of: 'all_work',
      n: 0,
      low: expect.closeTo(0.3, 12),
      high: 2.5,
      ratio: 1,
    });
  });

  it('counts the runs of buttons', () => {
    const { executionRuns: _, ...work } = finished('t1', 1);
    const doc = docOf([template('t1')], [{ ...work, executionRuns: [] }]);
    const run = {
      runId: 'r',
      deskId: 'desk',
      task: 'k-t1-0',
      state: 'succeeded',
      startedAtMs: 0,
      endedAtMs: hours(2),
      netMs: hours(2),
      isPending: false,
    } as const;
    expect(toProjectPattern(doc, OFFER, [run]).templates[0]?.evidence.n).toBe(1);
    expect(toProjectPattern(doc, OFFER).templates[0]?.evidence.n).toBe(0);
  });
});

describe('toKnownWork', () => {
  it('takes over what planning compares', () => {
    const doc = docWith({
      engagements: [{ ...named('e1'), offer: to('o1') }, named('e2')],
      projects: [
        {
          ...named('p1'),
          isBillable: true,
          externalId: 'x',
          engagement: to('e1'),
          processTemplate: to('t1'),
        },
        { ...named('p2'), isBillable: false },
      ],
      tasks: [
        {
          ...named('k1'),
          status: '',
          externalId: 'y',
          project: to('p1'),
          estimateMs: hours(2),
          scheduledStart: '2026-01-05',
        },
        { ...named('k2'), status: '', unreadable: ['estimated_hours'] },
        { ...named('k3'), status: '', unreadable: ['completed_on'] },
      ],
    });
    expect(toKnownWork(doc, new Set(['made']))).toEqual({
      madeKeys: new Set(['made']),
      engagements: [{ ...named('e1'), offerId: 'o1' }, named('e2')],
      projects: [
        { ...named('p1'), externalId: 'x', engagementId: 'e1', templateId: 't1' },
        named('p2'),
      ],
      tasks: [
        {
          ...named('k1'),
          externalId: 'y',
          projectId: 'p1',
          estimateMs: hours(2),
          scheduledStart: '2026-01-05',
        },
        { ...named('k2'), isUnreadable: true },
        named('k3'),
      ],
    });
  });
});
