import { describe, expect, it } from 'vitest';
import type { ColumnInfo, TableInfo } from '#shared/coda/index.ts';
import { bindMigration, findNeeds, type MigrationChange } from '#shared/doc/index.ts';
import { writeDoc } from './written-doc.ts';

const table = (id: string, name = id, isView = false): TableInfo => ({ id, name, isView });
const column = (name: string, more: Partial<ColumnInfo> & { to?: string } = {}): ColumnInfo => {
  const { to, ...rest } = more;
  const format =
    to === undefined
      ? { type: 'text', isArray: false }
      : { type: 'lookup', isArray: false, tableId: to };
  return { id: `c-${name}`, name, isDisplay: false, isCalculated: false, format, ...rest };
};
const bind = (
  tables: readonly TableInfo[],
  columns: Readonly<Record<string, readonly ColumnInfo[]>>,
) => bindMigration(tables, new Map(Object.entries(columns)));
const columnsOf = (
  binding: ReturnType<typeof bind>,
  name: Parameters<typeof binding.places.get>[0],
) =>
  [...(binding.places.get(name)?.columns ?? [])].map(
    ([core, { columnId }]) => `${core}=${columnId}`,
  );

describe('the tables of a migration', () => {
  it('are found by their words, views aside, and columns by what they are called there', () => {
    const binding = bind(
      [table('old', 'DB Templates'), table('v', 'Tasks', true), table('t', 'Tasks')],
      {
        old: [
          column('Title', { isDisplay: true }),
          column('SOP'),
          column('URL'),
          column('Category'),
        ],
        t: [column('Name'), column('Sprint', { to: 's' })],
      },
    );
    expect(columnsOf(binding, 'db_templates')).toEqual([
      'name=c-Title',
      'type=c-Category',
      'checklist=c-SOP',
      'link=c-URL',
    ]);
    expect(binding.places.get('tasks')).toMatchObject({ tableId: 't', docName: 'Tasks' });
    expect(columnsOf(binding, 'tasks')).toContain('sprint=c-Sprint');
    expect(binding.doubts).toEqual([]);
  });

  it('tell the old relation of projects by where it leads, whatever it is called', () => {
    const tables = [table('old', 'DB Templates'), table('p', 'projects')];
    const old = bind(tables, { p: [column('template', { to: 'old' })] });
    expect(columnsOf(old, 'projects')).toEqual(['old_template=c-template']);
    const both = bind(tables, {
      p: [column('process_template', { to: 'new' }), column('x', { to: 'old' })],
    });
    expect(columnsOf(both, 'projects')).toEqual([
      'process_template=c-process_template',
      'old_template=c-x',
    ]);
    expect(
      columnsOf(
        bind([table('p', 'projects')], { p: [column('template', { to: 'new' })] }),
        'projects',
      ),
    ).toEqual(['process_template=c-template']);
  });

  it('that could be several, and such columns, are in doubt', () => {
    const twice = bind(
      [table('a', 'DB Templates'), table('b', 'db_templates'), table('t', 'tasks')],
      {
        t: [column('sprint'), column('SPRINT', { id: 'other' }), column('Sprint', { id: 'third' })],
      },
    );
    const codes = twice.doubts.map(({ code }) => code);
    expect(codes).not.toContain('TABLE_AMBIGUOUS');
    const doubtful = bind([table('a', 'DB Templates'), table('b', 'DB templates')], {});
    expect(doubtful.doubts).toMatchObject([{ code: 'TABLE_AMBIGUOUS' }]);
    const columns = bind([table('t', 'tasks')], {
      t: [column('Sprint'), column('SPRINT', { id: 'other' })],
    });
    expect(columns.doubts).toMatchObject([{ code: 'COLUMN_AMBIGUOUS', column: 'sprint' }]);
  });
});

describe('what a doc lacks for its migration', () => {
  const ROW: MigrationChange = {
    kind: 'row',
    table: 'resource_templates',
    key: 'migrated:a',
    name: 'Logo',
    cells: new Map(),
    rule: 'template_is_resource',
    because: '',
  };

  it('is a table, a column or a column without a formula, each with what to do', () => {
    const binding = bind([table('t', 'Tasks'), table('o', 'Offers'), table('w', 'workflows')], {
      o: [column('service_blueprint', { isCalculated: true })],
      t: [column('sprint')],
      w: [column('name')],
    });
    const doc = writeDoc({ tasks: {}, offers: { o: {} }, projects: {}, db_templates: { a: {} } });
    expect(findNeeds(binding, doc, [ROW])).toEqual([
      expect.stringMatching(
        /^Make a table named `process_templates` with the columns name \(text\), /,
      ),
      'Add a column `scheduled_start_date` (date) to `Tasks`.',
      expect.stringMatching(/^Make a table named `projects` /),
      'Clear the formula of `Offers.service_blueprint`, which is to be filled.',
      'Add a column `service_blueprint` (relation to `service_blueprints`) to `workflows`.',
      expect.stringMatching(/^Make a table named `resource_templates` .* storage_url \(text\)/),
    ]);
  });

  it('is nothing where nothing of the old is there', () => {
    const doc = writeDoc({ tasks: {}, offers: {}, projects: {} }, ['sprint', 'old_template']);
    expect(findNeeds(bind([], {}), doc, [])).toEqual([]);
  });

  it('is also to be told which of several is meant', () => {
    const binding = bind([table('a', 'DB Templates'), table('b', 'DB templates')], {});
    expect(findNeeds(binding, writeDoc({}), [])).toEqual([
      expect.stringContaining('Several tables could be `db_templates`'),
    ]);
  });
});
