import type { ApiRow } from '#shared/coda/index.ts';
import { assert } from '#shared/kernel/index.ts';
import type { Binding } from './bound-table.ts';
import { type CellFault, unescapeText } from './cell-decoder.ts';
import { CellReader } from './cell-reader.ts';
import type { DocFinding } from './doc-finding.ts';
import { FOUNDER_HQ_TABLES } from './founder-hq-tables.ts';
import type * as model from './model.ts';

/** The typed row of each table that is read with rich values. */
export interface RowByTable {
  readonly ventures: model.PatternRow;
  readonly people: model.PersonRow;
  readonly service_blueprints: model.PatternRow;
  readonly workflows: model.WorkflowRow;
  readonly process_templates: model.ProcessTemplateRow;
  readonly offers: model.OfferRow;
  readonly engagements: model.EngagementRow;
  readonly projects: model.ProjectRow;
  readonly sprints: model.SprintRow;
  readonly tasks: model.TaskRow;
  readonly deliverables: model.DeliverableRow;
  readonly finance_snapshot: model.FinanceRow;
  readonly execution_runs: model.ExecutionRunRow;
}

/** The name of a table that is read with rich values. */
export type ReadableTable = keyof RowByTable;

/** Reads the rows of one table as they arrive, page by page, and remembers what could not be read. */
export interface RowParser<Row> {
  /** The typed row. A cell that cannot be read is absent from it, and its column is listed in `unreadable`. */
  readonly parse: (row: ApiRow) => Row;
  /** One finding for each column with unreadable cells so far, however many there are. */
  readonly findings: () => readonly DocFinding[];
}

/** The tables that are read with rich values, each after those its relations point to. */
export const READABLE_TABLES: readonly ReadableTable[] = FOUNDER_HQ_TABLES.flatMap(({ name }) =>
  name === 'Ledger' ? [] : [name],
);

const ROWS: {
  readonly [Table in ReadableTable]: (cells: CellReader, row: model.DocRow) => RowByTable[Table];
} = {
  ventures: (_cells, row) => row,
  people: (cells, row) => ({
    ...row,
    ...present({
      externalId: cells.read('text', 'external_id'),
      email: cells.read('text', 'email'),
      costRate: cells.read('money', 'cost_rate'),
      billableRate: cells.read('money', 'billable_rate'),
    }),
  }),
  service_blueprints: (cells, row) => ({ ...row, ...readDeprecation(cells) }),
  workflows: (cells, row) => ({
    ...row,
    ...readDeprecation(cells),
    ...present({
      externalId: cells.read('text', 'external_id'),
      serviceBlueprint: cells.read('link', 'service_blueprint'),
    }),
  }),
  process_templates: (cells, row) => ({
    ...row,
    ...readDeprecation(cells),
    ...present({
      workflow: cells.read('link', 'workflow'),
      templateType: cells.read('text', 'template_type'),
      checklist: cells.read('text', 'checklist'),
      requiredGates: cells.read('text', 'required_gates'),
    }),
  }),
  offers: (cells, row) => ({
    ...row,
    ...present({
      venture: cells.read('link', 'venture'),
      serviceBlueprint: cells.read('link', 'service_blueprint'),
    }),
  }),
  engagements: (cells, row) => ({
    ...row,
    ...present({
      externalId: cells.read('text', 'external_id'),
      offer: cells.read('link', 'offer'),
      budget: cells.read('money', 'budget'),
    }),
  }),
  projects: (cells, row) => ({
    ...row,
    isBillable: cells.read('checkbox', 'billable') ?? false,
    ...present({
      externalId: cells.read('text', 'external_id'),
      engagement: cells.read('link', 'engagement'),
      processTemplate: cells.read('link', 'process_template'),
      requiredGates: cells.read('text', 'required_gates'),
      budget: cells.read('money', 'budget'),
    }),
  }),
  sprints: (cells, row) => ({
    ...row,
    ...present({
      startDay: cells.read('day', 'start_date'),
      endDay: cells.read('day', 'end_date'),
      capacityMs: cells.read('hours', 'capacity_hrs'),
      billableTarget: cells.read('fraction', 'billable_pct'),
    }),
  }),
  tasks: (cells, row) => ({
    ...row,
    status: cells.read('text', 'status') ?? '',
    ...present({
      externalId: cells.read('text', 'external_id'),
      project: cells.read('link', 'project'),
      parent: cells.read('link', 'parent'),
      estimateMs: cells.read('hours', 'estimated_hours'),
      baselineMs: cells.read('hours', 'baseline_hours'),
      scheduledStart: cells.read('day', 'scheduled_start_date'),
      scheduledEnd: cells.read('day', 'scheduled_end_date'),
      completedOn: cells.read('day', 'completed_on'),
      assignee: cells.read('link', 'assignee'),
      dependsOn: cells.read('links', 'depends_on'),
      createdAt: cells.rowCreatedAt,
    }),
  }),
  deliverables: (cells, row) => ({
    ...row,
    ...present({
      project: cells.read('link', 'project'),
      task: cells.read('link', 'task'),
      link: cells.read('text', 'link'),
    }),
  }),
  finance_snapshot: (cells, row) => ({
    ...row,
    ...present({
      date: cells.read('day', 'date'),
      runwayWeeks: cells.read('number', 'runway_weeks'),
    }),
  }),
  execution_runs: (cells, row) => ({
    ...row,
    ...present({
      runId: cells.read('text', 'run_id'),
      runType: cells.read('text', 'run_type'),
      task: cells.read('link', 'task'),
      project: cells.read('link', 'project'),
      engagement: cells.read('link', 'engagement'),
      processTemplate: cells.read('link', 'process_template'),
      workflow: cells.read('link', 'workflow'),
      startedAt: cells.read('instant', 'started_at'),
      endedAt: cells.read('instant', 'ended_at'),
      netMs: cells.read('hours', 'actual_hours'),
      interruptMs: cells.read('minutes', 'interrupt_minutes'),
      outcomeNotes: cells.read('text', 'outcome_notes'),
      executedBy: cells.read('link', 'executed_by'),
      createdAt: cells.read('instant', 'created_at'),
    }),
  }),
};

