import type { TableSpec } from './column.ts';
import { LEDGER_TABLE } from './ledger-table.ts';
import { PATTERN_TABLES } from './pattern-tables.ts';
import { WORK_TABLES } from './work-tables.ts';

/** The name of a table of {@link FOUNDER_HQ_TABLES}. */
export type FounderHqTable =
  | 'ventures'
  | 'people'
  | 'service_blueprints'
  | 'workflows'
  | 'process_templates'
  | 'offers'
  | 'engagements'
  | 'projects'
  | 'sprints'
  | 'tasks'
  | 'deliverables'
  | 'finance_snapshot'
  | 'execution_runs'
  | 'Ledger';

/**
 * Every table the core reads or writes. A table stands after those its relations point to, so rows loaded
 * in this order find their targets; `tasks.parent` alone points into its own table.
 */
export const FOUNDER_HQ_TABLES: readonly TableSpec<FounderHqTable>[] = [
  ...PATTERN_TABLES,
  ...WORK_TABLES,
  LEDGER_TABLE,
];

/** The spec of a table. */
export function tableSpec(name: FounderHqTable): TableSpec<FounderHqTable> {
  const spec = FOUNDER_HQ_TABLES.find((candidate) => candidate.name === name);
  if (spec === undefined) throw new Error(`Bug: no table \`${name}\``);
  return spec;
}
