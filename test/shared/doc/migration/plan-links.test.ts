import { describe, expect, it } from 'vitest';
import { planMigration } from '#shared/doc/index.ts';
import { linesOf, type WrittenDoc, writeDoc } from './written-doc.ts';

const plan = (written: WrittenDoc, answers: Readonly<Record<string, string>> = {}) =>
  planMigration(
    writeDoc({ service_blueprints: {}, workflows: {}, process_templates: {}, ...written }),
    { decisions: new Map(Object.entries(answers)), settled: new Set() },
  );
const SERVED = { w: { name: 'W', service_blueprint: '→ b' } };

describe('the blueprint of an offer', () => {
  it('is made where nothing leads to one, as a draft with a first workflow', () => {
    expect(linesOf(plan({ offers: { o: { name: 'Audit' } } }))).toEqual([
      '+ service_blueprints name=Audit, blueprint_id=migrated:o, version=v1, status=Draft (blueprint_made)',
      'offers o service_blueprint: → migrated:o (blueprint_made)',
      '+ workflows name=Audit delivery, workflow_id=migrated:o, version=v1, status=Draft, service_blueprint=→ migrated:o (workflow_made)',
    ]);
  });

  it('is the one of its name, or the one its projects’ templates lead to', () => {
    const service_blueprints = { b: { name: 'Audit' } };
    const byName = plan({
      service_blueprints,
      workflows: SERVED,
      offers: { o: { name: 'AUDIT' } },
    });
    expect(linesOf(byName)).toEqual(['offers o service_blueprint: → b (offer_blueprint)']);
    const byWork = plan({
      service_blueprints,
      workflows: SERVED,
      process_templates: { t: { workflow: '→ w' } },
      offers: { o: { name: 'Sale' } },
      engagements: { e: { offer: '→ o' }, f: {} },
      projects: {
        p: { engagement: '→ e', process_template: '→ t' },
        q: { engagement: '→ f' },
        r: {},
      },
    });
    expect(linesOf(byWork)).toEqual(['offers o service_blueprint: → b (offer_blueprint)']);
  });

  it('is asked for where several could be meant, and is a new one if a person wants that', () => {
    const doc = {
      service_blueprints: { b: { name: 'Audit' }, c: { name: 'Audit' } },
      workflows: { w: { service_blueprint: '→ b' }, x: { service_blueprint: '→ c' } },
      offers: { o: { name: 'Audit' } },
    };
    expect(plan(doc)).toMatchObject({
      changes: [],
      questions: [{ kind: 'offer_blueprint', choices: ['b', 'c', 'new', 'none'] }],
    });
    const decided = (answer: string) => plan(doc, { 'offer_blueprint o': answer });
    expect(linesOf(decided('c'))).toEqual(['offers o service_blueprint: → c (decided)']);
    expect(linesOf(decided('new'))[0]).toMatch(/^\+ service_blueprints .* \(decided\)$/);
    expect(decided('none')).toMatchObject({ changes: [], questions: [] });
  });

  it('is never one out of use, and an offer that has one keeps it', () => {
    const service_blueprints = { b: { name: 'Audit', status: 'Deprecated' } };
    const [made] = linesOf(plan({ service_blueprints, offers: { o: { name: 'Audit' } } }));
    expect(made).toMatch(/^\+ service_blueprints/);
    const kept = { offers: { o: { name: 'Audit', service_blueprint: '→ b' } } };
    expect(plan({ service_blueprints, ...kept }).changes).toEqual([]);
  });

  it('is the one that was made for it before, wherever else something leads', () => {
    const service_blueprints = {
      b: { name: 'Audit' },
      n: { name: 'Audit', blueprint_id: 'migrated:o' },
    };
    const workflows = { ...SERVED, x: { service_blueprint: '→ n' } };
    const { changes } = plan({ service_blueprints, workflows, offers: { o: { name: 'Audit' } } });
    expect(changes).toMatchObject([{ rowId: 'o', after: { rowId: 'n' } }]);
  });
});

