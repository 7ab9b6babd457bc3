import { describe, expect, it } from 'vitest';
import type { CellValue } from '#shared/coda/index.ts';
import {
  bindTables,
  createRowParser,
  parseLedgerRow,
  READABLE_TABLES,
  readBinding,
  readFounderHq,
  readLedgerRows,
} from '#shared/doc/index.ts';
import { HOUR_MS, toInstant } from '#shared/kernel/index.ts';
import { createPlainApi, PLAIN_COLUMNS, PLAIN_TABLES, plainRow } from './plain-doc.ts';

const text = (words: string): CellValue => ({ kind: 'text', text: words });
const number = (value: number): CellValue => ({ kind: 'number', number: value });
const link = (rowId: string): CellValue => ({ kind: 'link', rowId, name: rowId, tableId: 'grid' });
const to = (rowId: string) => ({ rowId, name: rowId });

const row = (rowId: string) => ({ rowId, name: `row ${rowId}` });

const binding = bindTables(PLAIN_TABLES, PLAIN_COLUMNS);
const docOf = (rows: Parameters<typeof createPlainApi>[0]) => {
  const { api, asked } = createPlainApi(rows);
  return { source: { api, docId: 'doc', binding }, asked };
};

const ROWS = {
  ventures: [plainRow('ventures', 'v1', {})],
  people: [plainRow('people', 'u1', { email: text('dana@example.com'), external_id: text('7') })],
  service_blueprints: [plainRow('service_blueprints', 'b1', { status: text('Deprecated') })],
  workflows: [
    plainRow('workflows', 'w1', { external_id: text('audit'), service_blueprint: link('b1') }),
  ],
  process_templates: [
    plainRow('process_templates', 't1', {
      workflow: link('w1'),
      status: text('Active'),
      checklist: text('Interview (2 h)'),
      required_gates: text('client approval'),
    }),
  ],
  offers: [plainRow('offers', 'o1', { venture: link('v1'), service_blueprint: link('b1') })],
  engagements: [plainRow('engagements', 'e1', { offer: link('o1') })],
  projects: [
    plainRow('projects', 'p1', {
      external_id: text('P-1'),
      engagement: link('e1'),
      process_template: link('t1'),
      billable: { kind: 'checkbox', checked: true },
      required_gates: text('lint'),
    }),
    plainRow('projects', 'p2', {}),
  ],
  sprints: [
    plainRow('sprints', 's1', {
      start_date: text('2025-12-08'),
      end_date: text('2025-12-14'),
      capacity_hrs: number(60),
    }),
  ],
  tasks: [
    plainRow('tasks', 'k1', {
      external_id: number(4711),
      project: link('p1'),
      parent: link('k2'),
      status: text('Done'),
      estimated_hours: number(4),
      baseline_hours: number(3.5),
      scheduled_start_date: text('2025-12-09'),
      completed_on: text('2025-12-10'),
      assignee: link('u1'),
      depends_on: { kind: 'list', items: [link('k2'), link('k1')] },
    }),
    plainRow('tasks', 'k2', { estimated_hours: { kind: 'blank' } }),
  ],
  finance_snapshot: [
    plainRow('finance_snapshot', 'f1', {
      date: text('2025-12-05'),
      runway_weeks: number(9.5),
    }),
  ],
  deliverables: [
    plainRow('deliverables', 'd1', {
      project: link('p1'),
      task: link('k1'),
      link: { kind: 'url', url: 'https://files.example/report' },
    }),
  ],
  execution_runs: [
    plainRow('execution_runs', 'r1', {
      run_id: text('01ABC'),
      run_type: text('Process'),
      task: link('k1'),
      project: link('p1'),
      engagement: link('e1'),
      process_template: link('t1'),
      workflow: link('w1'),
      started_at: text('2025-12-09T09:00:00.000-08:00'),
      ended_at: text('2025-12-09T11:30:00.000-08:00'),
      actual_hours: number(2.17),
      interrupt_minutes: number(20),
      outcome_notes: text('done'),
      executed_by: link('u1'),
      created_at: text('2025-12-09T17:00:00Z'),
    }),
    plainRow('execution_runs', 'r2', {}),
    plainRow('execution_runs', 'r3', {}),
  ],
};

