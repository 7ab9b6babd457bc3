import type { PayloadFieldName } from './payload-fields.ts';

/** How much an event matters, from least to most. */
export const SEVERITIES = ['debug', 'info', 'warning', 'error', 'critical'] as const;
/** One of {@link SEVERITIES}. */
export type Severity = (typeof SEVERITIES)[number];

/** A field of a payload by its name; a question mark says that it may be absent or null. */
export type PayloadField = PayloadFieldName | `${PayloadFieldName}?`;

/** Event types of one entity and severity, each with the fields its payload must have at least. */
type EventRow = Readonly<Record<string, readonly PayloadField[]>>;
type EventTable = Readonly<
  Record<string, { readonly [Weight in Severity | 'of_record']?: EventRow }>
>;

/**
 * Every event there is, by the entity it happens to and its severity.
 * `any` may happen to each entity, and an event `of_record` weighs as much as the record it tells of.
 * Of them 83 are births and transitions of the machines; the desk of a person's presses comes last.
 */
export const EVENT_CATALOGUE = {
  run: {
    info: {
      // A person's run has neither plan nor price, so what only a plan knows may be absent.
      run_created: ['runConfigId?', 'projectId?', 'phaseIds?', 'triggerType?', 'retryOf?'],
      run_queued: ['priority?', 'queueDepth'],
      run_started: ['waitMs', 'maxParallel?', 'taskCount'],
      run_resumed: ['pausedMs'],
      run_validation_started: ['requiredGates', 'openPatches'],
      run_succeeded: [
        'durationMs',
        'activeMs',
        'tasksCompleted',
        'waivedGates',
        'failedWorkstreams',
        'costMicros?',
        'currency?',
      ],
      schedule_planned: ['levels', 'tasks', 'criticalPathMs', 'lowerBoundMs'],
      stall_cleared: ['stalledMs'],
      note_added: ['text'],
    },
    debug: { progress_recorded: ['snapshotId', 'completedPercent?', 'settledPercent?'] },
    warning: {
      run_paused: ['reason', 'inFlightTasks'],
      run_reopened: ['fixLoop', 'reason', 'taskIds'],
      run_corrected: ['reason', 'work', 'workBefore', 'interruptionMs?', 'task?'],
      run_canceled: ['reason', 'openTasks'],
      stall_detected: ['silentMs', 'thresholdMs', 'openTasks'],
    },
    error: { run_failed: ['reason', 'errorId?', 'exitCode', 'durationMs'] },
    critical: { run_quarantined: ['reason', 'patchId?', 'errorId?'] },
  },
  task: {
    info: {
      task_created: ['workstreamId', 'kind', 'isCritical', 'estimateMs?', 'dependsOn'],
      task_queued: ['priority', 'score'],
      task_unblocked: ['blockedMs'],
      task_started: ['workerId', 'leaseToken', 'attempt', 'waitMs'],
      task_submitted: ['attempt', 'runMs', 'patchIds'],
      task_completed: ['attempts', 'durationMs', 'netMs'],
      routing_decided: ['decisionId', 'selectedTool', 'strategy', 'candidates'],
    },
    debug: { schedule_held: ['holdReason', 'score'] },
    warning: {
      task_blocked: ['blockedBy', 'reason'],
      task_retry_scheduled: ['attempt', 'delayMs', 'errorId?'],
      task_requeued: ['reason', 'attempt'],
      task_canceled: ['reason', 'causeId?'],
      lease_fenced: ['oldToken', 'newToken', 'workerId?'],
      deadline_missed: ['deadlineAt', 'lateMs'],
      routing_fell_back: ['decisionId', 'fromTool', 'toTool', 'attempt'],
    },
    error: {
      task_failed: ['reason', 'errorId?', 'attempts'],
      task_dead_lettered: ['attempts', 'workerIds'],
      routing_failed: ['decisionId', 'refusals'],
    },
  },
  workstream: {
    info: {
      workstream_created: ['phaseId', 'name', 'isCritical', 'dependsOn'],
      workstream_released: ['waitMs'],
      workstream_unblocked: ['blockedMs'],
      workstream_started: ['taskCount', 'waitMs'],
      workstream_validation_started: ['completed', 'failed', 'canceled'],
      workstream_completed: ['durationMs', 'completed', 'failed', 'canceled'],
    },
    warning: {
      workstream_blocked: ['blockedBy', 'reason'],
      workstream_reopened: ['fixLoop', 'taskIds'],
      workstream_skipped: ['reason'],
      workstream_canceled: ['reason', 'openTasks'],
    },
    error: { workstream_failed: ['reason', 'taskId?', 'errorId?'] },
  },
  phase: {
    info: {
      phase_created: ['name', 'category', 'order'],
      phase_activated: ['waitMs', 'workstreams'],
      phase_gated: ['requiredGates'],
      phase_completed: ['durationMs', 'waivedGates'],
    },
    warning: { phase_reopened: ['fixLoop', 'gateIds'], phase_skipped: ['reason'] },
    error: { phase_failed: ['reason', 'gateId?', 'workstreamId?'] },
  },
  step: {
    info: {
      step_created: ['taskId', 'decisionId', 'toolId', 'attempt', 'sequence'],
      step_started: ['toolId', 'attempt', 'sequence'],
      step_succeeded: ['durationMs', 'exitCode?', 'patchIds'],
    },
    warning: {
      step_failed: ['failureKind', 'durationMs', 'exitCode?', 'errorId?'],
      step_canceled: ['reason'],
    },
  },
  worker: {
    info: {
      worker_created: ['workerType', 'adapterType', 'capabilities', 'affinity?'],
      worker_became_ready: ['startMs', 'capabilities'],
      worker_assigned: ['taskId', 'leaseToken', 'leaseExpiresAt'],
      worker_released: ['taskId', 'outcome', 'durationMs'],
      worker_resumed: ['pausedMs', 'heldTaskId?'],
      worker_drain_started: ['reason', 'heldTaskId?'],
      worker_stopped: ['reason', 'forced', 'taskId?'],
    },
    debug: { worker_heartbeat: ['leaseToken?', 'load?'] },
    warning: {
      worker_paused: ['reason', 'heldTaskId?'],
      worker_lost: ['silentMs', 'taskId?'],
      worker_recovered: ['silentMs'],
    },
    error: { worker_crashed: ['reason', 'message?', 'taskId?', 'silentMs?'] },
  },
  patch: {
    info: {
      patch_created: ['format', 'files', 'replacesPatchId?', 'chainId?'],
      patch_validated: ['files', 'insertions', 'deletions', 'hunks'],
      patch_queued: ['position'],
      patch_applied: ['attempt', 'files', 'treeHash'],
      patch_verified: ['gateIds', 'treeHash'],
      patch_committed: ['commitId', 'treeHash'],
    },
    warning: {
      patch_apply_failed: ['attempt', 'errorCode', 'message'],
      patch_verification_failed: ['attempt', 'gateIds'],
      patch_retried: ['attempt'],
      patch_dropped: ['reason'],
    },
    error: { patch_quarantined: ['reason', 'path', 'attempts'] },
    critical: { patch_rolled_back: ['reason', 'from', 'approver?', 'revertPatchId?'] },
  },
  gate_check: {
    info: {
      gate_check_created: ['gateId', 'checkType', 'required', 'dryRun', 'attempt'],
      gate_check_started: ['command?', 'subjectHash'],
      gate_check_unblocked: ['blockedMs'],
      gate_check_passed: ['durationMs', 'exitCode?', 'conditions'],
    },
    warning: {
      gate_check_blocked: ['blockedBy'],
      gate_check_left_inconclusive: ['durationMs', 'reason', 'sampleSize?', 'neededSize?'],
      gate_check_skipped: ['reason'],
    },
    error: {
      gate_check_failed: ['durationMs', 'exitCode?', 'conditions', 'failures'],
      gate_check_errored: ['durationMs', 'errorKind', 'message'],
    },
  },
  breaker: {
    info: { breaker_created: ['toolId'], breaker_closed: ['openMs'] },
    warning: { breaker_half_opened: ['openMs'] },
    error: {
      breaker_tripped: ['faults', 'cooldownMs'],
      breaker_reopened: ['faults', 'cooldownMs'],
    },
  },
  gate: {
    info: { gate_status_changed: ['from', 'to', 'checkIds'] },
    warning: {
      gate_check_marked_stale: ['checkRunId', 'reason', 'ageMs'],
      waiver_granted: ['waiverId', 'checkId', 'owner', 'approver', 'expiresAt', 'reason'],
      waiver_revoked: ['waiverId', 'reason'],
      waiver_expired: ['waiverId', 'status'],
    },
  },
  budget: {
    debug: {
      budget_reserved: ['reservationId', 'amountMicros', 'currency'],
      reservation_settled: ['reservationId', 'settledMicros'],
      reservation_released: ['reservationId', 'amountMicros', 'isExpired?'],
    },
    warning: {
      reservation_refused: ['neededMicros', 'availableMicros', 'currency'],
      budget_threshold_reached: ['thresholdPercent', 'usedPercent?', 'pacePercent?'],
    },
    error: {
      budget_exhausted: ['usedMicros', 'limitMicros'],
      budget_exceeded: ['overMicros', 'usedPercent?'],
    },
  },
  ledger: {
    info: {
      cost_recorded: ['entryId', 'resourceType', 'amountMicros?', 'currency?', 'priced'],
      validation_recorded: ['validationId', 'subjectType', 'outcome'],
      error_resolved: ['errorId'],
      alert_cleared: ['alertId', 'ruleId'],
      // Documents of tables that have no event of their own: gates, budgets, price books, tool results.
      document_recorded: ['table', 'id'],
    },
    warning: {
      cost_reversed: ['entryId', 'reverses', 'amountMicros?'],
      price_lookup_failed: ['resourceName', 'usageType', 'quantity'],
      subscriber_failed: ['subscriberId', 'eventPosition', 'attempt'],
    },
    error: { event_dead_lettered: ['subscriberId', 'eventPosition', 'attempts'] },
  },
  any: {
    warning: {
      // A person can pass by a guard of every machine, not of tasks alone.
      override_recorded: ['trigger', 'guard', 'reason'],
      transition_refused: ['attempted', 'code', 'detail?'],
    },
    of_record: {
      error_captured: ['errorId', 'code', 'category', 'occurrences'],
      alert_raised: ['alertId', 'ruleId', 'value', 'threshold'],
    },
  },
  desk: { info: { command_decided: [] } },
} as const satisfies EventTable;

/** What an event of the catalogue can happen to; `any` stands for each of them. */
export type EventEntity = keyof typeof EVENT_CATALOGUE;
/** The type of an event of the catalogue. */
export type EventType = {
  [Entity in EventEntity]: {
    [Weight in keyof (typeof EVENT_CATALOGUE)[Entity]]: keyof (typeof EVENT_CATALOGUE)[Entity][Weight];
  }[keyof (typeof EVENT_CATALOGUE)[Entity]];
}[EventEntity];
