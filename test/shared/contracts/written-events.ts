/** The events as the specification writes them, entity and severity above their rows. None is computed from the catalogue. */
interface WrittenEvent {
  readonly entity: string;
  readonly severity: string;
  readonly type: string;
  readonly payload: readonly string[];
}

const MACHINE_EVENTS = `
run | info
  run_created{runConfigId, projectId, phaseIds, triggerType, retryOf}
  run_queued{priority, queueDepth}
  run_started{waitMs, maxParallel, taskCount}
  run_resumed{pausedMs}
  run_validation_started{requiredGates, openPatches}
  run_succeeded{durationMs, activeMs, tasksCompleted, waivedGates, failedWorkstreams, costMicros, currency}
run | warning
  run_paused{reason, inFlightTasks}
  run_reopened{fixLoop, reason, taskIds}
  run_canceled{reason, openTasks}
run | error
  run_failed{reason, errorId, exitCode, durationMs}
run | critical
  run_quarantined{reason, patchId, errorId}
task | info
  task_created{workstreamId, kind, isCritical, estimateMs, dependsOn}
  task_queued{priority, score}
  task_unblocked{blockedMs}
  task_started{workerId, leaseToken, attempt, waitMs}
  task_submitted{attempt, runMs, patchIds}
  task_completed{attempts, durationMs, netMs}
task | warning
  task_blocked{blockedBy, reason}
  task_retry_scheduled{attempt, delayMs, errorId}
  task_requeued{reason, attempt}
  task_canceled{reason, causeId}
task | error
  task_failed{reason, errorId, attempts}
  task_dead_lettered{attempts, workerIds}
workstream | info
  workstream_created{phaseId, name, isCritical, dependsOn}
  workstream_released{waitMs}
  workstream_unblocked{blockedMs}
  workstream_started{taskCount, waitMs}
  workstream_validation_started{completed, failed, canceled}
  workstream_completed{durationMs, completed, failed, canceled}
workstream | warning
  workstream_blocked{blockedBy, reason}
  workstream_reopened{fixLoop, taskIds}
  workstream_skipped{reason}
  workstream_canceled{reason, openTasks}
workstream | error
  workstream_failed{reason, taskId, errorId}
phase | info
  phase_created{name, category, order}
  phase_activated{waitMs, workstreams}
  phase_gated{requiredGates}
  phase_completed{durationMs, waivedGates}
phase | warning
  phase_reopened{fixLoop, gateIds}
  phase_skipped{reason}
phase | error
  phase_failed{reason, gateId, workstreamId}
step | info
  step_created{taskId, decisionId, toolId, attempt, sequence}
  step_started{toolId, attempt, sequence}
  step_succeeded{durationMs, exitCode, patchIds}
step | warning
  step_failed{failureKind, durationMs, exitCode, errorId}
  step_canceled{reason}
worker | info
  worker_created{workerType, adapterType, capabilities, affinity}
  worker_became_ready{startMs, capabilities}
  worker_assigned{taskId, leaseToken, leaseExpiresAt}
  worker_released{taskId, outcome, durationMs}
  worker_resumed{pausedMs, heldTaskId}
  worker_drain_started{reason, heldTaskId}
  worker_stopped{reason, forced, taskId}
worker | warning
  worker_paused{reason, heldTaskId}
  worker_lost{silentMs, taskId}
  worker_recovered{silentMs}
worker | error
  worker_crashed{reason, message, taskId, silentMs}
patch | info
  patch_created{format, files, replacesPatchId, chainId}
  patch_validated{files, insertions, deletions, hunks}
  patch_queued{position}
  patch_applied{attempt, files, treeHash}
  patch_verified{gateIds, treeHash}
  patch_committed{commitId, treeHash}
patch | warning
  patch_apply_failed{attempt, errorCode, message}
  patch_verification_failed{attempt, gateIds}
  patch_retried{attempt}
  patch_dropped{reason}
patch | error
  patch_quarantined{reason, path, attempts}
patch | critical
  patch_rolled_back{reason, from, approver, revertPatchId}
gate_check | info
  gate_check_created{gateId, checkType, required, dryRun, attempt}
  gate_check_started{command, subjectHash}
  gate_check_unblocked{blockedMs}
  gate_check_passed{durationMs, exitCode, conditions}
gate_check | warning
  gate_check_blocked{blockedBy}
  gate_check_left_inconclusive{durationMs, reason, sampleSize, neededSize}
  gate_check_skipped{reason}
gate_check | error
  gate_check_failed{durationMs, exitCode, conditions, failures}
  gate_check_errored{durationMs, errorKind, message}
breaker | info
  breaker_created{toolId}
  breaker_closed{openMs}
breaker | warning
  breaker_half_opened{openMs}
breaker | error
  breaker_tripped{faults, cooldownMs}
  breaker_reopened{faults, cooldownMs}
`;