describe('readBinding', () => {
  it('asks for the tables once, and for the columns of those it needs', async () => {
    const { api, asked } = createPlainApi({});
    const found = await readBinding(api, 'doc', { tables: ['tasks', 'Ledger'] });
    expect([...found.tables.keys()]).toEqual(['tasks', 'Ledger']);
    expect(asked).toEqual(['tables of doc', 'columns of grid-tasks', 'columns of grid-Ledger']);
  });

  it('asks for no columns of a table the doc lacks', async () => {
    const { api, asked } = createPlainApi({});
    const few = {
      ...api,
      listTables: async () => [{ id: 'grid-tasks', name: 'tasks', isView: false }],
    };
    const found = await readBinding(few, 'doc');
    expect([...found.tables.keys()]).toEqual(['tasks']);
    expect(asked).toEqual(['columns of grid-tasks']);
  });
});

describe('readFounderHq', () => {
  it('reads every table into typed rows, all pages of it', async () => {
    const { doc, findings } = await readFounderHq(docOf(ROWS).source);
    expect(findings).toEqual([]);
    expect(doc).toEqual({
      docId: 'doc',
      ventures: [row('v1')],
      people: [{ ...row('u1'), email: 'dana@example.com', externalId: '7' }],
      serviceBlueprints: [{ ...row('b1'), isDeprecated: true }],
      workflows: [{ ...row('w1'), externalId: 'audit', serviceBlueprint: to('b1') }],
      processTemplates: [
        {
          ...row('t1'),
          workflow: to('w1'),
          checklist: 'Interview (2 h)',
          requiredGates: 'client approval',
        },
      ],
      offers: [{ ...row('o1'), venture: to('v1'), serviceBlueprint: to('b1') }],
      engagements: [{ ...row('e1'), offer: to('o1') }],
      projects: [
        {
          ...row('p1'),
          externalId: 'P-1',
          engagement: to('e1'),
          processTemplate: to('t1'),
          isBillable: true,
          requiredGates: 'lint',
        },
        { ...row('p2'), isBillable: false },
      ],
      sprints: [
        { ...row('s1'), startDay: '2025-12-08', endDay: '2025-12-14', capacityMs: 60 * HOUR_MS },
      ],
      tasks: [
        {
          ...row('k1'),
          externalId: '4711',
          project: to('p1'),
          parent: to('k2'),
          status: 'Done',
          estimateMs: 4 * HOUR_MS,
          baselineMs: 3.5 * HOUR_MS,
          scheduledStart: '2025-12-09',
          completedOn: '2025-12-10',
          assignee: to('u1'),
          dependsOn: [to('k2'), to('k1')],
        },
        { ...row('k2'), status: '' },
      ],
      executionRuns: [
        {
          ...row('r1'),
          runId: '01ABC',
          runType: 'Process',
          task: to('k1'),
          project: to('p1'),
          engagement: to('e1'),
          processTemplate: to('t1'),
          workflow: to('w1'),
          startedAt: toInstant(Date.UTC(2025, 11, 9, 17)),
          endedAt: toInstant(Date.UTC(2025, 11, 9, 19, 30)),
          netMs: 2.17 * HOUR_MS,
          interruptMs: 20 * 60_000,
          outcomeNotes: 'done',
          executedBy: to('u1'),
          createdAt: toInstant(Date.UTC(2025, 11, 9, 17)),
        },
        row('r2'),
        row('r3'),
      ],
      deliverables: [
        {
          ...row('d1'),
          project: to('p1'),
          task: to('k1'),
          link: 'https://files.example/report',
        },
      ],
      finance: [{ ...row('f1'), date: '2025-12-05', runwayWeeks: 9.5 }],
    });
    expect(Object.keys(doc.tasks[1] ?? {})).toEqual(['rowId', 'name', 'status']);
  });

  it('asks for rich rows of the tables it was asked for, and for no others', async () => {
    const { source, asked } = docOf(ROWS);
    const { doc } = await readFounderHq(source, ['tasks', 'people']);
    expect(asked.sort()).toEqual([
      'rows of grid-people {"limit":200,"valueFormat":"rich"}',
      'rows of grid-tasks {"limit":200,"valueFormat":"rich"}',
    ]);
    expect([doc.tasks.length, doc.people.length, doc.projects.length]).toEqual([2, 1, 0]);
  });

  it('takes a table the doc does not have for empty', async () => {
    const { api } = createPlainApi(ROWS);
    const few = bindTables(PLAIN_TABLES, PLAIN_COLUMNS, { tables: ['tasks'] });
    const { doc } = await readFounderHq({ api, docId: 'doc', binding: few });
    expect([doc.tasks.length, doc.workflows.length]).toEqual([2, 0]);
  });

  it('counts unreadable cells by column, in the order of the tables, and never guesses', async () => {
    const run = plainRow('execution_runs', 'r1', { actual_hours: text('three') });
    const tasks = ['4h', '5h', '6h'].map((words, at) =>
      plainRow('tasks', `k${at}`, { estimated_hours: text(words), project: text('Acme') }),
    );
    const { doc, findings } = await readFounderHq(docOf({ tasks, execution_runs: [run] }).source);
    expect(doc.tasks[0]).toEqual({
      rowId: 'k0',
      name: 'row k0',
      status: '',
      unreadable: ['project', 'estimated_hours'],
    });
    expect(doc.executionRuns[0]?.unreadable).toEqual(['actual_hours']);
    expect(findings[0]).toMatchObject({
      code: 'CELL_UNREADABLE',
      severity: 'warning',
      fix: 'Correct the cells; each should hold a link to one row, or nothing.',
    });
    expect(findings.map(({ table, column, message }) => [table, column, message])).toEqual([
      [
        'tasks',
        'project',
        '3 cells of `tasks.project` cannot be read, the first in `row k0`: expected a link to one row, received `Acme`.',
      ],
      [
        'tasks',
        'estimated_hours',
        '3 cells of `tasks.estimated_hours` cannot be read, the first in `row k0`: expected a number of hours, received `4h`.',
      ],
      [
        'execution_runs',
        'actual_hours',
        '1 cell of `execution_runs.actual_hours` cannot be read, the first in `row r1`: expected a number of hours, received `three`.',
      ],
    ]);
  });
});

