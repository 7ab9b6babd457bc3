import { describe, expect, it } from 'vitest';
import { checkMigration, type MigrationCheckName, toBaseline } from '#shared/doc/index.ts';
import { type WrittenDoc, writeDoc } from './written-doc.ts';

const SPRINTS = {
  s: { name: 'W49', start_date: '2025-12-01', end_date: '2025-12-07' },
  t: { name: 'W50', start_date: '2025-12-08', end_date: '2025-12-14' },
};
const TASK = { sprint: '→ s', scheduled_start_date: '2025-12-01' };

/** What a check finds in a doc that was otherwise before. */
function failures(
  name: MigrationCheckName,
  after: WrittenDoc,
  more: {
    before?: WrittenDoc;
    decisions?: Readonly<Record<string, string>>;
    open?: readonly string[];
  } = {},
): readonly string[] {
  const { before = after, decisions = {}, open = [] } = more;
  const questions = open.map((rowId) => ({
    kind: 'template' as const,
    rowId,
    name: '',
    why: '',
    choices: [],
  }));
  const checks = checkMigration(writeDoc(after), {
    baseline: toBaseline(writeDoc(before)),
    decisions: new Map(Object.entries(decisions)),
    questions,
  });
  const found = checks.find((check) => check.name === name)?.failures ?? [];
  return found.map(({ table, rowId, message }) => `${table} ${rowId} ${message}`);
}

describe('the checks of a migration', () => {
  it('follow each task to the sprint it had, though the sprint column is gone', () => {
    const before = { sprints: SPRINTS, tasks: { a: TASK, b: TASK, c: TASK, d: TASK, e: {} } };
    const after = {
      sprints: {
        ...SPRINTS,
        u: { name: 'Twin', start_date: '2025-12-10', end_date: '2025-12-20' },
      },
      tasks: {
        a: { scheduled_start_date: '2025-12-07' },
        b: { scheduled_start_date: '2025-12-08' },
        c: {},
        d: { scheduled_start_date: '2025-12-10' },
        e: { scheduled_start_date: '2026-05-05' },
      },
    };
    expect(failures('tasks_in_sprint', after, { before })).toEqual([
      'tasks b was in `W49` and is in `W50`',
      'tasks c was in `W49` and is without a start',
      'tasks d was in `W49` and is on a day that several sprints cover',
    ]);
    const moved = {
      sprints: { t: SPRINTS.t },
      tasks: { a: { scheduled_start_date: '2025-12-01' } },
    };
    expect(failures('tasks_in_sprint', moved, { before })).toEqual([
      'tasks a was in `s` and is on a day that no sprint covers',
    ]);
    const decisions = { 'task_dates b': 'date' };
    expect(failures('tasks_in_sprint', after, { before, decisions })).toHaveLength(2);
  });

  it('find each old template in one of the new tables, with a person, or left out on purpose', () => {
    const doc = {
      db_templates: { a: {}, b: {}, c: {}, d: {}, e: {} },
      process_templates: {
        p: { process_template_id: 'migrated:a' },
        q: { process_template_id: 'migrated:b' },
      },
      resource_templates: { r: { resource_template_id: 'migrated:b' } },
    };
    const decisions = { 'template d': 'skip' };
    expect(failures('templates_once', doc, { decisions, open: ['c'] })).toEqual([
      'db_templates b is in both of the new tables',
      'db_templates c waits for a decision',
      'db_templates e is in none of the new tables',
    ]);
  });

  it('ask every offer in use for a blueprint, and every blueprint in use for a workflow in use', () => {
    const doc = {
      offers: { o: { service_blueprint: '→ b' }, p: {} },
      service_blueprints: { b: {}, c: {}, d: { status: 'Deprecated' } },
      workflows: {
        w: { service_blueprint: '→ b' },
        x: { service_blueprint: '→ c', status: 'Deprecated' },
      },
    };
    expect(failures('offers_have_blueprint', doc)).toEqual(['offers p has no blueprint']);
    expect(failures('blueprints_have_workflow', doc)).toEqual([
      'service_blueprints c has no workflow',
    ]);
  });

  it('name relations to deleted rows and texts that lead nowhere', () => {
    const doc = {
      workflows: { w: {} },
      process_templates: {
        p: { workflow: '→ w' },
        q: { workflow: '→ gone' },
        r: { workflow: 'Audit' },
      },
      projects: { x: { engagement: '→ unread' } },
    };
    expect(failures('links_lead_somewhere', doc)).toEqual([
      'process_templates q `workflow` leads to a deleted row, `gone`',
      'process_templates r `workflow` is a text that leads nowhere',
    ]);
  });

  it('miss every row that was there before', () => {
    const before = { offers: { o: {}, p: {} }, tasks: { t: {} } };
    expect(failures('nothing_deleted', { offers: { p: {}, q: {} } }, { before })).toEqual([
      'offers o was there before and is gone',
      'tasks t was there before and is gone',
    ]);
  });
});