const OTHER_EVENTS = `
worker | debug
  worker_heartbeat{leaseToken, load}
task | warning
  lease_fenced{oldToken, newToken, workerId}
  deadline_missed{deadlineAt, lateMs}
  routing_fell_back{decisionId, fromTool, toTool, attempt}
  override_recorded{trigger, guard, reason}
task | info
  routing_decided{decisionId, selectedTool, strategy, candidates}
task | error
  routing_failed{decisionId, refusals}
task | debug
  schedule_held{holdReason, score}
run | info
  schedule_planned{levels, tasks, criticalPathMs, lowerBoundMs}
  stall_cleared{stalledMs}
  note_added{text}
run | debug
  progress_recorded{snapshotId, completedPercent, settledPercent}
run | warning
  stall_detected{silentMs, thresholdMs, openTasks}
  run_corrected{reason, work, workBefore, interruptionMs, task}
gate | info
  gate_status_changed{from, to, checkIds}
gate | warning
  gate_check_marked_stale{checkRunId, reason, ageMs}
  waiver_granted{waiverId, checkId, owner, approver, expiresAt, reason}
  waiver_revoked{waiverId, reason}
  waiver_expired{waiverId, status}
budget | debug
  budget_reserved{reservationId, amountMicros, currency}
  reservation_settled{reservationId, settledMicros}
  reservation_released{reservationId, amountMicros, isExpired}
budget | warning
  reservation_refused{neededMicros, availableMicros, currency}
  budget_threshold_reached{thresholdPercent, usedPercent, pacePercent}
budget | error
  budget_exhausted{usedMicros, limitMicros}
  budget_exceeded{overMicros, usedPercent}
ledger | info
  cost_recorded{entryId, resourceType, amountMicros, currency, priced}
  validation_recorded{validationId, subjectType, outcome}
  error_resolved{errorId}
  alert_cleared{alertId, ruleId}
ledger | warning
  cost_reversed{entryId, reverses, amountMicros}
  price_lookup_failed{resourceName, usageType, quantity}
  subscriber_failed{subscriberId, eventPosition, attempt}
ledger | error
  event_dead_lettered{subscriberId, eventPosition, attempts}
any | warning
  transition_refused{attempted, code, detail}
any | of the record
  error_captured{errorId, code, category, occurrences}
  alert_raised{alertId, ruleId, value, threshold}
`;

/** Births and transitions of the machines. */
export const listMachineEvents = () => read(MACHINE_EVENTS);
/** What else happens. */
export const listOtherEvents = () => read(OTHER_EVENTS);

function read(text: string): readonly WrittenEvent[] {
  let entity = '';
  let severity = '';
  return text
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [, type, payload] = /^ {2}(\w+)\{(.*)\}$/.exec(line) ?? [];
      if (type === undefined) {
        [entity = '', severity = ''] = line.split(' | ');
        return [];
      }
      return [{ entity, severity, type, payload: (payload ?? '').split(', ') }];
    });
}
