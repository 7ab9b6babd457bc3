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
