import { COMPUTED, OPTIONAL, person, relation, select, type TableSpec, text } from '../column.ts';
import { type FounderHqTable, tableSpec } from '../founder-hq-tables.ts';

/** The tables of the pattern ontology a migration reads or fills. */
export type PatternTable = Extract<
  FounderHqTable,
  | 'service_blueprints'
  | 'workflows'
  | 'process_templates'
  | 'offers'
  | 'engagements'
  | 'projects'
  | 'sprints'
  | 'tasks'
  | 'execution_runs'
>;

/** A table of a doc on its way to the pattern ontology. */
export type MigrationTable = PatternTable | 'resource_templates' | 'db_templates';

const NAME = text('name', { isDisplay: true });
const STATUSES = ['Draft', 'Active', 'Deprecated'];

/** What is one table of templates before, told apart by nothing but its rows. */
const DB_TEMPLATES: TableSpec<MigrationTable> = {
  name: 'db_templates',
  aliases: ['DB Templates', 'DB Template', 'templates'],
  isOptional: true,
  columns: [
    NAME,
    text('type', { ...OPTIONAL, aliases: ['template_type', 'category', 'kind'] }),
    text('checklist', { ...OPTIONAL, aliases: ['sop', 'steps', 'procedure', 'process'] }),
    text('link', {
      ...OPTIONAL,
      aliases: ['storage_url', 'url', 'file', 'document', 'attachment'],
    }),
    text('body', { ...OPTIONAL, aliases: ['content', 'text', 'message', 'copy', 'description'] }),
    text('version', OPTIONAL),
    text('status', OPTIONAL),
    relation('workflow', 'workflows', OPTIONAL),
  ],
};

const RESOURCE_TEMPLATES: TableSpec<MigrationTable> = {
  name: 'resource_templates',
  gridId: 'grid-v4BEeA-eq1',
  aliases: ['resource_template'],
  isOptional: true,
  columns: [
    NAME,
    text('resource_template_id', OPTIONAL),
    text('version', OPTIONAL),
    select('template_type', ['Document', 'Communication', 'Media'], OPTIONAL),
    select('status', STATUSES, OPTIONAL),
    text('storage_url', { ...OPTIONAL, aliases: ['url', 'link'] }),
    person('owner', OPTIONAL),
    text('created_at', COMPUTED),
  ],
};

/** Columns that only a doc before its migration has. */
const OLD_COLUMNS: { readonly [Table in MigrationTable]?: TableSpec['columns'] } = {
  tasks: [relation('sprint', 'sprints', { ...OPTIONAL, aliases: ['sprints'] })],
  projects: [relation('old_template', 'db_templates', { ...OPTIONAL, aliases: ['db_template'] })],
};

const PATTERN_TABLES: readonly PatternTable[] = [
  'service_blueprints',
  'workflows',
  'process_templates',
  'offers',
  'engagements',
  'projects',
  'sprints',
  'tasks',
  'execution_runs',
];

/** Every table a migration looks at, with the columns the doc may have before and after it. */
export const MIGRATION_TABLES: readonly TableSpec<MigrationTable>[] = [
  DB_TEMPLATES,
  RESOURCE_TEMPLATES,
  ...PATTERN_TABLES.map((name) => {
    const spec = tableSpec(name);
    return { ...spec, name, columns: [...spec.columns, ...(OLD_COLUMNS[name] ?? [])] };
  }),
];

/** The tables a migration makes rows in, and the column their rows are found by. */
export const MADE_TABLES = {
  service_blueprints: 'blueprint_id',
  workflows: 'workflow_id',
  process_templates: 'process_template_id',
  resource_templates: 'resource_template_id',
} as const;
/** One of {@link MADE_TABLES}. */
export type MadeTable = keyof typeof MADE_TABLES;
