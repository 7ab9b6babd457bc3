import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnInfo, TableInfo } from '#shared/coda/index.ts';
import {
  type BindingSettings,
  bindTables,
  columnIdOf,
  FOUNDER_HQ_TABLES,
  toBindingSettings,
} from '#shared/doc/index.ts';
import { PLAIN_COLUMNS, PLAIN_TABLES } from './plain-doc.ts';

const codes = (findings: readonly { code: string; severity: string; column?: string }[]) =>
  findings.map(({ code, severity, column }) => `${severity} ${code} ${column ?? ''}`.trim());

/** The plain doc with some columns of one table changed; a column changed to undefined is gone. */
function withColumns(
  table: string,
  change: (column: ColumnInfo) => ColumnInfo | undefined,
  extra: readonly ColumnInfo[] = [],
) {
  const tableId = `grid-${table}`;
  const kept = (PLAIN_COLUMNS.get(tableId) ?? []).flatMap((column) => change(column) ?? []);
  return new Map([...PLAIN_COLUMNS, [tableId, [...kept, ...extra]]]);
}

const change =
  (name: string, to: Partial<ColumnInfo>) =>
  (column: ColumnInfo): ColumnInfo =>
    column.name === name ? { ...column, ...to } : column;
const without = (name: string) => (column: ColumnInfo) =>
  column.name === name ? undefined : column;
const onlyTasks: BindingSettings = { tables: ['tasks'] };
const bindTasks = (
  columns: ReadonlyMap<string, readonly ColumnInfo[]>,
  settings: BindingSettings = {},
) => bindTables(PLAIN_TABLES, columns, { ...onlyTasks, ...settings });
const rename = (name: string, to: string) => withColumns('tasks', change(name, { name: to }));

const shuffle = <Item>(items: readonly Item[]) =>
  fc.shuffledSubarray([...items], { minLength: items.length });
const tableInfo = (id: string, name: string, isView = false): TableInfo => ({ id, name, isView });
const bindAsTasks = (tables: readonly TableInfo[], settings: BindingSettings = {}) => {
  const columns = new Map(tables.map(({ id }) => [id, PLAIN_COLUMNS.get('grid-tasks') ?? []]));
  const binding = bindTables(tables, columns, { ...onlyTasks, ...settings });
  return [binding.tables.get('tasks')?.tableId, ...codes(binding.findings)];
};

const asColumn = (name: string): ColumnInfo => {
  const found = PLAIN_COLUMNS.get('grid-tasks')?.find((column) => column.name === name);
  if (found === undefined) throw new Error(`no column ${name}`);
  return found;
};

describe('a doc that is as it should be', () => {
  it('is bound whole, without a finding', () => {
    const binding = bindTables(PLAIN_TABLES, PLAIN_COLUMNS);
    expect(binding.findings).toEqual([]);
    for (const table of FOUNDER_HQ_TABLES) {
      for (const { name } of table.columns) {
        expect(columnIdOf(binding, table.name, name)).toBe(`c-${table.name}-${name}`);
      }
    }
  });

  it('is bound alike in whatever order it lists its tables and columns', () => {
    const renamed = rename('estimated_hours', 'Estimate');
    const once = toBindingSettings(bindTables(PLAIN_TABLES, renamed));
    const columns = renamed.get('grid-tasks') ?? [];
    const law = fc.property(shuffle(PLAIN_TABLES), shuffle(columns), (tables, shuffled) => {
      const again = bindTables(tables, new Map([...renamed, ['grid-tasks', shuffled]]));
      expect(toBindingSettings(again)).toEqual(once);
    });
    fc.assert(law, { numRuns: 30 });
  });

  it('is looked at only where it is asked for', () => {
    const binding = bindTables([], new Map(), onlyTasks);
    expect(codes(binding.findings)).toEqual(['error TABLE_MISSING']);
    expect(columnIdOf(binding, 'tasks', 'status')).toBeUndefined();
  });
});

