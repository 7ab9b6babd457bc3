import { describe, expect, it } from 'vitest';
import { planMigration } from '#shared/doc/index.ts';
import { linesOf, type WrittenDoc, writeDoc } from './written-doc.ts';

const plan = (
  written: WrittenDoc,
  answers: Readonly<Record<string, string>> = {},
  settled: readonly string[] = [],
) => {
  const decisions = new Map(Object.entries(answers));
  return planMigration(writeDoc(written), { decisions, settled: new Set(settled) });
};
const W1 = { name: '2025-W49', start_date: '2025-12-01', end_date: '2025-12-07' };
const W2 = { name: '2025-W50', start_date: '2025-12-08', end_date: '2025-12-14' };

describe('the dates of tasks', () => {
  const sprints = { s1: W1, s2: W2 };
  const dates = (task: Readonly<Record<string, string>>, answers = {}) =>
    plan({ sprints, tasks: { t: { sprint: '→ s1', ...task } } }, answers);
  const START = 'tasks t scheduled_start_date: 2025-12-01 (task_start)';
  const END = 'tasks t scheduled_end_date: 2025-12-07 (task_end)';

  it('are those of the sprint, found by its relation or its name', () => {
    expect(linesOf(dates({}))).toEqual([START, END]);
    expect(linesOf(dates({ sprint: '2025-W49' }))).toEqual([START, END]);
  });

  it('stay where a person has set them', () => {
    expect(linesOf(dates({ scheduled_start_date: '2025-12-07' }))).toEqual([END]);
    expect(linesOf(dates({ scheduled_end_date: '2025-12-03' }))).toEqual([START]);
  });

  it('are not needed by a task without a sprint', () => {
    expect(plan({ sprints, tasks: { t: {} } })).toMatchObject({ changes: [], questions: [] });
  });

  it.each(['2025-12-08', '2026-02-01', 'soon'])(
    'outside of the sprint, %s, are for a person to decide',
    (day) => {
      const outside = { scheduled_start_date: day };
      const { changes, questions } = dates(outside);
      expect(changes).toEqual([]);
      expect(questions).toMatchObject([{ kind: 'task_dates', choices: ['sprint', 'date'] }]);
      expect(linesOf(dates(outside, { 'task_dates t': 'sprint' }))).toEqual([
        'tasks t scheduled_start_date: 2025-12-01 (decided)',
        END,
      ]);
      expect(dates(outside, { 'task_dates t': 'date' })).toMatchObject({
        changes: [],
        questions: [],
      });
    },
  );

  it('that end before they start are named', () => {
    const { notes } = dates({ scheduled_end_date: '2025-11-20' });
    expect(notes).toMatchObject([
      { message: 'its end 2025-11-20 lies before its start 2025-12-01' },
    ]);
  });

  it('are left open, and named, where the sprint is not one row with two days', () => {
    const why = (sprint: string, rows: WrittenDoc['sprints']) =>
      plan({ sprints: rows ?? {}, tasks: { t: { sprint } } });
    expect(why('→ gone', sprints).notes).toMatchObject([
      { message: 'its sprint `gone` is not one row of the sprints' },
    ]);
    expect(why('→ s1 & s2', sprints).notes).toHaveLength(1);
    expect(why('2025-W49', { s1: W1, s2: W1 }).notes).toHaveLength(1);
    expect(why('→ s1', { s1: { name: 'W' } }).notes).toMatchObject([
      { message: 'its sprint `W` lacks a first or last day' },
    ]);
    expect(why('→ s1', { s1: W1, s2: { ...W1, name: 'Twin' } }).notes).toMatchObject([
      { message: 'its sprint `2025-W49` shares its days with another' },
    ]);
  });
});

