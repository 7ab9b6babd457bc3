/** How the documents of one contract are kept. */
export interface RecordTable {
  /** The contract every document in it passes, without its version. */
  readonly contract: string;
  /** The document's fields that name it, joined by a slash. */
  readonly id: readonly string[];
  /** The document's fields that name a document of another table. */
  readonly references: Readonly<Record<string, RecordTableName>>;
  /** Whether a document, once written, is never changed again. */
  readonly isAppendOnly?: true;
  /** Whether a lifecycle moves it, so that its documents can be told apart by `state`. */
  readonly hasState?: true;
}

/** A table of contract documents. */
export type RecordTableName =
  | 'run_configs'
  | 'runs'
  | 'phases'
  | 'workstreams'
  | 'tasks'
  | 'step_attempts'
  | 'workers'
  | 'patch_ledger'
  | 'test_gates'
  | 'breakers'
  | 'gates'
  | 'waivers'
  | 'costs'
  | 'price_books'
  | 'budgets'
  | 'reservations'
  | 'dependencies'
  | 'routing_decisions'
  | 'schedule_entries'
  | 'progress_snapshots'
  | 'documents'
  | 'validations'
  | 'errors'
  | 'tool_results'
  | 'alerts'
  | 'subscribers'
  | 'dead_letters';

const APPEND_ONLY = { isAppendOnly: true } as const;
const STATED = { hasState: true } as const;
const OF_RUN = { runId: 'runs' } as const;
const OF_TASK = { ...OF_RUN, taskId: 'tasks' } as const;

/**
 * Every table of contract documents. A migration writes the same out in SQL, and a test holds the two together.
 * A table stands after those its documents name, so that what is written in this order never names what is yet to come.
 * A phase is named by its run and its own id, since a plan is run more than once.
 */
export const RECORD_TABLES: Readonly<Record<RecordTableName, RecordTable>> = {
  run_configs: { contract: 'run_config', id: ['runConfigId'], references: {}, ...APPEND_ONLY },
  gates: { contract: 'gate', id: ['gateId'], references: {} },
  waivers: { contract: 'waiver', id: ['waiverId'], references: {} },
  price_books: { contract: 'price_book', id: ['priceBookVersion'], references: {}, ...APPEND_ONLY },
  budgets: { contract: 'budget', id: ['budgetId'], references: {} },
  documents: { contract: 'doc_metadata', id: ['docId'], references: {} },
  validations: {
    contract: 'validation_record',
    id: ['validationId'],
    references: {},
    ...APPEND_ONLY,
  },
  alerts: { contract: 'alert', id: ['alertId'], references: {} },
  breakers: { contract: 'breaker', id: ['toolId'], references: {}, ...STATED },
  subscribers: { contract: 'subscriber', id: ['subscriberId'], references: {} },
  dead_letters: {
    contract: 'dead_letter',
    id: ['deadLetterId'],
    references: { subscriberId: 'subscribers' },
    ...STATED,
  },
  runs: {
    contract: 'run_state',
    id: ['runId'],
    references: { runConfigId: 'run_configs', retryOf: 'runs' },
    ...STATED,
  },
  phases: { contract: 'phase_state', id: ['runId', 'phaseId'], references: OF_RUN, ...STATED },
  workstreams: {
    contract: 'workstream_state',
    id: ['workstreamId'],
    references: OF_RUN,
    ...STATED,
  },
  tasks: {
    contract: 'task',
    id: ['taskId'],
    references: { ...OF_RUN, workstreamId: 'workstreams', fixes: 'tasks', resetOf: 'tasks' },
    ...STATED,
  },
  dependencies: { contract: 'ws_dependency', id: ['dependencyId'], references: OF_RUN },
  workers: { contract: 'worker', id: ['workerId'], references: { heldTaskId: 'tasks' }, ...STATED },
  routing_decisions: {
    contract: 'routing_decision',
    id: ['decisionId'],
    references: OF_TASK,
    ...APPEND_ONLY,
  },
  schedule_entries: {
    contract: 'schedule_entry',
    id: ['entryId'],
    references: OF_TASK,
    ...APPEND_ONLY,
  },
  progress_snapshots: {
    contract: 'progress_snapshot',
    id: ['snapshotId'],
    references: OF_RUN,
    ...APPEND_ONLY,
  },
  reservations: { contract: 'reservation', id: ['reservationId'], references: OF_TASK, ...STATED },
  step_attempts: {
    contract: 'ws_step',
    id: ['stepAttemptId'],
    references: { ...OF_TASK, workstreamId: 'workstreams', decisionId: 'routing_decisions' },
    ...STATED,
  },
  tool_results: {
    contract: 'tool_result',
    id: ['toolResultId'],
    references: { stepAttemptId: 'step_attempts' },
    ...APPEND_ONLY,
  },
  patch_ledger: { contract: 'patch_ledger_entry', id: ['patchId'], references: OF_TASK, ...STATED },
  test_gates: {
    contract: 'test_execution_record',
    id: ['checkRunId'],
    references: { ...OF_TASK, gateId: 'gates', patchId: 'patch_ledger', supersedes: 'test_gates' },
    ...STATED,
  },
  costs: {
    contract: 'cost_entry',
    id: ['entryId'],
    references: { ...OF_TASK, reverses: 'costs', reservationId: 'reservations' },
    ...APPEND_ONLY,
  },
  errors: { contract: 'error_capture', id: ['errorId'], references: OF_TASK },
};

/** The tables in an order in which whatever a document names has been written before it. */
export const RECORD_TABLE_ORDER: readonly string[] = Object.keys(RECORD_TABLES);

/** Whether a text names a table of contract documents. */
export const isRecordTable = (name: string): name is RecordTableName =>
  Object.hasOwn(RECORD_TABLES, name);
