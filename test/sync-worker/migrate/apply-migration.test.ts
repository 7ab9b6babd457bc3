import { describe, expect, it } from 'vitest';
import { type MigrationDecisions, type MigrationQuestion, questionId } from '#shared/doc/index.ts';
import { createMigrateScene } from './closed-scene.ts';
import { cellsOf } from './old-doc.ts';

const SMALL = { tasks: 60, templates: 24 };

/** Decides everything: doubtful templates are resources, dates give way to sprints, of several rows it is the first. */
const decideAll = (questions: readonly MigrationQuestion[]): MigrationDecisions =>
  new Map(
    questions.map((question) => {
      const fixed = new Map([
        ['template', 'resource'],
        ['task_dates', 'sprint'],
      ]);
      return [questionId(question), fixed.get(question.kind) ?? question.choices[0] ?? ''];
    }),
  );

describe('a migration', () => {
  it('is shown whole, each cell and row with its rule, and writes nothing by that', async () => {
    const { doc, view } = await createMigrateScene(SMALL);
    const before = cellsOf(doc);
    const { plan, needs } = await view();
    const count = (rule: string) => plan.changes.filter((change) => change.rule === rule).length;
    expect(needs).toEqual([]);
    const rules = [...new Set(plan.changes.map(({ rule }) => rule))];
    expect(rules.map((rule) => `${rule} ${count(rule)}`)).toMatchInlineSnapshot(`
      [
        "template_is_process 9",
        "template_is_resource 9",
        "template_link 24",
        "task_start 48",
        "task_end 51",
        "offer_blueprint 1",
        "workflow_blueprint 1",
        "blueprint_made 6",
        "workflow_made 3",
      ]
    `);
    expect(cellsOf(doc)).toEqual(before);
  });

  it('leaves every task in its sprint and every template in one table, and has nothing to do twice', async () => {
    const { doc, view, apply } = await createMigrateScene(SMALL);
    const { plan } = await view();
    const decisions = decideAll(plan.questions);
    const { remaining, differences, checks, counts } = await apply({ decisions });
    expect([remaining, differences]).toEqual([0, []]);
    expect(checks.flatMap(({ failures }) => failures)).toEqual([]);
    expect(counts.find(({ table }) => table === 'tasks')).toMatchObject({ before: 60, after: 60 });
    const after = cellsOf(doc);
    const again = await apply();
    expect(again).toMatchObject({ remaining: 0, contentWrites: 0, plan: { changes: [] } });
    expect(again.checks.flatMap(({ failures }) => failures)).toEqual([]);
    expect(cellsOf(doc)).toEqual(after);
  });

  it('writes rows that have a key of their own together, and the others one by one', async () => {
    const { doc, apply } = await createMigrateScene(SMALL);
    const { contentWrites } = await apply();
    const lone = doc.person
      .readRows('tasks')
      .filter(({ cells }) => cells['external_id'] === '' && cells['Sprint'] !== '');
    expect(lone.length).toBeGreaterThan(5);
    expect(contentWrites).toBeLessThan(lone.length + 25);
  });

  it('leaves what a person has changed or deleted after it was written', async () => {
    const { doc, apply } = await createMigrateScene(SMALL);
    await apply();
    const { person } = doc;
    const [task] = person.readRows('tasks');
    const [made] = person.readRows('resource_templates');
    person.editCell('tasks', task?.rowId ?? '', { scheduled_start_date: '' });
    person.deleteRow('resource_templates', made?.rowId ?? '');
    const after = cellsOf(doc);
    const again = await apply();
    expect(cellsOf(doc)).toEqual(after);
    expect(again.plan.notes.map(({ message }) => message)).toEqual([
      'was deleted after it was made, and is not made again',
      '`scheduled_start_date` was changed after it was written, and stays so',
    ]);
    expect(again.checks.flatMap(({ failures }) => failures).map(({ message }) => message)).toEqual(
      expect.arrayContaining([
        'is in none of the new tables',
        'was in `2025-W40` and is without a start',
      ]),
    );
  });

  it('comes to the same doc where writes are late, limited and read from a snapshot', async () => {
    const { doc, apply, wait } = await createMigrateScene(SMALL, { profile: 'strict' });
    const { remaining, differences } = await apply();
    await wait(1_000_000);
    const instant = await createMigrateScene(SMALL);
    await instant.apply();
    expect([remaining, differences, doc.counts.rateLimited]).toEqual([0, [], 0]);
    const cells = (each: typeof doc) =>
      ['tasks', 'projects', 'offers', 'workflows', 'process_templates'].map((table) =>
        each.person
          .readRows(table)
          .map((row) => JSON.stringify(row.cells))
          .toSorted(),
      );
    expect(cells(doc)).toEqual(cells(instant.doc));
  });
});
