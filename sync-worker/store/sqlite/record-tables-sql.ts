/**
 * The tables of contract documents, as of step 2. Their columns are generated from the document, so that none can
 * tell another story. A test holds them to `RECORD_TABLES` and to the lists of states.
 */
export const RECORD_TABLES_SQL = `
CREATE TABLE run_configs (
  id TEXT NOT NULL PRIMARY KEY CHECK (id IS (body ->> '$.runConfigId')),
  body TEXT NOT NULL
) STRICT;
CREATE TABLE runs (
  id TEXT NOT NULL PRIMARY KEY CHECK (id IS (body ->> '$.runId')),
  run_config_id TEXT GENERATED ALWAYS AS (body ->> '$.runConfigId') VIRTUAL
    REFERENCES run_configs DEFERRABLE INITIALLY DEFERRED,
  retry_of TEXT GENERATED ALWAYS AS (body ->> '$.retryOf') VIRTUAL
    REFERENCES runs DEFERRABLE INITIALLY DEFERRED,
  state TEXT NOT NULL GENERATED ALWAYS AS (body ->> '$.state') VIRTUAL
    CONSTRAINT state_is_known CHECK (state IN ('pending', 'queued', 'running', 'paused', 'validating',
      'succeeded', 'failed', 'quarantined', 'canceled')),
  body TEXT NOT NULL,
  CONSTRAINT ended_iff_closed
    CHECK ((body ->> '$.endedAt' IS NOT NULL) = (state IN ('succeeded', 'failed', 'quarantined',
      'canceled'))),
  CONSTRAINT started_before_it_ran_on
    CHECK (body ->> '$.startedAt' IS NOT NULL OR state NOT IN ('running', 'paused', 'validating',
      'succeeded')),
  CONSTRAINT not_started_before_it_ran
    CHECK (body ->> '$.startedAt' IS NULL OR state NOT IN ('pending', 'queued'))
) STRICT;
CREATE TABLE phases (
  id TEXT NOT NULL PRIMARY KEY CHECK (id IS (body ->> '$.runId') || '/' || (body ->> '$.phaseId')),
  run_id TEXT GENERATED ALWAYS AS (body ->> '$.runId') VIRTUAL
    REFERENCES runs DEFERRABLE INITIALLY DEFERRED,
  order_in_run INTEGER GENERATED ALWAYS AS (body ->> '$.order') VIRTUAL,
  state TEXT NOT NULL GENERATED ALWAYS AS (body ->> '$.state') VIRTUAL
    CONSTRAINT state_is_known CHECK (state IN ('pending', 'active', 'gated', 'completed', 'failed',
      'skipped')),
  body TEXT NOT NULL,
  CONSTRAINT ended_iff_closed
    CHECK ((body ->> '$.endedAt' IS NOT NULL) = (state IN ('completed', 'failed', 'skipped'))),
  CONSTRAINT started_before_it_ran_on
    CHECK (body ->> '$.startedAt' IS NOT NULL OR state NOT IN ('active', 'gated', 'completed', 'failed')),
  CONSTRAINT not_started_before_it_ran
    CHECK (body ->> '$.startedAt' IS NULL OR state NOT IN ('pending', 'skipped')),
  UNIQUE (run_id, order_in_run)
) STRICT;
CREATE TABLE workstreams (
  id TEXT NOT NULL PRIMARY KEY CHECK (id IS (body ->> '$.workstreamId')),
  run_id TEXT GENERATED ALWAYS AS (body ->> '$.runId') VIRTUAL
    REFERENCES runs DEFERRABLE INITIALLY DEFERRED,
  state TEXT NOT NULL GENERATED ALWAYS AS (body ->> '$.state') VIRTUAL
    CONSTRAINT state_is_known CHECK (state IN ('planned', 'ready', 'blocked', 'executing', 'validating',
      'completed', 'failed', 'canceled', 'skipped')),
  body TEXT NOT NULL,
  CONSTRAINT ended_iff_closed
    CHECK ((body ->> '$.endedAt' IS NOT NULL) = (state IN ('completed', 'failed', 'canceled', 'skipped'))),
  CONSTRAINT started_before_it_ran_on
    CHECK (body ->> '$.startedAt' IS NOT NULL OR state NOT IN ('executing', 'validating', 'completed',
      'failed')),
  CONSTRAINT not_started_before_it_ran
    CHECK (body ->> '$.startedAt' IS NULL OR state NOT IN ('planned', 'ready', 'blocked', 'skipped'))
) STRICT;
CREATE INDEX workstreams_of_run ON workstreams (run_id);
CREATE TABLE tasks (
  id TEXT NOT NULL PRIMARY KEY CHECK (id IS (body ->> '$.taskId')),
  run_id TEXT GENERATED ALWAYS AS (body ->> '$.runId') VIRTUAL
    REFERENCES runs DEFERRABLE INITIALLY DEFERRED,
  workstream_id TEXT GENERATED ALWAYS AS (body ->> '$.workstreamId') VIRTUAL
    REFERENCES workstreams DEFERRABLE INITIALLY DEFERRED,
  fixes TEXT GENERATED ALWAYS AS (body ->> '$.fixes') VIRTUAL
    REFERENCES tasks DEFERRABLE INITIALLY DEFERRED,
  reset_of TEXT GENERATED ALWAYS AS (body ->> '$.resetOf') VIRTUAL
    REFERENCES tasks DEFERRABLE INITIALLY DEFERRED,
  state TEXT NOT NULL GENERATED ALWAYS AS (body ->> '$.state') VIRTUAL
    CONSTRAINT state_is_known CHECK (state IN ('pending', 'queued', 'blocked', 'running', 'validating',
      'completed', 'failed', 'retrying', 'canceled')),
  body TEXT NOT NULL,
  CONSTRAINT ended_iff_closed
    CHECK ((body ->> '$.endedAt' IS NOT NULL) = (state IN ('completed', 'failed', 'canceled'))),
  CONSTRAINT started_before_it_ran_on
    CHECK (body ->> '$.startedAt' IS NOT NULL OR state NOT IN ('running', 'retrying', 'validating',
      'completed')),
  CONSTRAINT not_started_before_it_ran
    CHECK (body ->> '$.startedAt' IS NULL OR state NOT IN ('pending', 'blocked'))
) STRICT;
CREATE INDEX tasks_of_run ON tasks (run_id);
CREATE TABLE step_attempts (
  id TEXT NOT NULL PRIMARY KEY CHECK (id IS (body ->> '$.stepAttemptId')),
  run_id TEXT GENERATED ALWAYS AS (body ->> '$.runId') VIRTUAL
    REFERENCES runs DEFERRABLE INITIALLY DEFERRED,
  task_id TEXT GENERATED ALWAYS AS (body ->> '$.taskId') VIRTUAL
    REFERENCES tasks DEFERRABLE INITIALLY DEFERRED,
  workstream_id TEXT GENERATED ALWAYS AS (body ->> '$.workstreamId') VIRTUAL
    REFERENCES workstreams DEFERRABLE INITIALLY DEFERRED,
  decision_id TEXT GENERATED ALWAYS AS (body ->> '$.decisionId') VIRTUAL
    REFERENCES routing_decisions DEFERRABLE INITIALLY DEFERRED,
  attempt INTEGER GENERATED ALWAYS AS (body ->> '$.attempt') VIRTUAL,
  sequence INTEGER GENERATED ALWAYS AS (body ->> '$.sequence') VIRTUAL,
  state TEXT NOT NULL GENERATED ALWAYS AS (body ->> '$.state') VIRTUAL
    CONSTRAINT state_is_known CHECK (state IN ('pending', 'running', 'succeeded', 'failed', 'canceled')),
  body TEXT NOT NULL,
  CONSTRAINT ended_iff_closed
    CHECK ((body ->> '$.endedAt' IS NOT NULL) = (state IN ('succeeded', 'failed', 'canceled'))),
  CONSTRAINT started_before_it_ran_on
    CHECK (body ->> '$.startedAt' IS NOT NULL OR state NOT IN ('running', 'succeeded')),
  CONSTRAINT not_started_before_it_ran
    CHECK (body ->> '$.startedAt' IS NULL OR state NOT IN ('pending')),
  UNIQUE (task_id, attempt),
  UNIQUE (run_id, sequence)
) STRICT;
CREATE TABLE workers (
  id TEXT NOT NULL PRIMARY KEY CHECK (id IS (body ->> '$.workerId')),
  held_task_id TEXT GENERATED ALWAYS AS (body ->> '$.heldTaskId') VIRTUAL
    REFERENCES tasks DEFERRABLE INITIALLY DEFERRED,
  state TEXT NOT NULL GENERATED ALWAYS AS (body ->> '$.state') VIRTUAL
    CONSTRAINT state_is_known CHECK (state IN ('starting', 'idle', 'busy', 'paused', 'draining', 'lost',
      'stopped', 'crashed')),
  body TEXT NOT NULL,
  CONSTRAINT held_only_at_work CHECK (held_task_id IS NULL OR state IN ('busy', 'paused', 'draining')),
  CONSTRAINT held_when_busy CHECK (held_task_id IS NOT NULL OR state <> 'busy')
) STRICT;
CREATE TABLE patch_ledger (
  id TEXT NOT NULL PRIMARY KEY CHECK (id IS (body ->> '$.patchId')),
  run_id TEXT GENERATED ALWAYS AS (body ->> '$.runId') VIRTUAL
    REFERENCES runs DEFERRABLE INITIALLY DEFERRED,
  task_id TEXT GENERATED ALWAYS AS (body ->> '$.taskId') VIRTUAL
    REFERENCES tasks DEFERRABLE INITIALLY DEFERRED,
  state TEXT NOT NULL GENERATED ALWAYS AS (body ->> '$.state') VIRTUAL
    CONSTRAINT state_is_known CHECK (state IN ('created', 'validated', 'queued', 'applied', 'apply_failed',
      'verified', 'committed', 'rolled_back', 'quarantined', 'dropped')),
  body TEXT NOT NULL,
  CONSTRAINT ended_iff_closed
    CHECK ((body ->> '$.closedAt' IS NOT NULL) = (state IN ('committed', 'rolled_back', 'quarantined',
      'dropped')))
) STRICT;
CREATE INDEX patch_ledger_of_run ON patch_ledger (run_id);
CREATE INDEX patch_ledger_of_task ON patch_ledger (task_id);
CREATE TABLE test_gates (
  id TEXT NOT NULL PRIMARY KEY CHECK (id IS (body ->> '$.checkRunId')),
  run_id TEXT GENERATED ALWAYS AS (body ->> '$.runId') VIRTUAL
    REFERENCES runs DEFERRABLE INITIALLY DEFERRED,
  task_id TEXT GENERATED ALWAYS AS (body ->> '$.taskId') VIRTUAL
    REFERENCES tasks DEFERRABLE INITIALLY DEFERRED,
  gate_id TEXT GENERATED ALWAYS AS (body ->> '$.gateId') VIRTUAL
    REFERENCES gates DEFERRABLE INITIALLY DEFERRED,
  patch_id TEXT GENERATED ALWAYS AS (body ->> '$.patchId') VIRTUAL
    REFERENCES patch_ledger DEFERRABLE INITIALLY DEFERRED,
  supersedes TEXT GENERATED ALWAYS AS (body ->> '$.supersedes') VIRTUAL
    REFERENCES test_gates DEFERRABLE INITIALLY DEFERRED,
  state TEXT NOT NULL GENERATED ALWAYS AS (body ->> '$.state') VIRTUAL
    CONSTRAINT state_is_known CHECK (state IN ('pending', 'blocked', 'running', 'passed', 'failed',
      'error', 'inconclusive', 'skipped')),
  body TEXT NOT NULL,
  CONSTRAINT ended_iff_closed
    CHECK ((body ->> '$.endedAt' IS NOT NULL) = (state IN ('passed', 'failed', 'error', 'inconclusive',
      'skipped'))),
  CONSTRAINT started_before_it_ran_on
    CHECK (body ->> '$.startedAt' IS NOT NULL OR state NOT IN ('running', 'passed', 'failed', 'error',
      'inconclusive')),
  CONSTRAINT not_started_before_it_ran
    CHECK (body ->> '$.startedAt' IS NULL OR state NOT IN ('pending', 'blocked'))
) STRICT;
CREATE INDEX test_gates_of_run ON test_gates (run_id);
CREATE INDEX test_gates_of_task ON test_gates (task_id);
CREATE TABLE breakers (
  id TEXT NOT NULL PRIMARY KEY CHECK (id IS (body ->> '$.toolId')),
  state TEXT NOT NULL GENERATED ALWAYS AS (body ->> '$.state') VIRTUAL
    CONSTRAINT state_is_known CHECK (state IN ('closed', 'open', 'half_open')),
  body TEXT NOT NULL,
  CONSTRAINT opened_iff_not_closed CHECK ((body ->> '$.openedAt' IS NOT NULL) = (state <> 'closed'))
) STRICT;
CREATE TABLE gates (
  id TEXT NOT NULL PRIMARY KEY CHECK (id IS (body ->> '$.gateId')),
  body TEXT NOT NULL
) STRICT;
CREATE TABLE waivers (
  id TEXT NOT NULL PRIMARY KEY CHECK (id IS (body ->> '$.waiverId')),
  body TEXT NOT NULL
) STRICT;
CREATE TABLE costs (
  id TEXT NOT NULL PRIMARY KEY CHECK (id IS (body ->> '$.entryId')),
  run_id TEXT GENERATED ALWAYS AS (body ->> '$.runId') VIRTUAL
    REFERENCES runs DEFERRABLE INITIALLY DEFERRED,
  task_id TEXT GENERATED ALWAYS AS (body ->> '$.taskId') VIRTUAL
    REFERENCES tasks DEFERRABLE INITIALLY DEFERRED,
  reverses TEXT GENERATED ALWAYS AS (body ->> '$.reverses') VIRTUAL
    REFERENCES costs DEFERRABLE INITIALLY DEFERRED,
  reservation_id TEXT GENERATED ALWAYS AS (body ->> '$.reservationId') VIRTUAL
    REFERENCES reservations DEFERRABLE INITIALLY DEFERRED,
  idempotency_key TEXT GENERATED ALWAYS AS (body ->> '$.idempotencyKey') VIRTUAL,
  body TEXT NOT NULL,
  UNIQUE (idempotency_key)
) STRICT;
CREATE INDEX costs_of_run ON costs (run_id);
CREATE INDEX costs_of_task ON costs (task_id);
CREATE TABLE price_books (
  id TEXT NOT NULL PRIMARY KEY CHECK (id IS (body ->> '$.priceBookVersion')),
  body TEXT NOT NULL
) STRICT;
CREATE TABLE budgets (
  id TEXT NOT NULL PRIMARY KEY CHECK (id IS (body ->> '$.budgetId')),
  body TEXT NOT NULL
) STRICT;
CREATE TABLE reservations (
  id TEXT NOT NULL PRIMARY KEY CHECK (id IS (body ->> '$.reservationId')),
  run_id TEXT GENERATED ALWAYS AS (body ->> '$.runId') VIRTUAL
    REFERENCES runs DEFERRABLE INITIALLY DEFERRED,
  task_id TEXT GENERATED ALWAYS AS (body ->> '$.taskId') VIRTUAL
    REFERENCES tasks DEFERRABLE INITIALLY DEFERRED,
  state TEXT NOT NULL GENERATED ALWAYS AS (body ->> '$.state') VIRTUAL
    CONSTRAINT state_is_known CHECK (state IN ('held', 'settled', 'released', 'expired')),
  body TEXT NOT NULL
) STRICT;
CREATE INDEX reservations_of_run ON reservations (run_id);
CREATE INDEX reservations_of_task ON reservations (task_id);
CREATE TABLE dependencies (
  id TEXT NOT NULL PRIMARY KEY CHECK (id IS (body ->> '$.dependencyId')),
  run_id TEXT GENERATED ALWAYS AS (body ->> '$.runId') VIRTUAL
    REFERENCES runs DEFERRABLE INITIALLY DEFERRED,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX dependencies_of_run ON dependencies (run_id);
CREATE TABLE routing_decisions (
  id TEXT NOT NULL PRIMARY KEY CHECK (id IS (body ->> '$.decisionId')),
  run_id TEXT GENERATED ALWAYS AS (body ->> '$.runId') VIRTUAL
    REFERENCES runs DEFERRABLE INITIALLY DEFERRED,
  task_id TEXT GENERATED ALWAYS AS (body ->> '$.taskId') VIRTUAL
    REFERENCES tasks DEFERRABLE INITIALLY DEFERRED,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX routing_decisions_of_run ON routing_decisions (run_id);
CREATE INDEX routing_decisions_of_task ON routing_decisions (task_id);
CREATE TABLE schedule_entries (
  id TEXT NOT NULL PRIMARY KEY CHECK (id IS (body ->> '$.entryId')),
  run_id TEXT GENERATED ALWAYS AS (body ->> '$.runId') VIRTUAL
    REFERENCES runs DEFERRABLE INITIALLY DEFERRED,
  task_id TEXT GENERATED ALWAYS AS (body ->> '$.taskId') VIRTUAL
    REFERENCES tasks DEFERRABLE INITIALLY DEFERRED,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX schedule_entries_of_run ON schedule_entries (run_id);
CREATE INDEX schedule_entries_of_task ON schedule_entries (task_id);
CREATE TABLE progress_snapshots (
  id TEXT NOT NULL PRIMARY KEY CHECK (id IS (body ->> '$.snapshotId')),
  run_id TEXT GENERATED ALWAYS AS (body ->> '$.runId') VIRTUAL
    REFERENCES runs DEFERRABLE INITIALLY DEFERRED,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX progress_snapshots_of_run ON progress_snapshots (run_id);
CREATE TABLE documents (
  id TEXT NOT NULL PRIMARY KEY CHECK (id IS (body ->> '$.docId')),
  body TEXT NOT NULL
) STRICT;
CREATE TABLE validations (
  id TEXT NOT NULL PRIMARY KEY CHECK (id IS (body ->> '$.validationId')),
  body TEXT NOT NULL
) STRICT;
CREATE TABLE errors (
  id TEXT NOT NULL PRIMARY KEY CHECK (id IS (body ->> '$.errorId')),
  run_id TEXT GENERATED ALWAYS AS (body ->> '$.runId') VIRTUAL
    REFERENCES runs DEFERRABLE INITIALLY DEFERRED,
  task_id TEXT GENERATED ALWAYS AS (body ->> '$.taskId') VIRTUAL
    REFERENCES tasks DEFERRABLE INITIALLY DEFERRED,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX errors_of_run ON errors (run_id);
CREATE INDEX errors_of_task ON errors (task_id);
CREATE TABLE tool_results (
  id TEXT NOT NULL PRIMARY KEY CHECK (id IS (body ->> '$.toolResultId')),
  step_attempt_id TEXT GENERATED ALWAYS AS (body ->> '$.stepAttemptId') VIRTUAL
    REFERENCES step_attempts DEFERRABLE INITIALLY DEFERRED,
  body TEXT NOT NULL
) STRICT;
CREATE TABLE alerts (
  id TEXT NOT NULL PRIMARY KEY CHECK (id IS (body ->> '$.alertId')),
  body TEXT NOT NULL
) STRICT;
CREATE TABLE subscribers (
  id TEXT NOT NULL PRIMARY KEY CHECK (id IS (body ->> '$.subscriberId')),
  body TEXT NOT NULL
) STRICT;
CREATE TABLE dead_letters (
  id TEXT NOT NULL PRIMARY KEY CHECK (id IS (body ->> '$.deadLetterId')),
  subscriber_id TEXT GENERATED ALWAYS AS (body ->> '$.subscriberId') VIRTUAL
    REFERENCES subscribers DEFERRABLE INITIALLY DEFERRED,
  state TEXT NOT NULL GENERATED ALWAYS AS (body ->> '$.state') VIRTUAL
    CONSTRAINT state_is_known CHECK (state IN ('open', 'redriven', 'dropped')),
  body TEXT NOT NULL
) STRICT;
`;
