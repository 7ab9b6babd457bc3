import type { CodaApi } from '#shared/coda/index.ts';
import { workflowVariance } from '#shared/doc/index.ts';
import { type RunGateReport, reportGates } from '#worker/gates/index.ts';
import type { Store } from '#worker/store/index.ts';
import { toGateLook } from './act-on-gates.ts';
import { readBooks, toViewRuns } from './ledger-books.ts';
import { openTarget, pull } from './pull.ts';

/**
 * How the open runs stand to their gates: statuses as the ledger has them, conditions as the doc says now. Writes nothing.
 * Errors: those of the API; `DOC_NOT_READY`.
 */
export async function readOpenGates(
  store: Store,
  { api, docId, nowMs }: { readonly api: CodaApi; readonly docId: string; readonly nowMs: number },
): Promise<readonly RunGateReport[]> {
  const { doc } = await pull(await openTarget(api, docId));
  const books = await readBooks(store);
  const { groups } = workflowVariance(doc, toViewRuns(books, nowMs));
  return reportGates({ store, ...toGateLook({ books, doc, groups, nowMs }) });
}
