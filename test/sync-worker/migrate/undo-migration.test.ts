import { describe, expect, it } from 'vitest';
import { createMigrateScene } from './closed-scene.ts';
import { cellsOf } from './old-doc.ts';

const SMALL = { tasks: 60, templates: 24 };

describe('the undo of a migration', () => {
  it('leaves every cell of every table as it was, and nothing to undo', async () => {
    const { doc, apply, undo } = await createMigrateScene(SMALL);
    const before = cellsOf(doc);
    const { written } = await apply();
    const { cells, rows, left, remaining } = await undo();
    expect([cells + rows, left, remaining]).toEqual([written, [], 0]);
    expect(cellsOf(doc)).toEqual(before);
    expect(await undo()).toEqual({ cells: 0, rows: 0, left: [], remaining: 0 });
  });

  it('puts back the date that a decision replaced', async () => {
    const { doc, view, apply, undo } = await createMigrateScene(SMALL);
    const before = cellsOf(doc);
    const { plan } = await view();
    const dates = plan.questions.filter(({ kind }) => kind === 'task_dates');
    const decisions = new Map(dates.map(({ rowId }) => [`task_dates ${rowId}`, 'sprint']));
    const applied = await apply({ decisions });
    expect(applied.plan.changes.filter(({ rule }) => rule === 'decided')).toHaveLength(
      dates.length,
    );
    expect(await undo()).toMatchObject({ left: [], remaining: 0 });
    expect(cellsOf(doc)).toEqual(before);
  });

  it('leaves and names the cells and rows that a person has changed or used since', async () => {
    const { doc, apply, undo } = await createMigrateScene(SMALL);
    const { person } = doc;
    await apply();
    const [task] = person.readRows('tasks');
    const [used, changed] = person.readRows('resource_templates');
    const [template] = person.readRows('process_templates');
    person.editCell('tasks', task?.rowId ?? '', { scheduled_start_date: '2025-10-01' });
    person.editCell('resource_templates', changed?.rowId ?? '', { notes: 'Ask Dana' });
    person.insertRow('projects', { name: 'New', process_template: template?.rowId ?? '' });
    const { left, remaining } = await undo();
    expect(remaining).toBe(0);
    expect(left.map(({ table, message }) => `${table} ${message}`)).toEqual([
      'tasks `scheduled_start_date` was changed since, and stays so',
      'resource_templates was changed since it was made, and stays',
      'process_templates is used by `New` in projects, and stays',
    ]);
    expect(person.readRows('tasks')[0]?.cells['scheduled_start_date']).toMatch(/^2025-10-01/);
    expect(person.readRows('process_templates').map(({ rowId }) => rowId)).toEqual([
      template?.rowId,
    ]);
    expect(person.readRows('resource_templates')).toMatchObject([{ rowId: changed?.rowId }]);
    expect(used).toBeDefined();
  });

  it('keeps what a row that stays leads to', async () => {
    const { doc, apply, undo } = await createMigrateScene(SMALL);
    const { person } = doc;
    await apply();
    const made = person.readRows('workflows').find(({ cells }) => cells['workflow_id'] !== '');
    person.editCell('workflows', made?.rowId ?? '', { steps: 'Talk first' });
    const { left } = await undo();
    expect(left.map(({ table, message }) => `${table} ${message}`)).toEqual([
      'workflows was changed since it was made, and stays',
      'service_blueprints is used by `Website care delivery` in workflows, and stays',
    ]);
  });

  it('is refused a new beginning half way, and finished by the same command', async () => {
    const { doc, apply, undo } = await createMigrateScene(SMALL);
    const before = cellsOf(doc);
    await apply();
    let writes = 0;
    const transport: typeof doc.transport = (request) => {
      if (request.method !== 'GET') writes += 1;
      return writes > 4 ? Promise.reject(new Error('killed')) : doc.transport(request);
    };
    await expect(undo({ transport })).rejects.toThrow('killed');
    await expect(apply()).rejects.toMatchObject({ code: 'MIGRATION_UNDOING' });
    expect(await undo()).toMatchObject({ left: [], remaining: 0 });
    expect(cellsOf(doc)).toEqual(before);
  });

  it('waits for a doc that shows writes and deletions late', async () => {
    const { doc, apply, undo, wait } = await createMigrateScene(SMALL, { profile: 'strict' });
    const before = cellsOf(doc);
    await apply();
    expect(await undo()).toMatchObject({ left: [], remaining: 0 });
    await wait(1_000_000);
    expect(cellsOf(doc)).toEqual(before);
  });
});
