import { assert } from '#shared/kernel/index.ts';
import type { Json } from '#shared/ledger/index.ts';
import type { AppendRequest } from './plan-append.ts';
import type { AppendResult, OutboxItem, StoredRecord, StoreTransaction } from './port.ts';
import type { RecordTableName } from './record-tables.ts';

type Written<Value = void> = Value | Promise<Value>;

/** What one step may write. */
export interface StepWrites {
  append(request: AppendRequest): Written<AppendResult>;
  put(collection: string, id: string, body: Json): Written;
  remove(collection: string, id: string): Written;
  putRecords(table: RecordTableName, records: readonly StoredRecord[]): Written;
  putOutbox(items: readonly OutboxItem[]): Written;
  removeOutbox(ids: readonly string[]): Written;
}

/**
 * The outcome of one step's work. The first write that fails spoils the step, since the database may have undone the ones before
 * it; when the step is over its transaction takes no more, since a write would then land outside any transaction.
 */
export async function runStep<Value>(
  writes: StepWrites,
  work: (transaction: StoreTransaction) => Promise<Value>,
): Promise<Value> {
  let isOpen = true;
  let failure: { readonly error: unknown } | undefined;
  const write = async <Answer>(run: () => Written<Answer>): Promise<Answer> => {
    assert(isOpen, 'a write came after its step was over');
    if (failure !== undefined) throw failure.error;
    try {
      return await run();
    } catch (error) {
      failure ??= { error };
      throw error;
    }
  };
  try {
    const value = await work({
      append: (stream, events, options) => write(() => writes.append({ stream, events, options })),
      put: (collection, id, body) => write(() => writes.put(collection, id, body)),
      remove: (collection, id) => write(() => writes.remove(collection, id)),
      putRecords: (table, records) => write(() => writes.putRecords(table, records)),
      putOutbox: (items) => write(() => writes.putOutbox(items)),
      removeOutbox: (ids) => write(() => writes.removeOutbox(ids)),
    });
    if (failure !== undefined) throw failure.error;
    return value;
  } finally {
    isOpen = false;
  }
}
