/**
 * The tables of contract documents, for the first step. `RECORD_TABLES` says the same to the program, and a test holds the two
 * together; it is written out here since the text of a step may never change. References are judged at the end of a
 * transaction, so that documents may come in any order.
 */
export const RECORD_TABLES_SQL = `
CREATE TABLE run_configs (
  id key PRIMARY KEY CHECK (id IS NOT DISTINCT FROM field(body, 'runConfigId')),
  body text NOT NULL
);
CREATE TABLE runs (
  id key PRIMARY KEY CHECK (id IS NOT DISTINCT FROM field(body, 'runId')),
  run_config_id key GENERATED ALWAYS AS (field(body, 'runConfigId')) STORED REFERENCES run_configs DEFERRABLE INITIALLY DEFERRED,
  retry_of key GENERATED ALWAYS AS (field(body, 'retryOf')) STORED REFERENCES runs DEFERRABLE INITIALLY DEFERRED,
  state key NOT NULL GENERATED ALWAYS AS (field(body, 'state')) STORED
    CHECK (state IN ('pending', 'queued', 'running', 'paused', 'validating', 'succeeded', 'failed', 'quarantined', 'canceled')),
  body text NOT NULL,
  CHECK ((field(body, 'endedAt') IS NOT NULL) = (state IN ('succeeded', 'failed', 'quarantined', 'canceled'))),
  CHECK (field(body, 'startedAt') IS NOT NULL OR state NOT IN ('running', 'paused', 'validating', 'succeeded')),
  CHECK (field(body, 'startedAt') IS NULL OR state NOT IN ('pending', 'queued'))
);
CREATE TABLE phases (
  id key PRIMARY KEY CHECK (id IS NOT DISTINCT FROM field(body, 'runId') || '/' || field(body, 'phaseId')),
  run_id key GENERATED ALWAYS AS (field(body, 'runId')) STORED REFERENCES runs DEFERRABLE INITIALLY DEFERRED,
  order_in_run integer GENERATED ALWAYS AS (field(body, 'order')::integer) STORED,
  state key NOT NULL GENERATED ALWAYS AS (field(body, 'state')) STORED
    CHECK (state IN ('pending', 'active', 'gated', 'completed', 'failed', 'skipped')),
  body text NOT NULL,
  CHECK ((field(body, 'endedAt') IS NOT NULL) = (state IN ('completed', 'failed', 'skipped'))),
  CHECK (field(body, 'startedAt') IS NOT NULL OR state NOT IN ('active', 'gated', 'completed', 'failed')),
  CHECK (field(body, 'startedAt') IS NULL OR state NOT IN ('pending', 'skipped')),
  UNIQUE (run_id, order_in_run)
);
CREATE INDEX phases_of_run ON phases (run_id);
CREATE TABLE workstreams (
  id key PRIMARY KEY CHECK (id IS NOT DISTINCT FROM field(body, 'workstreamId')),
  run_id key GENERATED ALWAYS AS (field(body, 'runId')) STORED REFERENCES runs DEFERRABLE INITIALLY DEFERRED,
  state key NOT NULL GENERATED ALWAYS AS (field(body, 'state')) STORED
    CHECK (state IN ('planned', 'ready', 'blocked', 'executing', 'validating', 'completed', 'failed', 'canceled', 'skipped')),
  body text NOT NULL,
  CHECK ((field(body, 'endedAt') IS NOT NULL) = (state IN ('completed', 'failed', 'canceled', 'skipped'))),
  CHECK (field(body, 'startedAt') IS NOT NULL OR state NOT IN ('executing', 'validating', 'completed', 'failed')),
  CHECK (field(body, 'startedAt') IS NULL OR state NOT IN ('planned', 'ready', 'blocked', 'skipped'))
);
CREATE INDEX workstreams_of_run ON workstreams (run_id);
CREATE TABLE tasks (
  id key PRIMARY KEY CHECK (id IS NOT DISTINCT FROM field(body, 'taskId')),
  run_id key GENERATED ALWAYS AS (field(body, 'runId')) STORED REFERENCES runs DEFERRABLE INITIALLY DEFERRED,
  workstream_id key GENERATED ALWAYS AS (field(body, 'workstreamId')) STORED REFERENCES workstreams DEFERRABLE INITIALLY DEFERRED,
  fixes key GENERATED ALWAYS AS (field(body, 'fixes')) STORED REFERENCES tasks DEFERRABLE INITIALLY DEFERRED,
  reset_of key GENERATED ALWAYS AS (field(body, 'resetOf')) STORED REFERENCES tasks DEFERRABLE INITIALLY DEFERRED,
  state key NOT NULL GENERATED ALWAYS AS (field(body, 'state')) STORED
    CHECK (state IN ('pending', 'queued', 'blocked', 'running', 'validating', 'completed', 'failed', 'retrying', 'canceled')),
  body text NOT NULL,
  CHECK ((field(body, 'endedAt') IS NOT NULL) = (state IN ('completed', 'failed', 'canceled'))),
  CHECK (field(body, 'startedAt') IS NOT NULL OR state NOT IN ('running', 'retrying', 'validating', 'completed')),
  CHECK (field(body, 'startedAt') IS NULL OR state NOT IN ('pending', 'blocked'))
);
CREATE INDEX tasks_of_run ON tasks (run_id);
CREATE TABLE workers (
  id key PRIMARY KEY CHECK (id IS NOT DISTINCT FROM field(body, 'workerId')),
  held_task_id key GENERATED ALWAYS AS (field(body, 'heldTaskId')) STORED REFERENCES tasks DEFERRABLE INITIALLY DEFERRED,
  state key NOT NULL GENERATED ALWAYS AS (field(body, 'state')) STORED
    CHECK (state IN ('starting', 'idle', 'busy', 'paused', 'draining', 'lost', 'stopped', 'crashed')),
  body text NOT NULL,
  CHECK (held_task_id IS NULL OR state IN ('busy', 'paused', 'draining')),
  CHECK (held_task_id IS NOT NULL OR state <> 'busy')
);
CREATE TABLE patch_ledger (
  id key PRIMARY KEY CHECK (id IS NOT DISTINCT FROM field(body, 'patchId')),
  run_id key GENERATED ALWAYS AS (field(body, 'runId')) STORED REFERENCES runs DEFERRABLE INITIALLY DEFERRED,
  task_id key GENERATED ALWAYS AS (field(body, 'taskId')) STORED REFERENCES tasks DEFERRABLE INITIALLY DEFERRED,
  state key NOT NULL GENERATED ALWAYS AS (field(body, 'state')) STORED
    CHECK (state IN ('created', 'validated', 'queued', 'applied', 'apply_failed', 'verified', 'committed', 'rolled_back', 'quarantined', 'dropped')),
  body text NOT NULL,
  CHECK ((field(body, 'closedAt') IS NOT NULL) = (state IN ('committed', 'rolled_back', 'quarantined', 'dropped')))
);
CREATE INDEX patch_ledger_of_run ON patch_ledger (run_id);
CREATE INDEX patch_ledger_of_task ON patch_ledger (task_id);
CREATE TABLE breakers (
  id key PRIMARY KEY CHECK (id IS NOT DISTINCT FROM field(body, 'toolId')),
  state key NOT NULL GENERATED ALWAYS AS (field(body, 'state')) STORED CHECK (state IN ('closed', 'open', 'half_open')),
  body text NOT NULL,
  CHECK ((field(body, 'openedAt') IS NOT NULL) = (state <> 'closed'))
);
CREATE TABLE gates (
  id key PRIMARY KEY CHECK (id IS NOT DISTINCT FROM field(body, 'gateId')),
  body text NOT NULL
);
CREATE TABLE test_gates (
  id key PRIMARY KEY CHECK (id IS NOT DISTINCT FROM field(body, 'checkRunId')),
  run_id key GENERATED ALWAYS AS (field(body, 'runId')) STORED REFERENCES runs DEFERRABLE INITIALLY DEFERRED,
  task_id key GENERATED ALWAYS AS (field(body, 'taskId')) STORED REFERENCES tasks DEFERRABLE INITIALLY DEFERRED,
  gate_id key GENERATED ALWAYS AS (field(body, 'gateId')) STORED REFERENCES gates DEFERRABLE INITIALLY DEFERRED,
  patch_id key GENERATED ALWAYS AS (field(body, 'patchId')) STORED REFERENCES patch_ledger DEFERRABLE INITIALLY DEFERRED,
  supersedes key GENERATED ALWAYS AS (field(body, 'supersedes')) STORED REFERENCES test_gates DEFERRABLE INITIALLY DEFERRED,
  state key NOT NULL GENERATED ALWAYS AS (field(body, 'state')) STORED
    CHECK (state IN ('pending', 'blocked', 'running', 'passed', 'failed', 'error', 'inconclusive', 'skipped')),
  body text NOT NULL,
  CHECK ((field(body, 'endedAt') IS NOT NULL) = (state IN ('passed', 'failed', 'error', 'inconclusive', 'skipped'))),
  CHECK (field(body, 'startedAt') IS NOT NULL OR state NOT IN ('running', 'passed', 'failed', 'error', 'inconclusive')),
  CHECK (field(body, 'startedAt') IS NULL OR state NOT IN ('pending', 'blocked'))
);
CREATE INDEX test_gates_of_run ON test_gates (run_id);
CREATE INDEX test_gates_of_task ON test_gates (task_id);
CREATE TABLE waivers (
  id key PRIMARY KEY CHECK (id IS NOT DISTINCT FROM field(body, 'waiverId')),
  body text NOT NULL
);
CREATE TABLE price_books (
  id key PRIMARY KEY CHECK (id IS NOT DISTINCT FROM field(body, 'priceBookVersion')),
  body text NOT NULL
);
CREATE TABLE budgets (
  id key PRIMARY KEY CHECK (id IS NOT DISTINCT FROM field(body, 'budgetId')),
  body text NOT NULL
);
CREATE TABLE reservations (
  id key PRIMARY KEY CHECK (id IS NOT DISTINCT FROM field(body, 'reservationId')),
  run_id key GENERATED ALWAYS AS (field(body, 'runId')) STORED REFERENCES runs DEFERRABLE INITIALLY DEFERRED,
  task_id key GENERATED ALWAYS AS (field(body, 'taskId')) STORED REFERENCES tasks DEFERRABLE INITIALLY DEFERRED,
  state key NOT NULL GENERATED ALWAYS AS (field(body, 'state')) STORED CHECK (state IN ('held', 'settled', 'released', 'expired')),
  body text NOT NULL
);
CREATE INDEX reservations_of_run ON reservations (run_id);
CREATE INDEX reservations_of_task ON reservations (task_id);
CREATE TABLE costs (
  id key PRIMARY KEY CHECK (id IS NOT DISTINCT FROM field(body, 'entryId')),
  run_id key GENERATED ALWAYS AS (field(body, 'runId')) STORED REFERENCES runs DEFERRABLE INITIALLY DEFERRED,
  task_id key GENERATED ALWAYS AS (field(body, 'taskId')) STORED REFERENCES tasks DEFERRABLE INITIALLY DEFERRED,
  reverses key GENERATED ALWAYS AS (field(body, 'reverses')) STORED REFERENCES costs DEFERRABLE INITIALLY DEFERRED,
  reservation_id key GENERATED ALWAYS AS (field(body, 'reservationId')) STORED REFERENCES reservations DEFERRABLE INITIALLY DEFERRED,
  idempotency_key key GENERATED ALWAYS AS (field(body, 'idempotencyKey')) STORED,
  body text NOT NULL,
  UNIQUE (idempotency_key)
);
CREATE INDEX costs_of_run ON costs (run_id);
CREATE INDEX costs_of_task ON costs (task_id);
CREATE TABLE dependencies (
  id key PRIMARY KEY CHECK (id IS NOT DISTINCT FROM field(body, 'dependencyId')),
  run_id key GENERATED ALWAYS AS (field(body, 'runId')) STORED REFERENCES runs DEFERRABLE INITIALLY DEFERRED,
  body text NOT NULL
);
CREATE INDEX dependencies_of_run ON dependencies (run_id);
CREATE TABLE routing_decisions (
  id key PRIMARY KEY CHECK (id IS NOT DISTINCT FROM field(body, 'decisionId')),
  run_id key GENERATED ALWAYS AS (field(body, 'runId')) STORED REFERENCES runs DEFERRABLE INITIALLY DEFERRED,
  task_id key GENERATED ALWAYS AS (field(body, 'taskId')) STORED REFERENCES tasks DEFERRABLE INITIALLY DEFERRED,
  body text NOT NULL
);
CREATE INDEX routing_decisions_of_run ON routing_decisions (run_id);
CREATE INDEX routing_decisions_of_task ON routing_decisions (task_id);
CREATE TABLE step_attempts (
  id key PRIMARY KEY CHECK (id IS NOT DISTINCT FROM field(body, 'stepAttemptId')),
  run_id key GENERATED ALWAYS AS (field(body, 'runId')) STORED REFERENCES runs DEFERRABLE INITIALLY DEFERRED,
  task_id key GENERATED ALWAYS AS (field(body, 'taskId')) STORED REFERENCES tasks DEFERRABLE INITIALLY DEFERRED,
  workstream_id key GENERATED ALWAYS AS (field(body, 'workstreamId')) STORED REFERENCES workstreams DEFERRABLE INITIALLY DEFERRED,
  decision_id key GENERATED ALWAYS AS (field(body, 'decisionId')) STORED REFERENCES routing_decisions DEFERRABLE INITIALLY DEFERRED,
  attempt integer GENERATED ALWAYS AS (field(body, 'attempt')::integer) STORED,
  sequence integer GENERATED ALWAYS AS (field(body, 'sequence')::integer) STORED,
  state key NOT NULL GENERATED ALWAYS AS (field(body, 'state')) STORED CHECK (state IN ('pending', 'running', 'succeeded', 'failed', 'canceled')),
  body text NOT NULL,
  CHECK ((field(body, 'endedAt') IS NOT NULL) = (state IN ('succeeded', 'failed', 'canceled'))),
  CHECK (field(body, 'startedAt') IS NOT NULL OR state NOT IN ('running', 'succeeded')),
  CHECK (field(body, 'startedAt') IS NULL OR state NOT IN ('pending')),
  UNIQUE (task_id, attempt),
  UNIQUE (run_id, sequence)
);
CREATE INDEX step_attempts_of_run ON step_attempts (run_id);
CREATE INDEX step_attempts_of_task ON step_attempts (task_id);
CREATE TABLE schedule_entries (
  id key PRIMARY KEY CHECK (id IS NOT DISTINCT FROM field(body, 'entryId')),
  run_id key GENERATED ALWAYS AS (field(body, 'runId')) STORED REFERENCES runs DEFERRABLE INITIALLY DEFERRED,
  task_id key GENERATED ALWAYS AS (field(body, 'taskId')) STORED REFERENCES tasks DEFERRABLE INITIALLY DEFERRED,
  body text NOT NULL
);
CREATE INDEX schedule_entries_of_run ON schedule_entries (run_id);
CREATE INDEX schedule_entries_of_task ON schedule_entries (task_id);
CREATE TABLE progress_snapshots (
  id key PRIMARY KEY CHECK (id IS NOT DISTINCT FROM field(body, 'snapshotId')),
  run_id key GENERATED ALWAYS AS (field(body, 'runId')) STORED REFERENCES runs DEFERRABLE INITIALLY DEFERRED,
  body text NOT NULL
);
CREATE INDEX progress_snapshots_of_run ON progress_snapshots (run_id);
CREATE TABLE documents (
  id key PRIMARY KEY CHECK (id IS NOT DISTINCT FROM field(body, 'docId')),
  body text NOT NULL
);
CREATE TABLE validations (
  id key PRIMARY KEY CHECK (id IS NOT DISTINCT FROM field(body, 'validationId')),
  body text NOT NULL
);
CREATE TABLE errors (
  id key PRIMARY KEY CHECK (id IS NOT DISTINCT FROM field(body, 'errorId')),
  run_id key GENERATED ALWAYS AS (field(body, 'runId')) STORED REFERENCES runs DEFERRABLE INITIALLY DEFERRED,
  task_id key GENERATED ALWAYS AS (field(body, 'taskId')) STORED REFERENCES tasks DEFERRABLE INITIALLY DEFERRED,
  body text NOT NULL
);
CREATE INDEX errors_of_run ON errors (run_id);
CREATE INDEX errors_of_task ON errors (task_id);
CREATE TABLE tool_results (
  id key PRIMARY KEY CHECK (id IS NOT DISTINCT FROM field(body, 'toolResultId')),
  step_attempt_id key GENERATED ALWAYS AS (field(body, 'stepAttemptId')) STORED REFERENCES step_attempts DEFERRABLE INITIALLY DEFERRED,
  body text NOT NULL
);
CREATE TABLE alerts (
  id key PRIMARY KEY CHECK (id IS NOT DISTINCT FROM field(body, 'alertId')),
  body text NOT NULL
);
CREATE TABLE subscribers (
  id key PRIMARY KEY CHECK (id IS NOT DISTINCT FROM field(body, 'subscriberId')),
  body text NOT NULL
);
CREATE TABLE dead_letters (
  id key PRIMARY KEY CHECK (id IS NOT DISTINCT FROM field(body, 'deadLetterId')),
  subscriber_id key GENERATED ALWAYS AS (field(body, 'subscriberId')) STORED REFERENCES subscribers DEFERRABLE INITIALLY DEFERRED,
  state key NOT NULL GENERATED ALWAYS AS (field(body, 'state')) STORED CHECK (state IN ('open', 'redriven', 'dropped')),
  body text NOT NULL
);
CREATE FUNCTION diff_stays() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF field(NEW.body, 'diffHash') IS DISTINCT FROM field(OLD.body, 'diffHash') THEN
    RAISE EXCEPTION 'the diff of a patch is never changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER diff_stays BEFORE UPDATE ON patch_ledger FOR EACH ROW EXECUTE FUNCTION diff_stays();
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY[
    'run_configs', 'runs', 'phases', 'workstreams', 'tasks', 'step_attempts', 'workers', 'patch_ledger',
    'test_gates', 'breakers', 'gates', 'waivers', 'costs', 'price_books', 'budgets', 'reservations',
    'dependencies', 'routing_decisions', 'schedule_entries', 'progress_snapshots', 'documents', 'validations',
    'errors', 'tool_results', 'alerts', 'subscribers', 'dead_letters'
  ] LOOP
    EXECUTE format(
      'CREATE TRIGGER records_stay BEFORE DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY[
    'run_configs', 'costs', 'price_books', 'routing_decisions', 'schedule_entries', 'progress_snapshots',
    'validations', 'tool_results'
  ] LOOP
    EXECUTE format(
      'CREATE TRIGGER records_are_kept BEFORE UPDATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name);
  END LOOP;
END $$;
`;