describe('tables', () => {
  it('are found by name before any other word for them', () => {
    expect(bindAsTasks([tableInfo('grid-a', 'Task'), tableInfo('grid-b', 'tasks')])).toEqual([
      'grid-b',
    ]);
    expect(bindAsTasks([tableInfo('grid-a', 'Task'), tableInfo('grid-b', 'TASKS')])).toEqual([
      'grid-b',
    ]);
    expect(bindAsTasks([tableInfo('grid-a', 'Task')])).toEqual(['grid-a', 'info TABLE_RENAMED']);
  });

  it('are found by id before any name', () => {
    const tables = [tableInfo('grid-a', 'tasks'), tableInfo('grid-b', 'To do')];
    const settings = { tableIds: { tasks: 'grid-b' } };
    expect(bindAsTasks(tables, settings)).toEqual(['grid-b', 'warning TABLE_RENAMED']);
    expect(bindAsTasks(tables, { tableIds: { tasks: 'grid-gone' } })).toEqual(['grid-a']);
  });

  it('are found by the id of the doc these patterns come from, as copies keep it', () => {
    expect(
      bindAsTasks([tableInfo('grid-YYWnWyA2ek', 'tasks'), tableInfo('grid-b', 'tasks')]),
    ).toEqual(['grid-YYWnWyA2ek']);
  });

  it('are in doubt where two have the name', () => {
    const found = bindAsTasks([tableInfo('grid-a', 'tasks'), tableInfo('grid-b', 'tasks')]);
    expect(found).toEqual([undefined, 'error TABLE_AMBIGUOUS']);
  });

  it('are never views', () => {
    expect(bindAsTasks([tableInfo('grid-v', 'tasks', true)])).toEqual([
      undefined,
      'error TABLE_IS_VIEW',
    ]);
    const { findings } = bindTables([tableInfo('grid-v', 'Offers', true)], new Map(), {
      tables: ['offers'],
    });
    expect(findings).toMatchObject([
      {
        severity: 'warning',
        message: '`Offers` is a view and no table, so no row can be added to it.',
      },
    ]);
  });

  it('that can be done without are missed quietly', () => {
    const binding = bindTables([], new Map(), { tables: ['offers', 'Ledger'] });
    expect(codes(binding.findings)).toEqual(['info TABLE_MISSING', 'error TABLE_MISSING']);
  });
});

