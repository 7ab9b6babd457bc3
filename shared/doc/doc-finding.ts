/** What can be wrong between a doc and the tables the core knows. */
export type FindingCode =
  | 'TABLE_MISSING'
  /** Only a view has the table's name. */
  | 'TABLE_IS_VIEW'
  | 'TABLE_AMBIGUOUS'
  | 'TABLE_RENAMED'
  | 'COLUMN_MISSING'
  | 'COLUMN_AMBIGUOUS'
  | 'COLUMN_RENAMED'
  /** The column's format holds something else. */
  | 'COLUMN_TYPE'
  /** The relation points to another table. */
  | 'COLUMN_TARGET'
  /** The doc computes what the core would write. */
  | 'COLUMN_CALCULATED'
  | 'CELL_UNREADABLE'
  /** Somebody typed over a cell that the ledger fills. */
  | 'CELL_CONFLICT'
  /** The doc refuses a row as it should be, or does not keep it. */
  | 'ROW_REFUSED'
  | 'ROW_TOO_LARGE'
  | 'ROW_NOT_KEPT'
  | 'LINK_DANGLING'
  | 'LINEAGE_CONFLICT'
  | 'RUN_DOUBLED'
  /** A run whose hours are in no number. */
  | 'RUN_SUSPECT'
  | 'RUN_INVALID'
  | 'TASK_UNKNOWN'
  /** The first estimate came after work had begun. */
  | 'ESTIMATE_LATE'
  /** Work has begun and nobody froze the estimate. */
  | 'ESTIMATE_UNFROZEN'
  /** Something a person should look at; every run it names is in the numbers. */
  | 'RUNS_OVERLAP'
  | 'RUN_POSSIBLE_DUPLICATE';

/**
 * One thing a founder may want to mend. `error`: what rests on it cannot be trusted or done. `warning`: a number or a
 * column is affected. `info`: it works, and is worth knowing.
 */
export interface DocFinding {
  readonly code: FindingCode;
  readonly severity: 'error' | 'warning' | 'info';
  /** The core's name of the table. */
  readonly table: string;
  /** The core's name of the column. */
  readonly column?: string;
  /** What was expected and what was found. */
  readonly message: string;
  /** What to do about it. */
  readonly fix: string;
}
