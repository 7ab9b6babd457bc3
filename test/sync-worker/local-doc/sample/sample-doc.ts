import { type FounderHqDoc, type RowLink, toVarianceInput } from '#shared/doc/index.ts';
import { hoursToMs, type Instant, MINUTE_MS } from '#shared/kernel/index.ts';
import { type GroupVariance, varianceByGroup } from '#shared/variance/index.ts';
import type { SampleRow, SampleTable } from '#worker/local-doc/sample/index.ts';

/** All rows of a table of the sample. */
export const rowsOf = (sample: readonly SampleTable[], table: string): readonly SampleRow[] =>
  sample.filter((part) => part.table === table).flatMap((part) => part.rows);

const link = <Key extends string>(key: Key, cell: SampleRow[string] | undefined) =>
  (cell === undefined ? {} : { [key]: { rowId: `${cell}`, name: `${cell}` } }) as {
    [K in Key]?: RowLink;
  };
const hours = <Key extends string>(key: Key, cell: SampleRow[string] | undefined) =>
  (cell === undefined ? {} : { [key]: hoursToMs(Number(cell)) }) as { [K in Key]?: number };
const text = <Key extends string>(key: Key, cell: SampleRow[string] | undefined) =>
  (cell === undefined ? {} : { [key]: cell }) as { [K in Key]?: Instant };
const named = (row: SampleRow) => ({ rowId: `${row['name']}`, name: `${row['name']}` });

/** The sample as if it had been read from a doc: a row's id is its display name. */
export function toDoc(sample: readonly SampleTable[]): FounderHqDoc {
  return {
    docId: 'sample',
    serviceBlueprints: rowsOf(sample, 'service_blueprints').map(named),
    ventures: rowsOf(sample, 'ventures').map(named),
    people: rowsOf(sample, 'people').map(named),
    sprints: [],
    offers: rowsOf(sample, 'offers').map((row) => ({
      ...named(row),
      ...link('venture', row['venture']),
      ...link('serviceBlueprint', row['service_blueprint']),
    })),
    engagements: rowsOf(sample, 'engagements').map((row) => ({
      ...named(row),
      ...link('offer', row['offer']),
    })),
    workflows: rowsOf(sample, 'workflows').map((row) => ({
      ...named(row),
      ...link('serviceBlueprint', row['service_blueprint']),
    })),
    processTemplates: rowsOf(sample, 'process_templates').map((row) => ({
      ...named(row),
      ...link('workflow', row['workflow']),
    })),
    projects: rowsOf(sample, 'projects').map((row) => ({
      ...named(row),
      isBillable: row['billable'] === true,
      ...link('engagement', row['engagement']),
      ...link('processTemplate', row['process_template']),
    })),
    tasks: rowsOf(sample, 'tasks').map((row) => ({
      ...named(row),
      status: `${row['status']}`,
      ...link('project', row['project']),
      ...link('parent', row['parent']),
      ...hours('estimateMs', row['estimated_hours']),
      ...text('completedOn', row['completed_on']),
    })),
    executionRuns: rowsOf(sample, 'execution_runs').map((row) => ({
      rowId: `${row['run_id']}`,
      name: `${row['run_id']}`,
      runId: `${row['run_id']}`,
      ...link('task', row['task']),
      ...link('workflow', row['workflow']),
      ...link('processTemplate', row['process_template']),
      ...text('startedAt', row['started_at']),
      ...text('endedAt', row['ended_at']),
      ...hours('netMs', row['actual_hours']),
      interruptMs: Number(row['interrupt_minutes'] ?? 0) * MINUTE_MS,
    })),
  };
}

/** The variance of every workflow of a sample. */
export function varianceOfSample(sample: readonly SampleTable[]): readonly GroupVariance[] {
  const { tasks, sessions } = toVarianceInput(toDoc(sample));
  return varianceByGroup(tasks, sessions);
}