describe('columns', () => {
  it('of a table whose columns were not listed are all missed', () => {
    const binding = bindTables(PLAIN_TABLES, new Map(), { tables: ['ventures'] });
    expect(binding.tables.get('ventures')).toMatchObject({ tableId: 'grid-ventures' });
    expect(codes(binding.findings)).toEqual(['error COLUMN_MISSING name']);
  });

  it('are taken once: what an id or a better name has found is offered to no other', () => {
    const ids = { columnIds: { tasks: { parent: 'c-tasks-status' } } };
    const binding = bindTasks(withColumns('tasks', without('parent')), ids);
    expect(columnIdOf(binding, 'tasks', 'parent')).toBe('c-tasks-status');
    expect(columnIdOf(binding, 'tasks', 'status')).toBeUndefined();

    const extra = { ...asColumn('estimated_hours'), id: 'c-2', name: 'Estimated Hours' };
    const twice = bindTasks(withColumns('tasks', (column) => column, [extra]));
    expect(columnIdOf(twice, 'tasks', 'estimated_hours')).toBe('c-tasks-estimated_hours');
    expect(twice.findings).toEqual([]);
  });

  it('are found whatever their case, spaces and underscores', () => {
    const binding = bindTasks(rename('estimated_hours', 'Estimated Hours'));
    expect(binding.findings).toEqual([]);
    expect(binding.tables.get('tasks')?.columns.get('estimated_hours')?.docName).toBe(
      'Estimated Hours',
    );
  });

  it('are found by another word for them, and say so', () => {
    const binding = bindTasks(rename('estimated_hours', 'Estimate'));
    expect(codes(binding.findings)).toEqual(['info COLUMN_RENAMED estimated_hours']);
  });

  it('are found by id through any rename', () => {
    const before = toBindingSettings(bindTasks(PLAIN_COLUMNS));
    const binding = bindTasks(rename('estimated_hours', 'Guess'), before);
    expect(columnIdOf(binding, 'tasks', 'estimated_hours')).toBe('c-tasks-estimated_hours');
    expect(codes(binding.findings)).toEqual(['warning COLUMN_RENAMED estimated_hours']);
  });

  it('are missing where no word fits, and say what to do', () => {
    const [finding] = bindTasks(rename('status', 'Stage')).findings;
    expect(finding).toEqual({
      code: 'COLUMN_MISSING',
      severity: 'error',
      table: 'tasks',
      column: 'status',
      message: 'Table `tasks` has no column `status`.',
      fix: 'Add a column `status` of type select, or give the renamed one its name back.',
    });
  });

  it('that are optional are not missed', () => {
    const binding = bindTasks(withColumns('tasks', without('external_id')));
    expect(binding.findings).toEqual([]);
    expect(columnIdOf(binding, 'tasks', 'external_id')).toBeUndefined();
  });

  it('are in doubt where two fit alike, and then neither is used', () => {
    const twin = (PLAIN_COLUMNS.get('grid-tasks') ?? []).filter(({ name }) => name === 'status');
    const columns = withColumns('tasks', (column) => column, [
      { ...twin[0], id: 'c-2' } as ColumnInfo,
    ]);
    const binding = bindTasks(columns);
    expect(codes(binding.findings)).toEqual(['error COLUMN_AMBIGUOUS status']);
    expect(columnIdOf(binding, 'tasks', 'status')).toBeUndefined();
    expect(binding.findings[0]?.message).toContain('`status` (c-2)');
  });

  it('give a row its name by showing it, whatever they are called; a key is not taken so', () => {
    expect(codes(bindTasks(rename('name', 'What to do')).findings)).toEqual([
      'info COLUMN_RENAMED name',
    ]);
    const runs = withColumns('execution_runs', change('run_id', { name: 'Label' }));
    const binding = bindTables(PLAIN_TABLES, runs, { tables: ['execution_runs'] });
    expect(codes(binding.findings)).toEqual(['error COLUMN_MISSING run_id']);
  });

  it('of another type are an error where we need them', () => {
    const asText = { format: { type: 'text', isArray: false } };
    const needed = bindTasks(withColumns('tasks', change('estimated_hours', asText)));
    const wished = bindTasks(withColumns('tasks', change('baseline_hours', asText)));
    expect(codes(needed.findings)).toEqual(['error COLUMN_TYPE estimated_hours']);
    expect(codes(wished.findings)).toEqual(['warning COLUMN_TYPE baseline_hours']);
    expect(needed.findings[0]?.message).toContain('is of type text; expected number');
  });

  it('that the doc computes are a finding only where we would write', () => {
    const formula = { isCalculated: true };
    const run = withColumns('execution_runs', change('actual_hours', formula));
    const binding = bindTables(PLAIN_TABLES, run, { tables: ['execution_runs'] });
    expect(codes(binding.findings)).toEqual(['error COLUMN_CALCULATED actual_hours']);
    const hours = binding.tables.get('execution_runs')?.columns.get('actual_hours');
    expect(hours?.isWritable).toBe(false);

    const derived = bindTasks(withColumns('tasks', change('actual_hours', formula)));
    expect(codes(derived.findings)).toEqual(['warning COLUMN_CALCULATED actual_hours']);
    const sprint = withColumns('sprints', change('start_date', formula));
    expect(bindTables(PLAIN_TABLES, sprint, { tables: ['sprints'] }).findings).toEqual([]);
  });

  it('by which rows are found must take writes', () => {
    const columns = withColumns('tasks', change('external_id', { isCalculated: true }));
    expect(codes(bindTasks(columns).findings)).toEqual(['warning COLUMN_CALCULATED external_id']);
  });

  it('that are optional and in doubt are a warning', () => {
    const extra = { ...asColumn('parent'), id: 'c-2' };
    const columns = withColumns('tasks', (column) => column, [extra]);
    expect(codes(bindTasks(columns).findings)).toEqual(['warning COLUMN_AMBIGUOUS parent']);
  });

  it('that name no row stay missing, even where another column does', () => {
    const columns = withColumns('tasks', (column) =>
      column.name === 'status' ? undefined : change('name', { name: 'What' })(column),
    );
    expect(codes(bindTasks(columns).findings)).toEqual([
      'info COLUMN_RENAMED name',
      'error COLUMN_MISSING status',
    ]);
  });

  it('that point to another table are found', () => {
    const format = { type: 'lookup', isArray: false, tableId: 'grid-offers' };
    const columns = withColumns('tasks', change('project', { format }));
    expect(codes(bindTables(PLAIN_TABLES, columns).findings)).toEqual([
      'error COLUMN_TARGET project',
    ]);
    const views = [...PLAIN_TABLES, { id: 'view-1', name: 'My projects', isView: true }];
    const toView = { format: { ...format, tableId: 'view-1' } };
    expect(bindTables(views, withColumns('tasks', change('project', toView))).findings).toEqual([]);
  });
});

