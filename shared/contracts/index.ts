export * from './contract-schemas.ts';
export * from './events/event-catalogue.ts';
export * from './events/event-kind.ts';
export type * from './events/payload-fields.ts';
export {
  COMPLEXITIES,
  type Complexity,
  PRIORITIES,
  type Priority,
  ROUTING_STRATEGIES,
  type RoutingStrategy,
  TIERS,
  type Tier,
} from './fields/head.ts';
export type { HistoryEntry, Life } from './fields/life.ts';
export * from './json-schema.ts';
export * from './parse-contract.ts';
export * from './read-json-text.ts';
export type * from './refusal.ts';
export type { OlderVersion } from './registry.ts';
export type * from './schemas/alert.ts';
export type * from './schemas/breaker.ts';
export type * from './schemas/budget.ts';
export type * from './schemas/cost-entry.ts';
export type * from './schemas/dead-letter.ts';
export type * from './schemas/doc-metadata.ts';
export type * from './schemas/error-capture.ts';
export type * from './schemas/execution-event.ts';
export type * from './schemas/gate.ts';
export type * from './schemas/patch-ledger-entry.ts';
export type * from './schemas/patch-policy.ts';
export type * from './schemas/phase-state.ts';
export type * from './schemas/price-book.ts';
export type * from './schemas/progress-snapshot.ts';
export type * from './schemas/reservation.ts';
export type * from './schemas/routing-decision.ts';
export { ROUTE_FILTERS } from './schemas/routing-decision.ts';
export type * from './schemas/routing-rule.ts';
export type * from './schemas/run-config.ts';
export type * from './schemas/run-state.ts';
export type * from './schemas/schedule-entry.ts';
export { CONSTRAINT_CODES } from './schemas/schedule-entry.ts';
export type * from './schemas/subscriber.ts';
export type * from './schemas/task.ts';
export type * from './schemas/test-execution-record.ts';
export type * from './schemas/tool.ts';
export type * from './schemas/tool-result.ts';
export type * from './schemas/validation-record.ts';
export type * from './schemas/waiver.ts';
export type * from './schemas/worker.ts';
export type * from './schemas/workstream-state.ts';
export type * from './schemas/ws-dependency.ts';
export type * from './schemas/ws-step.ts';
