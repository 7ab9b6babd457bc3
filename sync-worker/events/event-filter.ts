import type { SubscriberRecord } from '#shared/contracts/index.ts';
import type { ExecutionEvent } from '#shared/ledger/index.ts';

/**
 * Which events a subscriber wants; what it leaves out, it takes all of. A type is an exact one, `prefix_*` or `*`;
 * an event has to fit every field, and one entry of a list.
 */
export type EventFilter = SubscriberRecord['filter'];

/** Whether a subscriber wants an event. */
export function isWanted(event: ExecutionEvent, filter: EventFilter): boolean {
  const { types, entityType, entityId, runId, severities } = filter;
  return (
    (types?.some((pattern) => fitsType(event.type, pattern)) ?? true) &&
    (severities?.includes(event.severity) ?? true) &&
    isSame(entityType, event.entityType) &&
    isSame(entityId, event.entityId) &&
    isSame(runId, event.runId)
  );
}

const fitsType = (type: string, pattern: string): boolean =>
  pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern;

const isSame = (wanted: string | undefined, is: string | undefined): boolean =>
  wanted === undefined || wanted === is;