const format = (type: string, tableId?: string): Partial<ColumnInfo> => ({
  format: { type, isArray: false, ...(tableId === undefined ? {} : { tableId }) },
});

describe('findings', () => {
  it('say what is wrong and what to do about it', () => {
    const changes: Readonly<Record<string, Partial<ColumnInfo>>> = {
      name: { name: 'Title' },
      status: format('number'),
      project: format('lookup', 'grid-offers'),
      estimated_hours: { name: 'Estimate' },
      actual_hours: { isCalculated: true },
    };
    const columns = withColumns('tasks', (column) => ({ ...column, ...changes[column.name] }), [
      { ...asColumn('parent'), id: 'c-2' },
    ]);
    const tables = PLAIN_TABLES.filter(({ name }) => name !== 'people').map((table) =>
      table.name === 'workflows' ? { ...table, name: 'Ways' } : table,
    );
    const twins = [...tables, { id: 'grid-2', name: 'sprints', isView: false }];
    const ids = { tableIds: { workflows: 'grid-workflows' } };
    const { findings } = bindTables(twins, columns, ids);
    expect(findings.map(({ message, fix }) => `${message} ${fix}`)).toMatchInlineSnapshot(`
      [
        "The doc has no table \`people\`. Make a table named \`people\`, or give that name to the one that holds these rows.",
        "\`workflows\` is called \`Ways\` here; it was found by its id alone. Check that \`Ways\` still holds what \`workflows\` should; if not, give that name to the right one.",
        "Several tables could be \`sprints\`: \`sprints\` (grid-sprints), \`sprints\` (grid-2). Keep the name on the right one and rename the others.",
        "\`name\` is called \`Title\` here; it was found by its other name. Nothing: it is used as it is.",
        "Several columns of \`tasks\` could be \`parent\`: \`parent\` (c-tasks-parent), \`parent\` (c-2). Keep the name on the right one and rename the others.",
        "\`tasks.status\` is of type number; expected select. Change the column's type to select.",
        "\`estimated_hours\` is called \`Estimate\` here; it was found by its other name. Nothing: it is used as it is.",
        "\`tasks.actual_hours\` is computed by a formula, so nothing can be written to it. Clear the formula to have it filled, or rename the column to keep the formula.",
        "\`tasks.project\` points to \`offers\`, not to \`projects\`. Let the relation point to \`projects\`.",
      ]
    `);
  });
});
