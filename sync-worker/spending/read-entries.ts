import { type ContractDocument, parseContract } from '#shared/contracts/index.ts';
import type { CostEntry } from '#shared/cost/index.ts';
import { DomainError, isDay } from '#shared/kernel/index.ts';
import type { Store } from '#worker/store/index.ts';

/** Every cost entry of a ledger, oldest first. Errors: `STORE_CORRUPT`. */
export async function readEntries(
  store: Pick<Store, 'listRecords'>,
): Promise<readonly CostEntry[]> {
  const records = await store.listRecords('costs');
  return records.map(({ id, document }) => {
    const entry = parseContract(document, 'cost_entry');
    if (entry.ok) return toCostEntry(entry.value);
    const text = `The cost entry \`${id}\` is none (${entry.refusal.path}).`;
    throw new DomainError('STORE_CORRUPT', text);
  });
}

/** In a document, a field that is `null` is absent. */
function toCostEntry(document: ContractDocument<'cost_entry'>): CostEntry {
  const { entryId, entryType, idempotencyKey, projectId, resourceType, resourceName } = document;
  const { usageType, quantity, unit, source, occurredAt, recordedAt } = document;
  const { amountMicros, currency, metadata } = document;
  const day = metadata?.['day'];
  return {
    entryId,
    entryType,
    idempotencyKey,
    projectId,
    resourceType,
    resourceName,
    usageType,
    quantity,
    unit,
    source,
    ...(typeof day === 'string' && isDay(day) ? { day } : {}),
    occurredAt,
    recordedAt,
    ...(amountMicros == null ? {} : { amountMicros: BigInt(amountMicros) }),
    ...(currency == null ? {} : { currency }),
    ...toPlace(document),
  };
}

/** What it belongs to. */
function toPlace(document: ContractDocument<'cost_entry'>): Partial<CostEntry> {
  const { runId, taskId, phaseId, workstreamId, workerId, stepAttemptId } = document;
  const { reverses, reservationId } = document;
  return {
    ...(runId == null ? {} : { runId }),
    ...(taskId == null ? {} : { taskId }),
    ...(phaseId == null ? {} : { phaseId }),
    ...(workstreamId == null ? {} : { workstreamId }),
    ...(workerId == null ? {} : { workerId }),
    ...(stepAttemptId == null ? {} : { stepAttemptId }),
    ...(reservationId == null ? {} : { reservationId }),
    ...(reverses == null ? {} : { reverses }),
  };
}
