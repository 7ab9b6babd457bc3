import type * as z from 'zod';
import type { OlderVersion } from './registry.ts';
import { alertSchema } from './schemas/alert.ts';
import { breakerSchema } from './schemas/breaker.ts';
import { budgetSchema } from './schemas/budget.ts';
import { costEntrySchema } from './schemas/cost-entry.ts';
import { deadLetterSchema } from './schemas/dead-letter.ts';
import { docMetadataSchema } from './schemas/doc-metadata.ts';
import { errorCaptureSchema } from './schemas/error-capture.ts';
import { executionEventSchema } from './schemas/execution-event.ts';
import { gateSchema } from './schemas/gate.ts';
import { patchLedgerEntrySchema } from './schemas/patch-ledger-entry.ts';
import { patchPolicySchema } from './schemas/patch-policy.ts';
import { phaseStateSchema } from './schemas/phase-state.ts';
import { priceBookSchema } from './schemas/price-book.ts';
import { progressSnapshotSchema } from './schemas/progress-snapshot.ts';
import { reservationSchema } from './schemas/reservation.ts';
import { routingDecisionSchema } from './schemas/routing-decision.ts';
import { routingRuleSchema } from './schemas/routing-rule.ts';
import { runConfigSchema } from './schemas/run-config.ts';
import { runStateSchema } from './schemas/run-state.ts';
import { scheduleEntrySchema } from './schemas/schedule-entry.ts';
import { subscriberSchema } from './schemas/subscriber.ts';
import { taskSchema } from './schemas/task.ts';
import { testExecutionRecordSchema } from './schemas/test-execution-record.ts';
import { toolSchema } from './schemas/tool.ts';
import { toolResultSchema } from './schemas/tool-result.ts';
import { validationRecordSchema } from './schemas/validation-record.ts';
import { waiverSchema } from './schemas/waiver.ts';
import { workerSchema } from './schemas/worker.ts';
import { workstreamStateSchema } from './schemas/workstream-state.ts';
import { wsDependencySchema } from './schemas/ws-dependency.ts';
import { wsStepSchema } from './schemas/ws-step.ts';

/** The schema of each contract in its newest version: first the seventeen, then what else is stored. */
export const CONTRACT_SCHEMAS = {
  run_config: runConfigSchema,
  run_state: runStateSchema,
  task: taskSchema,
  routing_decision: routingDecisionSchema,
  schedule_entry: scheduleEntrySchema,
  progress_snapshot: progressSnapshotSchema,
  execution_event: executionEventSchema,
  patch_ledger_entry: patchLedgerEntrySchema,
  error_capture: errorCaptureSchema,
  tool_result: toolResultSchema,
  workstream_state: workstreamStateSchema,
  phase_state: phaseStateSchema,
  ws_step: wsStepSchema,
  ws_dependency: wsDependencySchema,
  doc_metadata: docMetadataSchema,
  test_execution_record: testExecutionRecordSchema,
  validation_record: validationRecordSchema,
  worker: workerSchema,
  breaker: breakerSchema,
  gate: gateSchema,
  waiver: waiverSchema,
  patch_policy: patchPolicySchema,
  tool: toolSchema,
  routing_rule: routingRuleSchema,
  cost_entry: costEntrySchema,
  price_book: priceBookSchema,
  budget: budgetSchema,
  reservation: reservationSchema,
  alert: alertSchema,
  subscriber: subscriberSchema,
  dead_letter: deadLetterSchema,
};

/** The name of a contract, without its version. */
export type ContractName = keyof typeof CONTRACT_SCHEMAS;
/** The document of a contract. */
export type ContractDocument<Name extends ContractName> = z.output<(typeof CONTRACT_SCHEMAS)[Name]>;

/** Readers of versions that are no longer written. All contracts are at version 1, so there are none yet. */
export const OLDER_VERSIONS: { readonly [Name in ContractName]?: readonly OlderVersion[] } = {};

/** The names of all contracts, the seventeen first. */
export const CONTRACT_NAMES: readonly ContractName[] =
  Object.keys(CONTRACT_SCHEMAS).filter(isContractName);

/** Whether a text names a contract. */
export function isContractName(name: string): name is ContractName {
  return Object.hasOwn(CONTRACT_SCHEMAS, name);
}