describe('names', () => {
  it('are read as they were before they were made safe to publish', () => {
    const escaped = { ...plainRow('workflows', 'w', {}), name: "'=Audit" };
    expect(createRowParser(binding, 'workflows').parse(escaped).name).toBe('=Audit');
    const cells = { workflow: { ...link('w'), name: "'-Audit" } as CellValue };
    const template = createRowParser(binding, 'process_templates').parse(
      plainRow('process_templates', 't', cells),
    );
    expect(template.workflow).toEqual({ rowId: 'w', name: '-Audit' });
  });
});

describe('readLedgerRows', () => {
  it('reads simple values word for word, blank ones as ""', async () => {
    const state = plainRow('Ledger', 'l1', {
      data: text("'=1"),
      seq: number(12),
      kind: text('state'),
    });
    const { source, asked } = docOf({ Ledger: [state] });
    const rows = await readLedgerRows(source);
    expect(asked).toEqual(['rows of grid-Ledger {"limit":200,"valueFormat":"simple"}']);
    const blank = {
      title: '',
      state: '',
      key: '',
      stream: '',
      type: '',
      at: '',
      by: '',
      outcome: '',
    };
    expect(rows).toEqual([{ rowId: 'l1', ...blank, kind: 'state', data: "'=1", seq: '12' }]);
  });

  it('takes every field from its own column', async () => {
    const fields = [
      'title',
      'kind',
      'state',
      'key',
      'stream',
      'type',
      'at',
      'by',
      'data',
      'outcome',
    ];
    const cells = fields.map((field) => [field, text(`the ${field}`)] as const);
    const { source } = docOf({ Ledger: [plainRow('Ledger', 'l1', Object.fromEntries(cells))] });
    const expected = Object.fromEntries(fields.map((field) => [field, `the ${field}`]));
    expect(await readLedgerRows(source)).toEqual([{ rowId: 'l1', ...expected, seq: '' }]);
  });

  it('finds none where the doc has no Ledger table', async () => {
    const { api, asked } = createPlainApi({});
    const none = bindTables([], new Map());
    expect(await readLedgerRows({ api, docId: 'doc', binding: none })).toEqual([]);
    expect(asked).toEqual([]);
  });
});

describe('parsers', () => {
  it('stop on a table that is not bound', () => {
    const none = bindTables([], new Map());
    expect(() => createRowParser(none, 'tasks')).toThrow('`tasks` is not bound');
    expect(() => parseLedgerRow(none, plainRow('Ledger', 'l1', {}))).toThrow('is not bound');
  });

  it('read nothing from a column the doc lacks', () => {
    const few = new Map([...PLAIN_COLUMNS, ['grid-tasks', []], ['grid-Ledger', []]]);
    const bare = bindTables(PLAIN_TABLES, few);
    const cells = { status: text('Done'), estimated_hours: number(4), key: text('k') };
    const task = createRowParser(bare, 'tasks').parse(plainRow('tasks', 'k1', cells));
    expect(task).toEqual({ ...row('k1'), status: '' });
    expect(parseLedgerRow(bare, plainRow('Ledger', 'l1', cells))).toMatchObject({ key: '' });
  });

  it('read only columns their table has', () => {
    for (const table of READABLE_TABLES) {
      expect(createRowParser(binding, table).parse(plainRow(table, 'x', {}))).toMatchObject({
        rowId: 'x',
      });
    }
  });
});
