import { describe, expect, it } from 'vitest';
import { planMigration } from '#shared/doc/index.ts';
import { linesOf, type WrittenDoc, writeDoc } from './written-doc.ts';

const OLD: WrittenDoc = {
  service_blueprints: {},
  workflows: {},
  offers: { o: { name: 'Audit' }, p: { name: 'Care' } },
};
const FACTS = { decisions: new Map<string, string>(), settled: new Set<string>() };

describe('a plan that was begun', () => {
  const { changes: begun } = planMigration(writeDoc(OLD), FACTS);
  const goOn = (doc: WrittenDoc) => planMigration(writeDoc(doc), { ...FACTS, begun });

  it('is gone on with as it was, each row led to the one that is there by now', () => {
    const made = { n: { name: 'Audit', blueprint_id: 'migrated:o' } };
    const lines = linesOf(goOn({ ...OLD, service_blueprints: made }));
    expect(lines).toHaveLength(begun.length - 1);
    expect(lines).toContain('offers o service_blueprint: → n (blueprint_made)');
    expect(lines).toContain(
      '+ workflows name=Audit delivery, workflow_id=migrated:o, version=v1, status=Draft, service_blueprint=→ n (workflow_made)',
    );
  });

  it('leaves a cell that somebody has filled meanwhile, and a row that is gone', () => {
    const offers = { o: { name: 'Audit', service_blueprint: '→ b' } };
    const lines = linesOf(goOn({ ...OLD, service_blueprints: { b: {} }, offers }));
    expect(lines.filter((line) => line.startsWith('offers'))).toEqual([]);
  });

  it('does not ask about what its own first half made doubtful', () => {
    const doc: WrittenDoc = {
      service_blueprints: { b: { name: 'Audit' }, c: { name: 'Audit' } },
      workflows: { w: { name: 'Website', service_blueprint: '→ b' } },
      offers: { o: { name: 'Audit', service_blueprint: '→ c' } },
      engagements: { e: { offer: '→ o' } },
      process_templates: { t: { name: 'Website' } },
      projects: { p: { engagement: '→ e', process_template: '→ t' } },
    };
    const whole = planMigration(writeDoc(doc), FACTS);
    expect(linesOf(whole)).toEqual([
      'process_templates t workflow: → w (template_workflow)',
      expect.stringMatching(/^\+ workflows name=Audit delivery, .* \(workflow_made\)$/),
    ]);
    const made = { name: 'Audit delivery', workflow_id: 'migrated:c', service_blueprint: '→ c' };
    const half = writeDoc({ ...doc, workflows: { ...doc.workflows, m: made } });
    expect(planMigration(half, FACTS)).toMatchObject({ changes: [], questions: [{ rowId: 't' }] });
    const goneOn = planMigration(half, { ...FACTS, begun: whole.changes });
    expect([linesOf(goneOn), goneOn.questions]).toEqual([linesOf(whole).slice(0, 1), []]);
  });

  it('asks again what a person had decided', () => {
    const doc = {
      sprints: { s: { name: 'W49', start_date: '2025-12-01', end_date: '2025-12-07' } },
      tasks: {
        t: { sprint: '→ s', scheduled_start_date: '2026-01-01', scheduled_end_date: '2026-01-02' },
      },
    };
    const decided = planMigration(writeDoc(doc), {
      ...FACTS,
      decisions: new Map([['task_dates t', 'sprint']]),
    });
    expect(decided.changes).toMatchObject([{ rule: 'decided' }]);
    const again = planMigration(writeDoc(doc), { ...FACTS, begun: decided.changes });
    expect(again).toMatchObject({ changes: [], questions: [{ kind: 'task_dates' }] });
  });
});
