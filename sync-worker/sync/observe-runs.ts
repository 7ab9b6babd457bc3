import type { ExecutionRunRow } from '#shared/doc/index.ts';
import { toInstant } from '#shared/kernel/index.ts';
import { canonicalJson, type Json, type NewEvent } from '#shared/ledger/index.ts';
import { type LeaseMark, type Store, toJson } from '#worker/store/index.ts';

const OBSERVATIONS = 'observation';

/** What observing needs beside the store. */
export interface ObserveFacts {
  /** The rows of Execution Runs that people own: every row but those the ledger made. */
  readonly rows: readonly ExecutionRunRow[];
  readonly nowMs: number;
  readonly under: LeaseMark;
}

/** Rows that were new, changed or gone since the last look. */
export interface ObserveReport {
  readonly recorded: number;
  readonly removed: number;
}

/**
 * Follows the runs people type: each new or changed row becomes an event with the row's identity, and so does each row
 * that is gone. The rows must be a complete listing; a partial one would look like deletions.
 */
export async function observeRuns(store: Store, facts: ObserveFacts): Promise<ObserveReport> {
  const known = await store.list(OBSERVATIONS);
  const changed = facts.rows
    .map((row) => ({ rowId: row.rowId, body: toJson(row) }))
    .filter(({ rowId, body }) => {
      const before = known.get(rowId);
      return before === undefined || canonicalJson(before) !== canonicalJson(body);
    });
  const shown = new Set(facts.rows.map(({ rowId }) => rowId));
  const gone = [...known.keys()].filter((rowId) => !shown.has(rowId));
  const report = { recorded: changed.length, removed: gone.length };
  if (report.recorded + report.removed === 0) return report;
  const at = toInstant(facts.nowMs);
  const append = { expectedVersion: 'any' } as const;
  const event = (type: string, payload: Json): NewEvent => ({ type, at, actor: 'doc', payload });
  await store.transaction(
    async (transaction) => {
      for (const { rowId, body } of changed) {
        await transaction.append(`row/${rowId}`, [event('run_observed', body)], append);
        await transaction.put(OBSERVATIONS, rowId, body);
      }
      for (const rowId of gone) {
        await transaction.append(`row/${rowId}`, [event('run_unobserved', { rowId })], append);
        await transaction.remove(OBSERVATIONS, rowId);
      }
    },
    { under: facts.under },
  );
  return report;
}