describe('the blueprint of a workflow', () => {
  it('is the one of its name, or the one it works for', () => {
    const byName = plan({
      service_blueprints: { b: { name: 'Care' } },
      workflows: { w: { name: 'care' } },
    });
    expect(linesOf(byName)).toEqual(['workflows w service_blueprint: → b (workflow_blueprint)']);
    const byWork = plan({
      service_blueprints: { b: {} },
      workflows: { w: {} },
      process_templates: { t: { workflow: '→ w' } },
      offers: { o: { service_blueprint: '→ b' } },
      engagements: { e: { offer: '→ o' } },
      projects: { p: { engagement: '→ e', process_template: '→ t' } },
    });
    expect(linesOf(byWork)).toEqual(['workflows w service_blueprint: → b (workflow_blueprint)']);
  });

  it('is asked for where it serves several, and neither gets a workflow made meanwhile', () => {
    const doc = {
      service_blueprints: { b: { name: 'Care' }, c: { name: 'Care' } },
      workflows: { w: { name: 'Care' } },
    };
    expect(plan(doc)).toMatchObject({ changes: [], questions: [{ kind: 'workflow_blueprint' }] });
    expect(linesOf(plan(doc, { 'workflow_blueprint w': 'b' }))).toEqual([
      'workflows w service_blueprint: → b (decided)',
      '+ workflows name=Care delivery, workflow_id=migrated:c, version=v1, status=Draft, service_blueprint=→ c (workflow_made)',
    ]);
  });

  it('does not count where it is out of use', () => {
    const workflows = {
      w: { service_blueprint: '→ b', status: 'Deprecated' },
      x: { name: 'b', status: 'Deprecated' },
    };
    expect(plan({ service_blueprints: { b: {} }, workflows }).changes).toMatchObject([
      { kind: 'row', table: 'workflows', key: 'migrated:b' },
    ]);
  });
});

describe('the workflow of a process template', () => {
  const work = {
    service_blueprints: { b: {} },
    offers: { o: { service_blueprint: '→ b' } },
    engagements: { e: { offer: '→ o' } },
    projects: { p: { engagement: '→ e', process_template: '→ t' } },
  };

  it('is the one of its name, or the only one of the blueprint it works for', () => {
    const byName = plan({
      workflows: { w: { name: 'Kick-off' } },
      process_templates: { t: { name: 'kick-off' } },
    });
    expect(linesOf(byName)).toEqual(['process_templates t workflow: → w (template_workflow)']);
    const byWork = plan({ ...work, workflows: SERVED, process_templates: { t: {} } });
    expect(linesOf(byWork)).toEqual(['process_templates t workflow: → w (template_workflow)']);
  });

  it('is one of several by its name, else asked for', () => {
    const workflows = { ...SERVED, x: { name: 'Kick-off', service_blueprint: '→ b' } };
    const named = plan({ ...work, workflows, process_templates: { t: { name: 'Kick-off' } } });
    expect(linesOf(named)).toEqual(['process_templates t workflow: → x (template_workflow)']);
    const unnamed = plan({ ...work, workflows, process_templates: { t: {} } });
    expect(unnamed).toMatchObject({ changes: [], questions: [{ choices: ['w', 'x', 'none'] }] });
  });

  it('is in the row that is made, where the template is made too', () => {
    const lines = linesOf(
      plan({
        workflows: { w: { name: 'Kick-off' } },
        db_templates: { a: { name: 'Kick-off', checklist: 'Call' } },
      }),
    );
    expect(lines).toEqual([
      '+ process_templates name=Kick-off, process_template_id=migrated:a, template_type=Operational, checklist=Call, workflow=→ w (template_is_process)',
    ]);
  });
});

describe('two ways from a project to a blueprint', () => {
  it('that do not agree are named, and stay', () => {
    const { changes, notes } = plan({
      service_blueprints: { b: {}, c: {} },
      workflows: { w: { service_blueprint: '→ b' }, x: { service_blueprint: '→ c' } },
      process_templates: { t: { workflow: '→ w' } },
      offers: { o: { service_blueprint: '→ c' } },
      engagements: { e: { offer: '→ o' } },
      projects: { p: { engagement: '→ e', process_template: '→ t' } },
    });
    expect(changes).toEqual([]);
    expect(notes).toMatchObject([
      {
        kind: 'conflict',
        rowId: 'p',
        message: 'its template leads to the blueprint `b`, its offer to `c`',
      },
    ]);
  });
});
