import { assert } from '#shared/kernel/index.ts';
import type { AppendResult, StoreTransaction } from '../port.ts';
import type { DocumentWriter } from './document-table.ts';
import type { AppendRequest } from './ledger-table.ts';

/** What one step may write. */
export interface StepWrites extends DocumentWriter {
  append(request: AppendRequest): AppendResult;
}

/**
 * The outcome of one step's work. The first write that fails spoils the step, since SQLite may have undone the ones before it;
 * when the step is over its transaction takes no more, since a write would then land outside any transaction.
 */
export async function runStep<Value>(
  writes: StepWrites,
  work: (transaction: StoreTransaction) => Promise<Value>,
): Promise<Value> {
  let isOpen = true;
  let failure: { readonly error: unknown } | undefined;
  const write = async <Written>(run: () => Written): Promise<Written> => {
    assert(isOpen, 'a write came after its step was over');
    if (failure !== undefined) throw failure.error;
    try {
      return run();
    } catch (error) {
      failure = { error };
      throw error;
    }
  };
  try {
    const value = await work({
      append: (stream, events, options) => write(() => writes.append({ stream, events, options })),
      put: (collection, id, body) => write(() => writes.put(collection, id, body)),
      remove: (collection, id) => write(() => writes.remove(collection, id)),
      putOutbox: (items) => write(() => writes.putOutbox(items)),
      removeOutbox: (ids) => write(() => writes.removeOutbox(ids)),
    });
    if (failure !== undefined) throw failure.error;
    return value;
  } finally {
    isOpen = false;
  }
}