describe('old templates', () => {
  const old = { name: 'Kick-off', checklist: 'Call\nMinutes', workflow: '→ w', status: 'active' };

  it('become process or resource templates with all that the new tables have room for', () => {
    const doc = {
      workflows: { w: { service_blueprint: '→ b' } },
      service_blueprints: { b: {} },
      process_templates: {},
      resource_templates: {},
      db_templates: { a: old, b: { name: 'Logo', link: 'x.svg', version: 'v2', status: 'old' } },
    };
    expect(linesOf(plan(doc))).toEqual([
      '+ process_templates name=Kick-off, process_template_id=migrated:a, status=Active, template_type=Operational, checklist=Call\nMinutes, workflow=→ w (template_is_process)',
      '+ resource_templates name=Logo, resource_template_id=migrated:b, version=v2, template_type=Media, storage_url=x.svg (template_is_resource)',
    ]);
  });

  it('that are doubtful wait for a person, who may also leave them out', () => {
    const doc = {
      process_templates: {},
      resource_templates: {},
      db_templates: { a: { name: 'X' } },
    };
    expect(plan(doc)).toMatchObject({ changes: [], questions: [{ kind: 'template', rowId: 'a' }] });
    const decided = (answer: string) => plan(doc, { 'template a': answer });
    expect(linesOf(decided('process'))[0]).toMatch(/^\+ process_templates .* \(decided\)$/);
    expect(linesOf(decided('resource'))[0]).toMatch(/^\+ resource_templates .* \(decided\)$/);
    expect(decided('skip')).toMatchObject({ changes: [], questions: [], misfits: [] });
    expect(decided('maybe')).toMatchObject({
      changes: [],
      questions: [{}],
      misfits: [{ given: 'maybe' }],
    });
  });

  it('are not made again where their key, or a single row of their name, is there', () => {
    const db_templates = { a: old };
    const byKey = { p: { name: 'Renamed', process_template_id: 'migrated:a', workflow: '→ w' } };
    const workflows = { w: {} };
    expect(plan({ db_templates, workflows, process_templates: byKey }).changes).toEqual([]);
    const byName = { p: { name: 'kick-off ', workflow: '→ w' } };
    expect(plan({ db_templates, workflows, process_templates: byName }).changes).toEqual([]);
    const twice = { p: { name: 'Kick-off' }, q: { name: 'Kick-off' } };
    expect(plan({ db_templates, process_templates: twice }).changes).toHaveLength(1);
    const twins = { a: old, b: old };
    expect(plan({ db_templates: twins, process_templates: byName }).changes).toHaveLength(2);
  });

  it('stay those of their projects, in the table they are in now', () => {
    const doc = {
      db_templates: { a: old, b: { name: 'Logo', link: 'x.svg' }, c: { name: 'X' } },
      process_templates: { other: { workflow: '→ w' } },
      resource_templates: {},
      workflows: { w: {} },
      projects: {
        p: { old_template: '→ a' },
        q: { old_template: '→ a', process_template: '→ other' },
        r: { old_template: '→ b' },
        s: { old_template: '→ c' },
        t: {},
      },
    };
    const { notes, ...rest } = plan(doc);
    expect(linesOf({ notes, ...rest }).slice(2)).toEqual([
      'projects p process_template: → migrated:a (template_link)',
    ]);
    expect(notes.map(({ kind, rowId }) => `${kind} ${rowId}`)).toEqual(['conflict q', 'unclear r']);
  });
});

describe('what a person has changed since', () => {
  it('stays: neither a cell is written again nor a row made again', () => {
    const doc = {
      sprints: { s: W1 },
      tasks: { t: { sprint: '→ s' } },
      db_templates: { a: { checklist: 'Call' } },
    };
    const settled = ['cell tasks t scheduled_start_date', 'row process_templates migrated:a'];
    const { changes, notes } = plan(doc, {}, settled);
    expect(changes).toEqual([]);
    expect(notes.map(({ kind, message }) => `${kind} ${message}`)).toEqual([
      'left was deleted after it was made, and is not made again',
      'left `scheduled_start_date` was changed after it was written, and stays so',
    ]);
  });
});