/** A parser for the rows of one bound table. Errors: a table that is not bound is a bug and throws. */
export function createRowParser<Table extends ReadableTable>(
  binding: Binding,
  table: Table,
): RowParser<RowByTable[Table]> {
  const bound = binding.tables.get(table);
  if (bound === undefined) throw new Error(`Bug: table \`${table}\` is not bound`);
  const tally = new Map<string, { cells: number; first: CellFault; rowName: string }>();
  const parse = (row: ApiRow): RowByTable[Table] => {
    const cells = new CellReader(bound, row);
    const parsed = ROWS[table](cells, { rowId: row.id, name: unescapeText(row.name) });
    for (const [column, first] of cells.faults) {
      const seen = tally.get(column) ?? { cells: 0, first, rowName: row.name };
      tally.set(column, { ...seen, cells: seen.cells + 1 });
    }
    return withFlaws(parsed, [...cells.faults.keys()]);
  };
  const findings = (): readonly DocFinding[] =>
    [...tally].map(([column, { cells, first, rowName }]) => ({
      code: 'CELL_UNREADABLE',
      severity: 'warning',
      table,
      column,
      message: `${cells} ${cells === 1 ? 'cell' : 'cells'} of \`${table}.${column}\` cannot be read, the first in \`${rowName}\`: expected ${first.expected}, received \`${first.received}\`.`,
      fix: `Correct the cells; each should hold ${first.expected}, or nothing.`,
    }));
  return { parse, findings };
}

/** One row of the Ledger table, word for word: its texts are machine-made and must come back as they were sent. */
export function parseLedgerRow(binding: Binding, row: ApiRow): model.LedgerTableRow {
  const bound = binding.tables.get('Ledger');
  assert(bound !== undefined, 'table `Ledger` is not bound');
  const cells = new CellReader(bound, row);
  return {
    rowId: row.id,
    title: cells.verbatim('title'),
    kind: cells.verbatim('kind'),
    state: cells.verbatim('state'),
    key: cells.verbatim('key'),
    stream: cells.verbatim('stream'),
    type: cells.verbatim('type'),
    at: cells.verbatim('at'),
    by: cells.verbatim('by'),
    data: cells.verbatim('data'),
    outcome: cells.verbatim('outcome'),
    seq: cells.verbatim('seq'),
  };
}

type Present<Row> = {
  readonly [Field in keyof Row]?: Exclude<Row[Field], undefined>;
};

/** The fields that have a value; an absent one is left out, never `undefined`. */
function present<Row extends object>(row: Row): Present<Row> {
  const kept = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
  assert(isPartOf(kept, row), 'a field was made up');
  return kept;
}

const isPartOf = <Row extends object>(part: object, row: Row): part is Present<Row> =>
  Object.keys(part).every((field) => field in row);

const withFlaws = <Row extends model.DocRow>(row: Row, unreadable: readonly string[]): Row =>
  unreadable.length === 0 ? row : { ...row, unreadable };

function readDeprecation(cells: CellReader): Pick<model.PatternRow, 'isDeprecated'> {
  const status = cells.read('text', 'status')?.toLowerCase();
  return status === 'deprecated' ? { isDeprecated: true } : {};
}
