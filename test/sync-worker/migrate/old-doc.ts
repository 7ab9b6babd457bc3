import { FOUNDER_HQ_TABLES } from '#shared/doc/index.ts';
import { addDays, type Day, weekNameOf } from '#shared/kernel/index.ts';
import {
  type ColumnSpec,
  createDocFromTables,
  type LocalDoc,
  type LocalDocOptions,
  type TableSpec,
} from '#worker/local-doc/index.ts';

/** How much work an old doc holds. */
export interface OldDocSize {
  readonly tasks: number;
  readonly templates: number;
}

const FIRST_MONDAY: Day = '2025-09-29';
const SPRINTS = 12;
const SOLD = ['Growth audit', 'Care', 'Website', 'Coaching'];

const text = (name: string): ColumnSpec => ({ name, type: 'text' });
const relation = (name: string, lookupTable: string): ColumnSpec => ({
  name,
  type: 'lookup',
  lookupTable,
});

/** The tables of a doc before its migration, the new ones beside the old. */
export function oldTables(): readonly TableSpec[] {
  const more = new Map<string, readonly ColumnSpec[]>([
    ['tasks', [relation('Sprint', 'sprints')]],
    ['projects', [relation('Template (old)', 'DB Templates')]],
  ]);
  const known = FOUNDER_HQ_TABLES.map((table): TableSpec => {
    return { ...table, columns: [...table.columns, ...(more.get(table.name) ?? [])] };
  });
  return [
    ...known,
    {
      name: 'DB Templates',
      columns: [
        text('Name'),
        text('Type'),
        text('Checklist'),
        text('File'),
        text('Content'),
        text('Status'),
        relation('Workflow', 'workflows'),
      ],
    },
    {
      name: 'resource_templates',
      columns: [
        text('name'),
        text('resource_template_id'),
        { name: 'template_type', type: 'select', options: ['Document', 'Communication', 'Media'] },
        { name: 'status', type: 'select', options: ['Draft', 'Active', 'Deprecated'] },
        text('storage_url'),
        text('notes'),
      ],
    },
  ];
}

/** Templates of every sort, the doubtful ones among them. */
const TEMPLATES: readonly ((at: number) => Readonly<Record<string, string>>)[] = [
  (at) => ({ Name: `Audit steps ${at}`, Type: 'SOP', Checklist: 'Interview (2 h)\nReport (3 h)' }),
  (at) => ({ Name: `Kick-off ${at}`, Checklist: '- Call\n- Minutes', Status: 'Active' }),
  (at) => ({ Name: `Publishing ${at}`, Content: '1. Draft\n2. Review\n3. Publish' }),
  (at) => ({ Name: `Agreement ${at}`, Type: 'Document', File: `https://files.example/${at}.pdf` }),
  (at) => ({ Name: `Welcome e-mail ${at}`, Type: 'Communication', Content: 'Dear client,' }),
  (at) => ({ Name: `Brand logo ${at}`, File: `https://files.example/${at}.svg`, Status: 'old' }),
  (at) => ({ Name: `Offer ${at}`, Type: 'Process', File: `https://files.example/${at}.docx` }),
  (at) => ({ Name: `Something ${at}`, Content: 'Whatever it was.' }),
];

/** Fills a doc as years of use leave one: most tasks in a sprint and without a date, some with both, some with neither. */
function fillOldDoc({ person }: LocalDoc, { tasks, templates }: OldDocSize): void {
  const ids = new Map<string, string>();
  const insert: Insert = (table, name, cells) => {
    const rowId = person.insertRow(table, cells);
    ids.set(`${table} ${name}`, rowId);
    return rowId;
  };
  const idOf: IdOf = (table, name) => ids.get(`${table} ${name}`) ?? '';
  insertPatterns(templates, insert, idOf);
  insertWork(templates, insert, idOf);
  for (let at = 0; at < tasks; at += 1) insertTask(at, insert, idOf);
}

type Insert = (table: string, name: string, cells: Readonly<Record<string, string>>) => string;
type IdOf = (table: string, name: string) => string;

function insertPatterns(templates: number, insert: Insert, idOf: IdOf): void {
  insert('service_blueprints', 'Audit', { name: 'Audit', status: 'Active' });
  insert('service_blueprints', 'Care', { name: 'Care', status: 'Active' });
  for (const [name, blueprint] of [
    ['Marketing audit', 'Audit'],
    ['Client onboarding', ''],
    ['Care', ''],
    ['Unused', ''],
  ] as const)
    insert('workflows', name, { name, service_blueprint: idOf('service_blueprints', blueprint) });
  for (const name of ['Growth audit', 'Care', 'Website', 'Coaching', 'Website care']) {
    const blueprint = name === 'Growth audit' ? idOf('service_blueprints', 'Audit') : '';
    insert('offers', name, { name, service_blueprint: blueprint });
  }
  for (let at = 0; at < templates; at += 1) {
    const cells = TEMPLATES[at % TEMPLATES.length]?.(at) ?? {};
    const workflow = at % 16 === 1 ? idOf('workflows', 'Client onboarding') : '';
    insert('DB Templates', `${at}`, { ...cells, Workflow: workflow });
  }
}

function insertWork(templates: number, insert: Insert, idOf: IdOf): void {
  for (let at = 0; at < 24; at += 1) {
    const engagement = insert('engagements', `${at}`, {
      name: `Client ${at}`,
      offer: at % 7 === 6 ? '' : idOf('offers', SOLD[at % SOLD.length] ?? ''),
    });
    insert('projects', `${at}`, {
      name: `Project ${at}`,
      external_id: at % 3 === 0 ? '' : `P-${at}`,
      engagement,
      'Template (old)': idOf('DB Templates', `${(at * 8) % templates}`),
    });
  }
  for (let at = 0; at < SPRINTS; at += 1) {
    const first = addDays(FIRST_MONDAY, at * 7);
    const name = weekNameOf(first);
    insert('sprints', `${at}`, { name, start_date: first, end_date: addDays(first, 6) });
  }
}

function insertTask(at: number, insert: Insert, idOf: IdOf): void {
  const week = at % SPRINTS;
  const inside = addDays(FIRST_MONDAY, week * 7 + (at % 7));
  const outside = addDays(FIRST_MONDAY, ((week + 3) % SPRINTS) * 7);
  const start = at % 10 === 3 ? inside : at % 50 === 14 ? outside : '';
  insert('tasks', `${at}`, {
    name: `Task ${at % 90}`,
    external_id: at % 5 === 0 ? '' : `T-${at}`,
    project: idOf('projects', `${at % 24}`),
    status: at % 4 === 0 ? 'Done' : 'Not started',
    estimated_hours: `${(at % 6) + 1}`,
    Sprint: at % 11 === 7 ? '' : idOf('sprints', `${week}`),
    scheduled_start_date: start,
    scheduled_end_date: at % 20 === 3 ? addDays(inside, 2) : '',
  });
}

/** A doc before its migration. */
export function createOldDoc(size: OldDocSize, options: Partial<LocalDocOptions> = {}): LocalDoc {
  const doc = createDocFromTables(oldTables(), { seed: 11, ...options });
  fillOldDoc(doc, size);
  return doc;
}

/** Every cell of every table a migration may touch, word for word. */
export const cellsOf = (doc: LocalDoc): readonly string[] =>
  oldTables().flatMap(({ name }) =>
    doc.person.readRows(name).map((row) => `${name} ${JSON.stringify(row)}`),
  );
